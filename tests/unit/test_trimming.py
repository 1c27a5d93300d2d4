"""The framework's style sheet, reduced to what may be used."""

from __future__ import annotations

import pytest

from backend.console import assets
from backend.console.trimming import trimmed, used_in

USED = used_in(
    ['<p class="btn tag-{{ tone }}">', "row.className = `toast-${tone}`", 'LOOKS = {"near": "form-control"}']
)


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".btn{a:b}.carousel{c:d}", ".btn{a:b}"),
        (".btn,.carousel{a:b}", ".btn{a:b}"),
        (".carousel .btn{a:b}", ""),
        (".tag-red{a:b}.toast-red{a:b}.red{a:b}", ".tag-red{a:b}.toast-red{a:b}"),
        (".form-control:focus{a:b}", ".form-control:focus{a:b}"),
        (".btn:not(.carousel,.x){a:b}", ".btn:not(.carousel,.x){a:b}"),
        (".btn:is(.carousel,.btn-x) .carousel{a:b}", ""),
        ("a[href],table{a:b}", "a[href],table{a:b}"),
        ("@media (min-width:1px){.btn{a:b}.x{c:d}}", "@media (min-width:1px){.btn{a:b}}"),
        ("@media print{.x{c:d}}.btn{a:b}", ".btn{a:b}"),
        ("@keyframes spin{0%{a:b}to{c:d}}", "@keyframes spin{0%{a:b}to{c:d}}"),
        ('@charset "UTF-8";/*! MIT */:root{--x:1}/* no */', '/*! MIT */@charset "UTF-8";:root{--x:1}'),
        (r".btn\:x{a:b}", ""),
    ],
)
def test_a_rule_stays_when_it_may_apply(css: str, kept: str) -> None:
    assert trimmed(css, USED) == kept


def test_a_brace_that_is_not_closed_is_told() -> None:
    with pytest.raises(ValueError, match="not closed"):
        trimmed(".btn{a:b", USED)


def test_the_consoles_own_is_a_fraction_and_keeps_its_licence_and_what_pages_use() -> None:
    css = assets.framework().decode()
    assert len(css) < 0.25 * (assets.STATIC / assets.FRAMEWORK).stat().st_size
    assert "Licensed under MIT" in css
    for name in (".btn-primary{", ".form-control{", ".form-select{", ".visually-hidden", "[data-bs-theme=dark]"):
        assert name in css
    assert css.count("{") == css.count("}")
