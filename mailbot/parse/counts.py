"""How many people: the number in what somebody wrote, cautiously the greatest one."""

import re

_NUMBER = re.compile(
    r"(?<![\d/.:])(\d{1,3}(?:[, ]\d{3})+|\d{1,9})(?:\.\d+)?\s?(k|thousand|m|million|hundred|dozen)?\b(?![/.:]\d)",
    re.IGNORECASE,
)
_TIMES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "hundred": 100, "dozen": 12}
_WORDS = {
    "none": 0, "one": 1, "a single": 1, "two": 2, "a couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "a dozen": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "dozens": 50, "a hundred": 100, "one hundred": 100,
    "hundreds": 500, "a thousand": 1_000, "one thousand": 1_000, "thousands": 5_000,
}  # fmt: skip
_LONGEST = 200


def understand_count(text: str) -> int | None:
    """The greatest number a short text names: ``approx. 250`` is 250, ``30-40`` is 40, ``not known`` is None."""
    plain = text[:_LONGEST].lower()
    numbers = [int(re.sub(r"\D", "", digits)) * _TIMES.get(unit.lower(), 1) for digits, unit in _NUMBER.findall(plain)]
    numbers += [number for words, number in _WORDS.items() if re.search(rf"\b{words}\b", plain)]
    return max(numbers, default=None)
