"""One trained model and one running bot for all tests of the bot environment."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".hotline" / "test-models"
sys.path[:0] = [str(ROOT), *(str(Path(__file__).parent / folder) for folder in ("dialogue", "text"))]

_TRAINED_FROM = (
    "bot/config.yml",
    "bot/domain",
    "bot/nlu",
    "bot/dialogue",
    "bot/components",
    "bot/text",
    "data/lexicon",
    "data/regions.tsv",
    "data/safety_words.yaml",
)


def fingerprint() -> str:
    """Of everything a model is trained from."""
    digest = hashlib.sha256()
    for part in _TRAINED_FROM:
        base = ROOT / part
        for file in sorted(base.rglob("*")) if base.is_dir() else [base]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:20]


@pytest.fixture(scope="session")
def model() -> Path:
    """HOTLINE_TEST_MODEL when it is set, else trained once for each state of `bot/`."""
    given = os.environ.get("HOTLINE_TEST_MODEL")
    if given:
        return Path(given)
    trained = CACHE / f"{fingerprint()}.tar.gz"
    if not trained.exists():
        subprocess.run(
            [
                sys.executable, "-m", "rasa", "train", "--config", "bot/config.yml", "--domain", "bot/domain",
                "--data", "bot/nlu", "bot/dialogue", "--out", str(CACHE), "--fixed-model-name", fingerprint(),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
            check=True,
        )  # fmt: skip
    return trained
