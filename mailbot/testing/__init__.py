"""Doubles of the ports, shipped with the product and held to the same contract tests as the real adapters.

``InMemory…`` keeps state, ``Recording…`` remembers what it was given, ``Fixed…`` and ``Counting…`` are the same each
time. None of them opens a connection, starts a thread or sleeps.
"""

from mailbot.testing.clock import CountingIds, FixedClock
from mailbot.testing.mailbox import InMemoryMailbox
from mailbot.testing.press import RecordingPress
from mailbot.testing.reader import InProcessReader
from mailbot.testing.sender import RecordingSender

__all__ = ["CountingIds", "FixedClock", "InMemoryMailbox", "InProcessReader", "RecordingPress", "RecordingSender"]
