"""Whether everything in a letter can be printed: nobody gets a letter with an empty box in their name."""

import unicodedata
from collections.abc import Set as AbstractSet

from mailbot.letters.sheet import Sheet

LINE_BREAK = "\n"
MOST_NAMED = 10


def unprintable(sheet: Sheet, characters: AbstractSet[str]) -> str:
    """Why a sheet cannot be printed with fonts that have these characters; empty where it can."""
    without = sorted(set(sheet.text) - characters - {LINE_BREAK})
    if not without:
        return ""
    named = ", ".join(map(_named, without[:MOST_NAMED])) + (" and more" if without[MOST_NAMED:] else "")
    return f"the fonts have no sign for {named}: ask the person how to write it in Latin, Greek or Cyrillic letters"


def _named(character: str) -> str:
    """``字 (U+5B57, CJK unified ideograph-5b57)``: the sign itself only where it shows by itself."""
    code = f"U+{ord(character):04X}"
    said = ", ".join(filter(None, (code, unicodedata.name(character, "").capitalize())))
    return f"{character} ({said})" if character.isprintable() and not unicodedata.combining(character) else said
