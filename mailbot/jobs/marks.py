"""The names of the small facts about itself that the bot keeps in the store (``Unit.marks``)."""

POLLED = "polled:"
"""+ mailbox: when it was last read to the end."""

FAILING = "failing:"
"""+ mailbox: since when it cannot be read, and why."""

ALARMED = "alarmed:"
"""+ mailbox: when a person was told of that."""

STUCK = "stuck:"
"""+ mailbox, folder, UIDVALIDITY and UID: when a person was told that this message cannot be taken in."""

OPENED = "incidents opened"
"""How many since the mark was put, for an hour: more than a flood's worth are told of together."""

COLLECTED = "collected:"
"""+ incident: its mails are held as one of a flood, and nobody was told of it yet."""

FLOOD_TOLD = "flood told"

PAUSED = "sending paused"
WRITTEN = "digest written"
SAID = "said:"
"""+ duty: an urgent digest has named it."""

UNWRITTEN = "unwritten:"
"""+ template: when a person was told that a mail of it could not be written."""

TICKED = "ticked"
