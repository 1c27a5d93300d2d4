"""Which model belongs to which sources, how a training's progress is read, and which models are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml

from backend.launcher import bot_env, training
from backend.launcher.bot_env import Obstacle
from backend.launcher.training import Models, Stage, fingerprint, stage_of
from backend.settings import Settings


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    folder = tmp_path / "bot"
    for name in ("domain", "nlu", "dialogue", "components", "text", "actions", "../data/lexicon"):
        (folder / name).mkdir(parents=True)
    (folder / "config.yml").write_text("language: zh")
    (folder / "nlu" / "greet.yml").write_text("- 你好")
    (folder / "actions" / "tickets.py").write_text("pass")
    return folder


@pytest.mark.parametrize(
    "path", ["config.yml", "nlu/greet.yml", "text/phone.py", "components/new.py", "../data/lexicon/parts.yaml"]
)
def test_a_change_of_what_is_baked_in_changes_the_fingerprint(bot: Path, path: str) -> None:
    before = fingerprint(bot)
    (bot / path).write_text("changed")
    assert fingerprint(bot) != before


@pytest.mark.parametrize("path", ["actions/tickets.py", "text/__pycache__/phone.cpython-311.pyc", "nlu/.note.swp"])
def test_other_changes_leave_the_fingerprint(bot: Path, path: str) -> None:
    before = fingerprint(bot)
    (bot / path).parent.mkdir(exist_ok=True)
    (bot / path).write_text("changed")
    assert fingerprint(bot) == before


def test_a_renamed_file_changes_the_fingerprint(bot: Path) -> None:
    before = fingerprint(bot)
    (bot / "nlu" / "greet.yml").rename(bot / "nlu" / "hello.yml")
    assert fingerprint(bot) != before


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        (
            "2026-11-24 15:06:29 INFO     rasa.cli.train  - Started validating domain and training data...",
            Stage("checking the training data"),
        ),
        (
            "2026-11-24 15:07:16 INFO     rasa.engine.training.hooks  - Starting to train component 'RulePolicy'.",
            Stage("training RulePolicy"),
        ),
        ("Epochs:  45%|████▌     | 9/20 [00:08<00:04,  2.35it/s, t_loss=9.33]", Stage("training epochs", 45)),
        ("\x1b[92mYour Rasa model is trained and saved at 'models/a.tar.gz'.\x1b[0m", Stage("saving the model", 100)),
        ("Processed rules: 100%|██████████| 1/1 [00:00<00:00, 2430.07it/s, # trackers=1]", None),
        ("", None),
    ],
)
def test_the_progress_of_a_training_is_read_from_its_output(line: str, stage: Stage | None) -> None:
    assert stage_of(line) == stage


def test_the_last_three_models_used_are_kept(tmp_path: Path) -> None:
    models = Models(tmp_path)
    for age, name in enumerate(("a", "b", "c", "d")):
        models.path(name).touch()
        os.utime(models.path(name), (1000 + age, 1000 + age))
    models.use("a")
    assert [path.name for path in models.all()] == ["a.tar.gz", "d.tar.gz", "c.tar.gz"]


FAKE_RASA = """#!{python}
import pathlib, sys
home = pathlib.Path(__file__).parent
with open(home / "calls", "a") as calls:
    calls.write("train\\n")
with open(home / "arguments", "a") as arguments:
    arguments.write(" ".join(sys.argv[1:]) + "\\n")
print("INFO - Starting to train component 'RulePolicy'.")
if (home / "broken").exists():
    sys.exit("config.yml is wrong")
out, name = sys.argv[sys.argv.index("--out") + 1], sys.argv[sys.argv.index("--fixed-model-name") + 1]
pathlib.Path(out).mkdir(parents=True)
(pathlib.Path(out) / (name + ".tar.gz")).write_text("model")
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data directory, and an interpreter that trains in no time."""
    rasa = tmp_path / "python"
    rasa.write_text(FAKE_RASA.format(python=sys.executable))
    rasa.chmod(0o755)
    monkeypatch.setattr(bot_env, "python", lambda: rasa)
    return Settings(data_dir=tmp_path)


def trainings(house: Settings) -> int:
    noted = house.data_dir / "calls"
    return len(noted.read_text().splitlines()) if noted.exists() else 0


def test_a_second_start_trains_nothing(house: Settings) -> None:
    said: list[str] = []
    model = training.train(house, said.append)
    assert model == house.data_dir / "models" / f"{fingerprint()}.tar.gz"
    assert training.train(house, said.append) == model
    assert trainings(house) == 1
    assert said == ["training RulePolicy"]


def test_force_trains_again(house: Settings) -> None:
    training.train(house, lambda _: None)
    training.train(house, lambda _: None, force=True)
    assert trainings(house) == 2


def test_a_failed_training_says_why_and_keeps_the_last_good_model(house: Settings) -> None:
    good = training.train(house, lambda _: None)
    (house.data_dir / "broken").touch()
    with pytest.raises(Obstacle, match=r"config\.yml is wrong"):
        training.train(house, lambda _: None, force=True)
    assert training.last_good(house) == good
    assert good.read_text() == "model"


def blocks(*files: Path) -> list[tuple[str, str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = (yaml.load(file.read_text(encoding="utf-8"), loader)["nlu"] for file in files)
    return sorted((block["intent"], block["examples"].strip()) for each in read for block in each)


def test_a_start_hands_rasa_every_example_in_one_file_and_a_writer_the_files_as_they_are(house: Settings) -> None:
    training.train(house, lambda _: None, check=False)
    (called,) = (house.data_dir / "arguments").read_text().splitlines()
    assert "--skip-validation" in called
    assert str(house.data_dir / "models" / "examples.yml") in called
    written = sorted((bot_env.BOT / "nlu").rglob("*.yml"))
    assert blocks(house.data_dir / "models" / "examples.yml") == blocks(*written)
    training.train(house, lambda _: None, force=True)
    checked = (house.data_dir / "arguments").read_text().splitlines()[-1]
    assert "--skip-validation" not in checked
    assert str(bot_env.BOT / "nlu") in checked


def test_without_any_model_there_is_no_last_good_one(house: Settings) -> None:
    assert training.last_good(house) is None
