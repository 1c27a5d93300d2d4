"""Outbox: every text and call that leaves the house.

Owns outgoing texts and calls, the pauses of a sender and the receipts of carriers' webhooks. A row is the schedule:
`pending → claimed → sending → sent → delivered`, or `refused`, `unknown`, `expired`, `suppressed`, `dead`.

Anyone above queues through `service.queue`; the tick (`jobs`, `sending`) sends after commit. Carriers' webhooks come
in through `webhook.SignedForm` and `webhook.remember`. Keeps: nothing committed is lost, nothing leaves twice,
nothing automatic leaves outside hotline hours or to somebody who has opted out, and an outcome nobody knows is shown
to an agent within five minutes.
"""
