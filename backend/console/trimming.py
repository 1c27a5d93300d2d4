"""A style sheet reduced to what may be used: a framework's is thirty times what one house needs of it.

Careful rather than small: a class counts as used when its name stands anywhere in the sources, or begins with something
that is put together there. Rules that name no class, and animations, stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[A-Za-z0-9_-]+")
BEGINNING = re.compile(r"[A-Za-z][A-Za-z0-9_-]*-(?=\{\{|\{%|\$\{|\{)")
CLASS = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
INSIDE = ("@media", "@supports", "@layer", "@container")


@dataclass(frozen=True)
class Used:
    """Names that stand in sources, and beginnings of names that are put together there."""

    words: frozenset[str]
    beginnings: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether a class may be used."""
        return name in self.words or name.startswith(self.beginnings)


def used_in(sources: Iterable[str]) -> Used:
    """What some templates, scripts and modules may use."""
    texts = list(sources)
    words = frozenset(word for text in texts for word in WORD.findall(text))
    return Used(words, tuple(sorted({each for text in texts for each in BEGINNING.findall(text)})))


def trimmed(css: str, used: Used) -> str:
    """The rules of a minified style sheet that may apply, with its licence."""
    licences = "".join(LICENCE.findall(css))
    return licences + _rules(COMMENT.sub("", css), used)


def _rules(css: str, used: Used) -> str:
    kept, at = [], 0
    while (opening := css.find("{", at)) >= 0:
        statement_end = css.find(";", at, opening)
        if statement_end >= 0:  # `@charset "UTF-8";`
            kept.append(css[at : statement_end + 1])
            at = statement_end + 1
            continue
        closing = _closing(css, opening)
        head, body = css[at:opening].strip(), css[opening + 1 : closing]
        at = closing + 1
        if head.startswith(INSIDE):
            body = _rules(body, used)
            kept += [f"{head}{{{body}}}"] if body else []
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        elif selectors := [each for each in _parts(head) if _may_apply(each, used)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept) + css[at:].strip()


def _closing(css: str, opening: int) -> int:
    depth = 0
    for place in re.finditer(r"[{}]", css[opening:]):
        depth += 1 if place.group() == "{" else -1
        if not depth:
            return opening + place.start()
    raise ValueError("a brace of the style sheet is not closed")


def _parts(head: str) -> list[str]:
    """The selectors of a list; commas within parentheses do not part them."""
    parts, depth, begun = [], 0, 0
    for place, letter in enumerate(head):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append(head[begun:place])
            begun = place + 1
    return [*parts, head[begun:]]


def _may_apply(selector: str, used: Used) -> bool:
    """What stands within `:not()`, `:is()` and the like decides nothing."""
    outside, depth = [], 0
    for letter in selector:
        depth += letter == "("
        if not depth:
            outside.append(letter)
        depth -= letter == ")"
    return all(used.has(name.replace("\\", "")) for name in CLASS.findall("".join(outside)))
