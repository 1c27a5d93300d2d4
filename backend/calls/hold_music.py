"""The house's own music on hold: a slow broken chord, twenty seconds, made once; no rights to clear, no host to ask."""

from __future__ import annotations

import io
import math
import struct
import wave
from functools import cache

RATE = 8000
"""Samples a second: what a telephone carries."""
BEAT_S = 0.5
LOUDNESS = 0.22
CHORDS = (
    (261.63, 329.63, 392.00, 523.25),
    (220.00, 261.63, 329.63, 440.00),
    (174.61, 220.00, 261.63, 349.23),
    (196.00, 246.94, 293.66, 392.00),
    (261.63, 329.63, 392.00, 523.25),
)
"""C, A minor, F, G, C, as frequencies in Hz."""


@cache
def wav() -> bytes:
    """The music as a WAV file: mono, 16 bit, 8 kHz."""
    notes = [tone for chord in CHORDS for tone in (*chord, *reversed(chord))]
    samples = bytearray()
    for tone in notes:
        for index in range(int(RATE * BEAT_S)):
            at = index / RATE
            swell = min(1.0, at / 0.02) * math.exp(-3.2 * at)  # struck softly, dying away
            height = math.sin(2 * math.pi * tone * at) + 0.3 * math.sin(4 * math.pi * tone * at)
            samples += struct.pack("<h", int(32767 * LOUDNESS * swell * height))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(samples))
    return file.getvalue()
