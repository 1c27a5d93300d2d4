"""The model's graph without a scheduler: every node once, in the order it is needed."""

from __future__ import annotations

from bot.channels.graph import values


def test_a_node_is_computed_once_however_many_need_it() -> None:
    calls: list[str] = []

    def node(name: str):  # type: ignore[no-untyped-def]
        def run(*needed: object) -> tuple[str, tuple[object, ...]]:
            calls.append(name)
            return name, needed

        return run

    graph = {"text": ("text", "你好"), "a": (node("a"), "text"), "b": (node("b"), "a"), "c": (node("c"), "a", "b")}
    (found,) = values(graph, ["c"])
    assert calls == ["a", "b", "c"]
    a = ("a", (("text", "你好"),))
    assert found == ("c", (a, ("b", (a,))))


def test_what_nobody_needs_is_not_computed_and_unknown_names_pass_through() -> None:
    graph = {"a": (lambda *needed: ("a", needed), "missing"), "never": (lambda: 1 / 0,)}
    assert values(graph, ["a"]) == (("a", ("missing",)),)
