"""A severity assessment of ours as it came back: what stands in its boxes, and whether somebody wrote beside them. A value."""

from mailbot.value import Value


class ReturnedAssessment(Value):
    """What a returned form says, word for word; what it means is for the procedure to say.

    ``reference``: as it stands on it, with its code. ``version`` and ``rating``: which form it is, and how many ratings
    the incident had when it was made; 0 where that can no longer be read. ``answers``: name of the question → what
    stands in its box, empty where nothing does. ``is_exact``: False for a print, a picture or a PDF, of which nothing
    is read. ``beside``: the form holds words that are neither its own nor in a box.
    """

    source: str
    reference: str = ""
    version: str = ""
    rating: int = 0
    answers: dict[str, str] = {}
    is_exact: bool = True
    beside: bool = False
