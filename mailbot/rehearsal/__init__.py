"""Tries a council's own organisation and rules before going live: an invented year, with people who answer late,
wrongly or never, and a bot that is down now and then.

Everything is real but the servers and the people: jobs, store, templates, rules. What was forgotten or said twice is
counted by code of its own (``ladders``, ``books``, ``counting``), which shares nothing with the code it checks.
"""

from mailbot.rehearsal.outcome import ByKind, Outcome, Totals
from mailbot.rehearsal.parts import hush, rehearse
from mailbot.rehearsal.plan import Plan

__all__ = ["ByKind", "Outcome", "Plan", "Totals", "hush", "rehearse"]
