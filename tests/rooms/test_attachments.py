"""Pictures from customers: what is taken, what is kept of it, who may see it."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from sqlalchemy import select

from backend import db, limits
from backend.agents import service as agents
from backend.attachments import drawing, jobs, rules, service
from backend.attachments.models import Picture
from backend.conversations.models import Message
from backend.errors import HotlineError
from rooms.web import Talk, Web

PLACE, ORIENTATION, NOTE = 0x8825, 0x0112, 0x9286


def jpeg(size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, "JPEG", **more)
    return made.getvalue()


def png(mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (20, 10)).save(made, "PNG")
    return made.getvalue()


def with_position() -> bytes:
    """A photo as a phone makes it: taken sideways, with where and by what."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(PLACE).update({1: "N", 2: (IFDRational(22), IFDRational(50), IFDRational(17)), 3: "E"})
    return jpeg(exif=exif, comment=b"at home")


def bomb() -> bytes:
    """A few hundred bytes that would be 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HOSTILE = {
    "svg": (SVG, "a.svg", "disguised"),
    "svg without a script": (b'<?xml version="1.0"?><a/>', "a.png", "not_a_picture"),
    "a page called a photo": (b"<html><script>alert(1)</script>", "a.jpg", "disguised"),
    "a photo with a page behind it": (jpeg() + b"<script>alert(1)</script>", "a.jpg", "disguised"),
    "a photo with a page in its comment": (jpeg(comment=b"<?php system($_GET[0]); ?>"), "a.jpg", "disguised"),
    "a photo that is an archive too": (jpeg() + b"PK\x05\x06" + b"\0" * 18, "a.jpg", "disguised"),
    "bomb": (bomb(), "a.png", "too_many_pixels"),
    "wrong suffix": (jpeg(), "a.html", "wrong_suffix"),
    "another picture's suffix": (png(), "a.jpg", "wrong_suffix"),
    "cut off": (jpeg((800, 600))[:900], "a.jpg", "damaged_picture"),
    "a kind we do not read": (b"GIF89a" + b"\0" * 40, "a.gif", "not_a_picture"),
    "empty": (b"", "a.jpg", "empty_picture"),
    "too large": (jpeg() + b"\0" * rules.LARGEST_BYTES, "a.jpg", "picture_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(name: str) -> None:
    content, called, code = HOSTILE[name]
    with pytest.raises(HotlineError) as refused:
        drawing.draw(content, called)
    assert refused.value.reason == code


def test_what_the_camera_noted_is_gone_and_the_picture_stands_upright() -> None:
    before = with_position()
    assert b"SecretPhone" in before
    drawn = drawing.draw(before, "IMG_1.JPG")
    kept = Image.open(io.BytesIO(drawn.content))
    assert not kept.getexif()
    assert {"exif", "comment", "icc_profile"} & set(kept.info) == set()
    assert b"SecretPhone" not in drawn.content
    assert kept.size == (drawn.width, drawn.height) == (48, 64)


def test_a_large_photo_is_made_smaller_and_transparency_becomes_white() -> None:
    assert max(drawing.draw(jpeg((5000, 3000)), "a.jpeg").width, 0) == rules.LONGEST_SIDE
    clear = Image.open(io.BytesIO(drawing.draw(png("RGBA"), "").content))
    assert clear.getpixel((5, 5)) == (255, 255, 255)


@pytest.fixture
def talk(web: Web, tmp_path: Path) -> Talk:
    web.client.app.state.house.settings.data_dir = tmp_path  # type: ignore[attr-defined]
    limits.forget()
    return web.open()


def send(talk: Talk, content: bytes, name: str = "铭牌.jpg", client_id: str = "p1") -> Any:
    return talk.web.client.post(
        f"{talk.path}/attachments",
        files={"file": (name, content, "image/jpeg")},
        data={"client_message_id": client_id},
        headers=talk.headers,
    )


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / service.FOLDER).rglob("*") if path.is_file()]


def test_a_picture_is_a_message_that_only_its_customer_and_agents_see(web: Web, talk: Talk, tmp_path: Path) -> None:
    sent = send(talk, with_position())
    assert sent.status_code == 201
    message, thanks = sent.json()["messages"]
    assert message["author"] == "customer"
    assert thanks["author"] == "bot"
    assert web.bot.asked == []
    address = f"{talk.path}/attachments/{message['picture']['id']}"
    own = web.client.get(address, headers=talk.headers)
    assert own.headers["content-type"] == "image/jpeg"
    assert "sandbox" in own.headers["content-security-policy"]
    assert own.headers["x-content-type-options"] == "nosniff"
    stranger = web.open()
    assert web.client.get(address, headers=stranger.headers).status_code == 404
    theirs = f"{stranger.path}/attachments/{message['picture']['id']}"
    assert web.client.get(theirs, headers=stranger.headers).status_code == 404
    assert web.client.get(address).status_code == 401
    desk = f"/console/pictures/{message['picture']['id']}"
    assert web.client.get(desk).status_code == 401
    with db.session_scope(web.sessions) as session:
        agents.add(session, "chen", "correct horse", name="陈晓", now=web.clock.now())
    web.client.post("/api/session", json={"username": "chen", "password": "correct horse"})
    assert web.client.get(desk).content == own.content
    (kept,) = files(tmp_path)
    assert "铭牌" not in kept.name
    assert kept.stat().st_mode & 0o077 == 0
    assert b"SecretPhone" not in kept.read_bytes()


def test_the_same_id_again_keeps_one_picture(web: Web, talk: Talk, tmp_path: Path) -> None:
    first, second = send(talk, jpeg()), send(talk, jpeg())
    assert first.json() == second.json()
    assert len(files(tmp_path)) == 1
    with db.read_scope(web.sessions) as session:
        assert len(session.scalars(select(Picture)).all()) == 1


@pytest.mark.parametrize("name", ["svg", "bomb", "a photo with a page behind it", "wrong suffix"])
def test_nothing_is_kept_of_what_is_refused(web: Web, talk: Talk, tmp_path: Path, name: str) -> None:
    content, called, code = HOSTILE[name]
    refused = send(talk, content, called)
    assert refused.status_code in (413, 422)
    assert refused.json()["code"] == code
    assert files(tmp_path) == []
    with db.read_scope(web.sessions) as session:
        assert session.scalars(select(Message).where(Message.picture.is_not(None))).all() == []


def test_a_stranger_sends_nothing_and_learns_nothing(web: Web, talk: Talk, tmp_path: Path) -> None:
    stranger = web.open()
    talk.headers = stranger.headers
    assert send(talk, jpeg()).status_code == 404
    assert files(tmp_path) == []


def test_a_hostile_name_names_nothing(talk: Talk, tmp_path: Path) -> None:
    assert send(talk, jpeg(), "../../../etc/passwd.jpg").status_code == 201
    assert send(talk, jpeg(), "{{7*7}}<img src=x onerror=alert(1)>.jpg", "p2").status_code == 201
    assert all(path.parent.parent == tmp_path / service.FOLDER for path in files(tmp_path))


def test_too_much_is_refused_before_it_is_read(web: Web, talk: Talk) -> None:
    headers = talk.headers | {
        "content-length": str(20 * 1024 * 1024),
        "content-type": "multipart/form-data; boundary=x",
    }
    assert web.client.post(f"{talk.path}/attachments", content=b"x", headers=headers).status_code == 413
    assert web.client.post(f"{talk.path}/messages", content=b"x" * 1_100_000, headers=talk.headers).status_code == 413


def test_pictures_are_limited_in_number(talk: Talk) -> None:
    answers = [send(talk, jpeg(), client_id=f"p{number}").status_code for number in range(31)]
    assert answers == [201] * 30 + [429]


def test_the_file_of_a_deleted_picture_goes_after_a_while_and_no_other(sessions: db.Sessions, tmp_path: Path) -> None:
    lost = tmp_path / service.FOLDER / "ab" / "ab12.jpg"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(jpeg())
    written = datetime.fromtimestamp(lost.stat().st_mtime, UTC)
    assert jobs.run_due(sessions, written + timedelta(minutes=59), tmp_path) == 0
    assert lost.exists()
    assert jobs.run_due(sessions, written + timedelta(minutes=61), tmp_path) == 1
    assert not lost.exists()
    assert jobs.run_due(sessions, written + timedelta(minutes=61), tmp_path / "nothing here") == 0
