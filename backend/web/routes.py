"""`/` and everything it loads, each with an ETag, compressed once, under a strict Content-Security-Policy."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from backend.errors import NotFound

HERE = Path(__file__).resolve().parent
JAVASCRIPT = "text/javascript; charset=utf-8"
STYLES = "text/css; charset=utf-8"
MODULES = tuple(sorted(path.name for path in (HERE / "widget").glob("*.js")))
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
LOST_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
FOR_PROGRAMS = ("/api/", "/telephony/", "/widget/")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """A file as it goes out: plain and compressed, with the tag that names its content."""

    body: bytes
    packed: bytes
    tag: str


@lru_cache
def asset(name: str) -> Asset:
    """The file `name` of this folder, read once per process."""
    body = (HERE / name).read_bytes()
    return Asset(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:20])


def answer(name: str, kind: str, asked_tag: str | None, accepted: str | None, headers: dict[str, str]) -> Response:
    """The file, or 304 when the browser holds it. Browsers ask each time, so parts of two releases never mix."""
    found = asset(name)
    packed = "gzip" in (accepted or "")
    tag = f'"{found.tag}-gz"' if packed else f'"{found.tag}"'
    common = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        **headers,
    }
    if asked_tag and (
        asked_tag.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in asked_tag.split(",")]
    ):
        return Response(status_code=304, headers=common)
    if packed:
        return Response(found.packed, media_type=kind, headers={**common, "Content-Encoding": "gzip"})
    return Response(found.body, media_type=kind, headers=common)


Tag = Annotated[str | None, Header(alias="If-None-Match")]
Encodings = Annotated[str | None, Header(alias="Accept-Encoding")]
EMBEDDABLE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@router.api_route("/", methods=["GET", "HEAD"])
def page(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The product page with the widget."""
    headers = {"Content-Security-Policy": PAGE_POLICY, "Permissions-Policy": "camera=(), microphone=(), geolocation=()"}
    return answer("index.html", "text/html; charset=utf-8", if_none_match, accept_encoding, headers)


def lost(request: Request) -> Response | None:
    """A page for a person whose address leads nowhere; None for programs, which are told a problem."""
    asks_for_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not asks_for_page or request.url.path.startswith(FOR_PROGRAMS):
        return None
    headers = {"Content-Security-Policy": LOST_POLICY, "Cache-Control": "no-store"}
    return Response(asset("lost.html").body, 404, headers, "text/html; charset=utf-8")


@router.api_route("/page.css", methods=["GET", "HEAD"])
def page_css(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The page's look."""
    return answer("page.css", STYLES, if_none_match, accept_encoding, {})


@router.api_route("/page.js", methods=["GET", "HEAD"])
def page_js(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The page's language switch and readiness notice."""
    return answer("page.js", JAVASCRIPT, if_none_match, accept_encoding, {})


@router.api_route("/icon.svg", methods=["GET", "HEAD"])
def icon_svg(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The icon of the browser tab."""
    return answer("icon.svg", "image/svg+xml", if_none_match, accept_encoding, {})


@router.api_route("/widget.js", methods=["GET", "HEAD"])
def widget_js(if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """The one script a page needs for the chat; other sites may load it."""
    return answer("widget.js", JAVASCRIPT, if_none_match, accept_encoding, EMBEDDABLE)


@router.api_route("/widget/{module}", methods=["GET", "HEAD"])
def widget_module(module: str, if_none_match: Tag = None, accept_encoding: Encodings = None) -> Response:
    """A module of the widget.

    Raises:
        NotFound: the widget has no such module.
    """
    if module not in MODULES:
        raise NotFound
    return answer(f"widget/{module}", JAVASCRIPT, if_none_match, accept_encoding, EMBEDDABLE)
