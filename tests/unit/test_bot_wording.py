"""What the bot says by text message is short: each response fits into two segments."""

from __future__ import annotations

from typing import Any

import pytest
import smsutil
import yaml

from backend.settings import ROOT

LONGEST = 2  # segments of a text message; each is paid


def text_messages() -> dict[str, str]:
    """Every response as it goes out by text: the wording for `sms` where there is one, else the one for all."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        for name, variations in (yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}).items():
            for variation in variations:
                key = (name, variation["condition"][0]["value"])
                if variation.get("channel") == "sms" or ("channel" not in variation and key not in found):
                    found[key] = variation
    return {f"{name} in {language}": variation["text"] for (name, language), variation in found.items()}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in text_messages().items()])
def test_a_response_by_text_fits_into_two_segments(text: str) -> None:
    assert len(smsutil.split(text).parts) <= LONGEST
