"""Action results are checked with a schema compiled once.

Rasa 3.6 calls `jsonschema.validate` for each action result, which checks the schema itself every time: 38 % of a form
turn when measured. The same schema, the same library, the same error; only the validator object is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_as_shipped = RemoteAction._validate_action_result  # noqa: SLF001


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    if _validator().is_valid(result):
        return True
    return bool(_as_shipped(self, result))  # raises, with Rasa's own explanation


def check_results_with_a_compiled_schema() -> None:
    """Installs the check; calling it twice changes nothing."""
    RemoteAction._validate_action_result = _validate  # noqa: SLF001
