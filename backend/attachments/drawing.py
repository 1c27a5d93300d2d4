"""Draw a picture anew: what is kept is what can be seen, and nothing else of the file that came."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.attachments import rules
from backend.attachments.rules import Unfit
from backend.errors import Refused, TooLarge

FORMATS = ("JPEG", "PNG", "WEBP")  # the reader of JPEG reads MPO, too
QUALITY = 85
Image.MAX_IMAGE_PIXELS = None  # `rules.MOST_PIXELS` is checked between opening, which reads the head only, and decoding


@dataclass(frozen=True)
class Drawn:
    """A picture as we keep it: JPEG, upright, no larger than needed to read a rating plate, without metadata."""

    content: bytes
    width: int
    height: int


def draw(content: bytes, name: str) -> Drawn:
    """Check a file by its content and draw it anew.

    Raises:
        TooLarge: it has too many bytes or pixels.
        Refused: it is no picture, is cut off, or pretends to be something else.
    """
    _refuse(rules.unfit_bytes(content))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _refuse(rules.unfit_kind(opened.format, name, *opened.size))
            opened.draft("RGB", (rules.LONGEST_SIDE, rules.LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            flat = _on_white(upright)
    except UnidentifiedImageError:
        raise _refusal(rules.unfit_kind(None, name, 0, 0)) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:  # what decoders raise on broken files
        raise Refused("The picture is damaged. Take a new photo and send that.", code="damaged_picture") from error
    flat.thumbnail((rules.LONGEST_SIDE, rules.LONGEST_SIDE))
    drawn = io.BytesIO()
    flat.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return Drawn(drawn.getvalue(), *flat.size)


def _on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, in RGB, on white where it was transparent: a new image that carries no metadata."""
    layered = image.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper.convert("RGB")


def _refuse(unfit: Unfit | None) -> None:
    if unfit is not None:
        raise _refusal(unfit)


def _refusal(unfit: Unfit | None) -> Refused | TooLarge:
    code, why = (unfit.code, unfit.why) if unfit else ("not_a_picture", "")
    kind = TooLarge if code in ("picture_too_large", "too_many_pixels") else Refused
    return kind(why, code=code)
