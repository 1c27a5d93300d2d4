"""Is what goes over the wire what Twilio documents?

The document is Twilio's own, from an npm package: fetched once into a cache, pinned by its hash, never kept here. It
says nothing of unknown fields, of E.164 and of lengths; those checks are ours, by Twilio's error codes.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from telephony import calls, twiml_reader

PACKAGE: Final = "@twilio/cli-core@9.0.0"
KEPT_AS: Final = "twilio-cli-core-9.0.0.tgz"
INTEGRITY: Final = "FPHm5gXAUwM2oATmQi3AGYPFz4Urg5G5/vDkpUu5WqNuwueQaS93HwXjdX1OM+miuq0LMimdfbXDTLEp4Nsjfg=="
INSIDE: Final = "package/src/services/twilio-api/twilio_api_v2010.json"
HOST: Final = "https://api.twilio.com"
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_BODY, LONGEST_VALIDITY_S, LONGEST_RING_S = 1600, 36_000, 600


class Unavailable(Exception):
    """The document is neither in the cache nor to be fetched."""


class WrongPackage(Exception):
    """What was fetched is not what was pinned."""


def package(cache_folder: Path | None = None) -> bytes:
    """The npm package, from the cache or as `npm pack` brings it.

    Raises:
        Unavailable: npm is not installed, or has no way to its registry.
        WrongPackage: the hash is another one.
    """
    home = os.environ.get("XDG_CACHE_HOME")
    folder = cache_folder or (Path(home) if home else Path.home() / ".cache") / "hotline-tests"
    kept = folder / KEPT_AS
    if kept.exists() and _is_pinned(found := kept.read_bytes()):
        return found
    content = _packed()
    if not _is_pinned(content):
        raise WrongPackage(PACKAGE)
    folder.mkdir(parents=True, exist_ok=True)
    own = kept.with_suffix(f".{os.getpid()}")  # another suite may be fetching as well
    own.write_bytes(content)
    own.replace(kept)
    return content


def _packed() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(f"npm is not installed; it brings {PACKAGE}")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
        packed = subprocess.run(command, cwd=folder, timeout=120, check=False, capture_output=True, text=True)
        files = list(Path(folder).glob("*.tgz"))
        if packed.returncode or len(files) != 1:
            raise Unavailable(f"npm pack {PACKAGE}: {packed.stderr.strip()[-300:] or 'no answer'}")
        return files[0].read_bytes()


def _is_pinned(content: bytes) -> bool:
    return base64.b64encode(hashlib.sha512(content).digest()).decode() == INTEGRITY


@cache
def document() -> dict[str, Any]:
    """Twilio's OpenAPI document of the API we use."""
    with tarfile.open(fileobj=io.BytesIO(package()), mode="r:gz") as archive:
        file = archive.extractfile(INSIDE)
        assert file is not None
        loaded: dict[str, Any] = json.load(file)
    return loaded


class Contract:
    """Checks requests and answers, and collects what is wrong."""

    def __init__(self) -> None:
        self._document = document()
        # The document itself is pinned: checking it anew each time takes seconds.
        self._api = OpenAPI.from_dict(self._document, config=Config(spec_validator_cls=None))
        self.checked = 0
        self.broken: list[str] = []

    def request(self, method: str, path: str, query: str, form: list[tuple[str, str]]) -> None:
        """Check a request of ours."""
        self.checked += 1
        self._try(lambda: self._api.validate_request(_request(method, path, query, form)), f"{method} {path}")
        fields = dict(form)
        known = self._fields(method, path)
        self.broken += [f"{method} {path}: no field {name}" for name in fields if name not in known]
        self.broken += [f"{method} {path}: {name} twice" for name in repeated(form) if known.get(name) != "array"]
        if method == "POST":
            self.broken += [f"{method} {path}: {each}" for each in beyond(fields)]

    def answer(self, method: str, path: str, query: str, form: list[tuple[str, str]], status: int, body: bytes) -> None:
        """Check an answer of the fake's: it may say nothing that Twilio would not."""
        self.checked += 1
        response = MockResponse(body, status_code=status, content_type="application/json")
        self._try(
            lambda: self._api.validate_response(_request(method, path, query, form), response), f"answer to {path}"
        )

    def _try(self, check: Any, what: str) -> None:
        try:
            check()
        except OpenAPIError as error:
            causes = getattr(error.__cause__, "schema_errors", None) or [error.__cause__ or error]
            self.broken += [f"{what}: {cause}" for cause in causes]

    def _fields(self, method: str, path: str) -> Mapping[str, str]:
        """The names the document knows for a path, each with its type."""
        template = re.sub(r"/AC[0-9a-f]{32}/", "/{AccountSid}/", path)
        template = re.sub(r"/(CA|SM|MM)[0-9a-f]{32}\.json", "/{Sid}.json", template)
        operation = self._document["paths"][template][method.lower()]
        if method == "GET":
            return {one["name"]: one["schema"].get("type", "") for one in operation.get("parameters", [])}
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        return {name: one.get("type", "") for name, one in schema["properties"].items()}


def _request(method: str, path: str, query: str, form: list[tuple[str, str]]) -> MockRequest:
    return MockRequest(
        HOST,
        method.lower(),
        path,
        args=dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair),
        headers={"Authorization": "Basic eDp5"},
        data=urlencode(form).encode() if form else None,
        content_type="application/x-www-form-urlencoded",
    )


def repeated(form: list[tuple[str, str]]) -> set[str]:
    """Fields that come more than once."""
    names = [name for name, _ in form]
    return {name for name in names if names.count(name) > 1}


def beyond(fields: Mapping[str, str]) -> list[str]:
    """What is wrong with a message or call although the document allows it."""
    found = [f"{name} is no E.164" for name in ("To", "From") if name in fields and not E164.fullmatch(fields[name])]
    limits = {"ValidityPeriod": LONGEST_VALIDITY_S, "Timeout": LONGEST_RING_S, "TimeLimit": 14_400}
    found += [
        f"{name} is out of 1 to {limit}"
        for name, limit in limits.items()
        if fields.get(name, "1").isdigit() and not 1 <= int(fields.get(name, "1")) <= limit
    ]
    if len(fields.get("Body", "")) > LONGEST_BODY:
        found.append(f"Body is longer than {LONGEST_BODY}")
    if len(twiml := fields.get("Twiml", "")) > calls.MOST_TWIML:
        found.append(f"Twiml is longer than {calls.MOST_TWIML}")
    if twiml:
        found += [f"Twiml: {trouble.what}" for trouble in twiml_reader.read(twiml).troubles]
    return found
