"""The names of what an answer changes beside its duty; ``effects`` says what they mean."""

from enum import StrEnum


class Effect(StrEnum):
    """What an answer changes beside its duty (``effects``)."""

    NONE = "none"
    CONFIRM_QUEUE = "confirm_queue"
    REFER_TO_IT = "refer_to_it"
    REFER_TO_IG = "refer_to_ig"
    RATE = "rate"
    CONFIRM_RATING = "confirm_rating"
    RATE_BY_GRID = "rate_by_grid"
    CLASSIFY = "classify"
    CONFIRM_CLASSIFIED = "confirm_classified"
    PERSONAL_DATA = "personal_data"
    NO_PERSONAL_DATA = "no_personal_data"
    POLICE_REFERENCE = "police_reference"
    SUBSTANTIATED = "substantiated"
    NAME_RESPONSIBLE_LINE_MANAGER = "name_responsible_line_manager"
    NAME_LINE_MANAGER = "name_line_manager"
    NAME_GROUP = "name_group"
    TELL_INVOLVED = "tell_involved"
    RELEASE = "release"
    CONFIRM_DATES = "confirm_dates"
    MOVE_AWARE = "move_aware"
