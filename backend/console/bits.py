"""Small signs drawn hundreds of times on a page: icons, tags, portraits. Each is drawn once and kept."""

from __future__ import annotations

from functools import cache, lru_cache

from markupsafe import Markup

from backend.console.assets import asset
from backend.console.views import Portrait

CHANNELS = {"web": "world", "sms": "device-mobile-message", "voice": "phone"}
MOST_KEPT = 4096
_ICON = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>')
_TAG = Markup('<span class="tag tag-{}">{}{}</span>')
_PORTRAIT = Markup('<span class="portrait portrait-{}" aria-hidden="true">{}{}</span>')
_CHANNEL = Markup('<span class="portrait-channel">{}</span>')


@cache
def icon(name: str) -> Markup:
    """A sign of the sprite; says nothing to those who do not see it."""
    return _ICON.format(asset("vendor/tabler-icons/icons.svg"), name)


@lru_cache(MOST_KEPT)
def tag(text: str, tone: str = "grey", sign: str | None = None) -> Markup:
    """A word or two on a coloured ground."""
    return _TAG.format(tone, icon(sign) if sign else "", text)


@cache
def channel_icon(channel: str) -> Markup:
    """By what somebody writes or rings."""
    return icon(CHANNELS[channel])


@lru_cache(MOST_KEPT)
def portrait(sign: Portrait, channel: str | None = None) -> Markup:
    """The round sign of a person, with their channel's at its edge."""
    at_edge = _CHANNEL.format(channel_icon(channel)) if channel else ""
    return _PORTRAIT.format(sign.colour, sign.letter or icon("user"), at_edge)
