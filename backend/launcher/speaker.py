"""Words aloud with espeak-ng, stopped as soon as somebody types."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from typing import Final

from backend.launcher.bot_env import Obstacle

VOICES: Final = {"zh": "cmn", "cmn": "cmn", "yue": "yue", "en": "en-us"}
LOOK_EVERY_S: Final = 0.1


class Speaker:
    """Speaks through a program that takes a voice and words."""

    def __init__(self, program: str) -> None:
        self._program = program

    @classmethod
    def find(cls) -> Speaker:
        """The machine's espeak-ng.

        Raises:
            Obstacle: it is not installed; the message says how to.
        """
        program = shutil.which("espeak-ng")
        if program is None:
            raise Obstacle(
                "--speak needs espeak-ng. Install it with `sudo apt install espeak-ng` (Debian, Ubuntu), "
                "`sudo dnf install espeak-ng` (Fedora) or `brew install espeak-ng` (macOS), or leave --speak out."
            )
        return cls(program)

    def say(self, words: str, language: str, *, is_interrupted: Callable[[], bool]) -> None:
        """Say words to their end, or until interrupted."""
        voice = VOICES.get(language.partition("-")[0].lower(), "en-us")
        speaking = subprocess.Popen(
            [self._program, "-v", voice, "--stdin"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            if speaking.stdin is not None:
                speaking.stdin.write(words.encode())
                speaking.stdin.close()
            while not is_interrupted():
                try:
                    speaking.wait(LOOK_EVERY_S)
                except subprocess.TimeoutExpired:
                    continue
                return
        finally:
            speaking.kill()
            speaking.wait()
