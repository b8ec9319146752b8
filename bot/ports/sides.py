"""Which promises of a person a list holds."""

from enum import StrEnum


class Side(StrEnum):
    """The filter of a list of promises, from one person's view."""

    OWING = "owing"
    OWED = "owed"
    MISSED = "missed"
    ALL = "all"
