"""`python -m bot.channels.launch run …` is `rasa run …` with the same arguments, ready sooner.

Rasa imports TensorFlow, every chat service's client and its whole command line before it looks at the model. The
model here is sparse features and linear classifiers: nothing of TensorFlow is ever called. So only the `run` command
is loaded, and where the model names no TensorFlow component, the libraries in `UNUSED` are stood in for by hollow
modules: any name can be imported from them or subclassed, and the first real call raises `HollowLibrary`.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import os
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

TENSORFLOW = ("tensorflow", "tensorflow_hub", "tensorflow_text", "keras")
OTHER_STORES = ("pymongo", "redis", "boto3", "botocore", "confluent_kafka", "aio_pika")
OTHER_CHANNELS = (
    "aiogram", "slack_sdk", "webexteamssdk", "fbmessenger", "mattermostwrapper", "rocketchat_API", "twilio",
)  # fmt: skip
CONSOLE = ("prompt_toolkit", "questionary", "matplotlib")
UNUSED = TENSORFLOW + OTHER_STORES + OTHER_CHANNELS + CONSOLE
NEEDS_TENSORFLOW = (
    "DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy", "ConveRT", "LanguageModel",
)  # fmt: skip


class HollowLibrary(RuntimeError):
    """Something called into a library that this model was thought not to need."""


class _HollowType(type):
    """A class whose every attribute is a hollow class, so that it can stand for modules, bases and annotations."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _hollow(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        decorates = len(args) == 1 and callable(args[0]) and not kwargs
        if decorates:
            return args[0]
        if "_hollow_itself" in vars(cls):
            raise HollowLibrary(f"{cls.__name__} is not loaded: the model needs no TensorFlow")
        return super().__call__(*args, **kwargs)


def _hollow(name: str) -> type:
    raised = name.endswith(("Error", "Exception", "Failure"))
    return _HollowType(name, (Exception,) if raised else (), {"_hollow_itself": True})


class _HollowModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _hollow(f"{self.__name__}.{name}")


class _HollowFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, libraries: Sequence[str]) -> None:
        self._libraries = frozenset(libraries)

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in self._libraries:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _HollowModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def leave_out(libraries: Sequence[str]) -> None:
    """From now on these libraries are hollow."""
    sys.meta_path.insert(0, _HollowFinder(libraries))


def needs_tensorflow(model: Path) -> bool:
    """Whether the trained model names a component that does; a model that cannot be read is taken to need it."""
    try:
        with tarfile.open(model) as archive:
            metadata = archive.extractfile("metadata.json")
            recipe = metadata.read().decode() if metadata else ""
    except (OSError, KeyError, ValueError, tarfile.TarError):
        return True
    return not recipe or any(component in recipe for component in NEEDS_TENSORFLOW)


def _arguments() -> argparse.Namespace:
    """Rasa's own arguments of `run`. Rasa is imported here and below, after the hollow libraries are in place."""
    from rasa.cli import run  # noqa: PLC0415
    from rasa.cli.arguments.default_arguments import add_logging_options  # noqa: PLC0415

    logging_options = argparse.ArgumentParser(add_help=False)
    add_logging_options(logging_options)
    parser = argparse.ArgumentParser(prog="rasa")
    run.add_subparser(parser.add_subparsers(required=True), parents=[logging_options])
    return parser.parse_args()


def _model_argument(arguments: Sequence[str]) -> Path:
    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("-m", "--model", type=Path, default=Path("models"))
    return options.parse_known_args(arguments)[0].model


def main() -> None:
    """Runs the server until it is stopped."""
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    if not needs_tensorflow(_model_argument(sys.argv[1:])):
        leave_out(UNUSED)

    arguments = _arguments()

    import rasa.cli.utils  # noqa: PLC0415
    import rasa.utils.io  # noqa: PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    level = getattr(arguments, "loglevel", None)
    configure_logging_and_warnings(level, arguments.logging_config_file, warn_only_once=True, filter_repeated_logs=True)
    rasa.utils.io.configure_colored_logging(level)
    configure_structlog(level)
    sys.path.insert(1, str(Path.cwd()))
    arguments.func(arguments)


if __name__ == "__main__":
    main()
