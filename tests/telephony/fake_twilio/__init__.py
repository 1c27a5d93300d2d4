"""A fake of Twilio that the real client, and the house's webhooks, talk to over HTTP.

- `api`: messages and calls, held and refused as Twilio does it, with every bad answer a network can give.
- `callbacks`: status callbacks, signed: prompt, late, doubled, reversed or never; and inbound texts.
- `contract`: both ways of its traffic against Twilio's published OpenAPI document, and what that document leaves out.
"""

from tests.telephony.fake_twilio.account import ACCOUNT, NUMBER, TOKEN
from tests.telephony.fake_twilio.api import FakeTwilio, on_a_port, serving
from tests.telephony.fake_twilio.callbacks import Callbacks, Manner
from tests.telephony.fake_twilio.contract import Contract

__all__ = ["ACCOUNT", "NUMBER", "TOKEN", "Callbacks", "Contract", "FakeTwilio", "Manner", "on_a_port", "serving"]
