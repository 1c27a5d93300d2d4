"""Trained models: which one belongs to the present sources, how it is made, and which are kept."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.launcher import bot_env
from backend.launcher.bot_env import Obstacle, Say
from backend.launcher.supervisor import run_step, tail
from backend.settings import ROOT, Settings

# What a trained model depends on. Actions and channels run beside the model and may change without training.
BAKED_IN = (
    "config.yml",
    "domain",
    "nlu",
    "dialogue",
    "components",
    "text",
    "requirements.lock",
    "../data/lexicon",
    "../data/safety_words.yaml",
    "../data/regions.tsv",
)
SOURCE_SUFFIXES = frozenset({".py", ".yml", ".yaml", ".txt", ".tsv", ".json", ".lock"})
MODELS_KEPT = 3


def sources(bot: Path) -> Iterator[Path]:
    """The files a model depends on, in a fixed order."""
    for name in BAKED_IN:
        path = Path(os.path.normpath(bot / name))
        files: Iterable[Path] = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and file.suffix in SOURCE_SUFFIXES)


def fingerprint(bot: Path = bot_env.BOT) -> str:
    """Names the model that belongs to the present sources: 16 hexadecimal digits over their names and contents."""
    digest = hashlib.sha256()
    for file in sources(bot):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(bot.parent).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Stage:
    """A step of a training: what is being learnt and, where known, how far it is (0–100)."""

    what: str
    percent: int | None = None


_COMPONENT = re.compile(r"Starting to train component '(\w+)'")
_EPOCHS = re.compile(r"^Epochs:\s+(\d+)%")


def stage_of(line: str) -> Stage | None:
    """Read one line of `rasa train`; None for a line that says nothing about progress."""
    if "Validating" in line or "Started validating" in line:
        return Stage("checking the training data")
    if found := _COMPONENT.search(line):
        return Stage(f"training {found[1]}")
    if found := _EPOCHS.match(line):
        return Stage("training epochs", int(found[1]))
    if "model is trained and saved" in line:
        return Stage("saving the model", 100)
    return None


class Models:
    """The models of one data directory, `models/<fingerprint>.tar.gz`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, print_: str) -> Path:
        """Where the model of a fingerprint lies, or would lie."""
        return self.folder / f"{print_}.tar.gz"

    def all(self) -> list[Path]:
        """The models there are, the most recently used first."""
        return sorted(self.folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)

    def use(self, print_: str) -> Path:
        """Note that a model is in use and drop all but the last few."""
        chosen = self.path(print_)
        chosen.touch()
        for old in self.all()[MODELS_KEPT:]:
            old.unlink(missing_ok=True)
        return chosen


def models(settings: Settings) -> Models:
    """The models of the data directory in force."""
    return Models(settings.data_dir.resolve() / "models")


def train(
    settings: Settings, say: Say, *, force: bool = False, check: bool = True, stop: threading.Event | None = None
) -> Path:
    """The model of the present sources, trained if it does not exist yet (or `force`). Needs the bot's environment.

    `check`: have Rasa look for mistakes in the training data first, for whoever writes them. Two processes never train
    the same model: the second waits and takes the first one's.

    Raises:
        Obstacle: the training failed; older models stay untouched.
    """
    store = models(settings)
    store.folder.mkdir(parents=True, exist_ok=True)
    print_ = fingerprint()
    if store.path(print_).exists() and not force:
        return store.use(print_)
    with bot_env.held(store.folder):
        if store.path(print_).exists() and not force:
            return store.use(print_)
        _train(settings, store, print_, say, stop, check=check)
    return store.use(print_)


def _train(
    settings: Settings, store: Models, print_: str, say: Say, stop: threading.Event | None, *, check: bool
) -> None:
    log = settings.data_dir.resolve() / "logs" / "train.log"
    fresh = store.folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    command = [
        *(str(bot_env.python()), "-m", "rasa", "train", "--config", str(bot_env.BOT / "config.yml")),
        *("--domain", str(bot_env.BOT / "domain")),
        *("--data", str(_examples(store.folder, in_one_file=not check)), str(bot_env.BOT / "dialogue")),
        *([] if check else ["--skip-validation"]),
        *("--out", str(fresh), "--fixed-model-name", print_),
    ]
    told = ""

    def progress(line: str) -> None:
        nonlocal told
        stage = stage_of(line)
        if stage and (words := stage.what + (f" {stage.percent // 10 * 10} %" if stage.percent else "")) != told:
            told = words
            say(words)

    environment = bot_env.environment(settings, log_level="INFO")
    code = run_step(command, environment=environment, log=log, cwd=ROOT, on_line=progress, stop=stop)
    trained = fresh / f"{print_}.tar.gz"
    if code or not trained.exists():
        raise Obstacle(f"The bot could not be trained:\n{tail(log)}\nThe whole log: {log}")
    trained.replace(store.path(print_))
    shutil.rmtree(fresh)


_BLOCKS = "\nnlu:\n- "
"""What stands before the first block of examples in a file."""


def _examples(folder: Path, *, in_one_file: bool) -> Path:
    """Where the examples lie, or all of them in one file: Rasa copies what it has read once more for each further one,
    but names the file a mistake is in."""
    read = [file.read_text(encoding="utf-8") for file in sorted((bot_env.BOT / "nlu").rglob("*.yml"))]
    if not in_one_file or not all(_BLOCKS in text for text in read):
        return bot_env.BOT / "nlu"
    whole = folder / "examples.yml"
    blocks = ["- " + text.split(_BLOCKS, 1)[1].rstrip("\n") + "\n" for text in read]
    whole.write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    return whole


def last_good(settings: Settings) -> Path | None:
    """The newest model there is, whatever sources it was trained from."""
    return next(iter(models(settings).all()), None)
