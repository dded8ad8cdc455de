"""Dates as people write them, understood in Europe/London, day first, with the mail's arrival as anchor.

"Fri 20/11 about 7pm", "last night", "20.11.26", "3rd of January, 02:52", ISO. Pure: the anchor is an argument.
"""

import re
import unicodedata
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailbot.parse.days import Day, find_day
from mailbot.parse.times import find_time
from mailbot.value import Instant, Value

LONDON = ZoneInfo("Europe/London")
_LONGEST = 300
_UNSURE = re.compile(
    r"\b(?:or|either|maybe|perhaps|possibly|not sure|unsure|unclear|unknown|not known|between|sometime|some time|i think|probably|to|until|and|before|after|since|onwards|week|month)\b|\?|\s[-–—]\s|[-–—]\s*\d{1,2}(?:st|nd|rd|th)?\b\s+[a-z]"
)
_ZONES = {"z": timedelta(), "utc": timedelta(), "gmt": timedelta(), "bst": timedelta(hours=1)}
_ZONE = re.compile(r"(?<=[\d\s])(?:(z|utc|gmt|bst)\b|([+-])(\d{2}):?(\d{2})\b)")


class UnderstoodDate(Value):
    """A moment as far as a text tells it.

    ``at`` is None where no date was understood. ``date_only``: the time of day is not told, ``at`` is the start of the
    day in London. ``doubtful``: the words leave a choice (a range, "last week", a weekday that does not fit, a date in
    the future), so no clock should start from it before a person has looked.
    """

    at: Instant | None = None
    date_only: bool = False
    doubtful: bool = False

    @property
    def iso(self) -> str:
        """ISO 8601 with London's offset, to the minute's precision or finer; empty where no date was understood."""
        return self.at.astimezone(LONDON).isoformat() if self.at else ""


def understand_date(text: str, anchor: datetime) -> UnderstoodDate:
    """What moment a text names. ``anchor`` (aware) is when it was written; relative words count from there."""
    plain = _plain(text)
    here = anchor.astimezone(LONDON)
    elapsed = _elapsed(plain, here)
    if elapsed is not None:
        return elapsed
    day = find_day(plain, here)
    told = find_time(day.rest if day else plain)
    if day is None and told is None:
        return UnderstoodDate(doubtful=bool(plain))
    if day is None and told is not None:
        return _time_alone(told.at, here)
    return (
        _put_together(day, told.at if told else None, told is not None and told.vague, here)
        if day
        else UnderstoodDate()
    )


def understand_time(text: str) -> time | None:
    """The time of day a text names, None where it names none."""
    told = find_time(_plain(text))
    return told.at if told else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).lower().replace("’", "'")
    return re.sub(r"\s+", " ", folded.replace("\n", " ; ")).strip()


def _put_together(day: Day, at: time | None, vague: bool, here: datetime) -> UnderstoodDate:  # noqa: FBT001
    zone = _ZONE.search(day.rest) if at else None
    local = datetime.combine(day.on, at or time(), LONDON)
    moment = _in_zone(local, zone) if zone else local
    in_future = moment > here + timedelta(hours=1) if at else day.on > here.date()
    long_ago = day.on.year < here.year - 10
    skipped = at is not None and not zone and _does_not_exist(local)
    doubtful = day.doubtful or vague or in_future or long_ago or skipped or _UNSURE.search(day.rest) is not None
    return UnderstoodDate(at=moment, date_only=at is None, doubtful=doubtful)


def _in_zone(local: datetime, zone: re.Match[str]) -> datetime:
    if zone[1]:
        offset = _ZONES[zone[1]]
    else:
        offset = timedelta(hours=int(zone[3]), minutes=int(zone[4])) * (-1 if zone[2] == "-" else 1)
    return (local.replace(tzinfo=ZoneInfo("UTC")) - offset).astimezone(LONDON)


def _does_not_exist(local: datetime) -> bool:
    """Whether the clocks skipped this hour in spring."""
    return local.astimezone(ZoneInfo("UTC")).astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None)


def _time_alone(at: time, here: datetime) -> UnderstoodDate:
    """A time without a day is the last time the clock showed it, and doubtful: the day was not said."""
    today = datetime.combine(here.date(), at, LONDON)
    moment = today if today <= here else datetime.combine(here.date() - timedelta(days=1), at, LONDON)
    return UnderstoodDate(at=moment, doubtful=True)


_AGO = re.compile(
    r"\b(?:(\d{1,3})|(an?|one)|(two|a couple of)|(three)|(a few|few|several)) ?(min(?:ute)?s?|h(?:ou)?rs?) ago\b"
)


def _elapsed(plain: str, here: datetime) -> UnderstoodDate | None:
    """Counted back from the anchor: "two hours ago", "just now"."""
    if re.search(r"^(?:just now|right now|now|a moment ago)\W*$", plain):
        return UnderstoodDate(at=here)
    found = _AGO.search(plain)
    if not found:
        return None
    count = int(found[1]) if found[1] else 1 if found[2] else 2 if found[3] else 3
    unit = timedelta(hours=1) if found[6].startswith("h") else timedelta(minutes=1)
    return UnderstoodDate(at=here - count * unit, doubtful=bool(found[5]))
