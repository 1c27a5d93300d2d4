"""Telephony: a leaf library between the house and those who carry its texts and calls.

It knows carriers and nobody else: it imports no room, reads no settings, no clock and no database.

- `ports`: what a carrier is (`Carrier`, `OutgoingText`, `OutgoingCall`, the four outcomes), and what comes in.
- `sms`: carriers' forms to values and back, opt-out words, segments, splitting.
- `calls`: words to valid TwiML, forms of call statuses to values.
- `voice`: forms of calls that come in, to values. `turns`: such a call turn by turn (`states` in between, `wishes`
  of the caller), `replies` out. `speech`: written words as they are said. `twiml`: replies to TwiML.
- `recordings`: the sound of messages callers have left.
- `outgoing`: calls we make in which somebody answers: forms to values, TwiML.
- `media`: photos of texts, fetched from the carrier's hosts.
- `signature`: is this webhook really signed by the carrier?
- `console_carrier`: prints to the terminal (the default). `twilio_carrier`: Twilio.
  `tencent_carrier`: Tencent Cloud, for texts in mainland China; `templates`: which approved text a text is.
- `error_codes`: what to do about a carrier's error code (`data/twilio_errors.yaml`).
"""
