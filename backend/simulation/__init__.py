"""A month of the whole house on simulated time: the tool to size staff.

No room: it stands above all of them. Customers, agents and technicians are played; rooms, jobs, outbox and database are
the real ones. Keeps: the same plan on the same data gives the same figures, byte for byte; it never touches a database
that holds a ticket or a customer already; a broken promise of the house (a text outside hours, sent twice, lost) is
reported as such.

`assumptions` (data/simulation.yaml) · `arrivals`, `people` (pure: who comes when, and what they are like) ·
`stage`, `timetable` (the house on simulated time) · `customers`, `surveys`, `desk`, `followup_calls`, `field` (what
people do) · `run` (the agenda) · `outcomes` (pure), `figures`, `checks` (what came of it) · `report`, `charts`,
`page` (how it is shown) · `command`.
"""
