"""What is doubtful about the dates of a report, in words that hold nothing of its content."""

DISCOVERY_DOUBTFUL = "The date of discovery is doubtful and does not count until the IG Team confirms it."
OCCURRENCE_DOUBTFUL = "The date of the incident itself is doubtful and does not count until the IG Team confirms it."
OCCURRENCE_UNKNOWN = "When the incident happened is not known: the ten days of para 51 are counted from its discovery."
ARRIVAL_DOUBTFUL = "The mailbox's date of arrival disagrees with the mail's own Received lines: it may have been moved."

ARRIVAL_AHEAD = "The mailbox's date of arrival lies in the future: the moment counts at which the bot found the mail."

DOUBTS_OF_DATES = (DISCOVERY_DOUBTFUL, OCCURRENCE_DOUBTFUL, ARRIVAL_DOUBTFUL, ARRIVAL_AHEAD)
"""The doubts that IG lifts with ``Dates: confirmed``."""
