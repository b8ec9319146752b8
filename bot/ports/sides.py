"""The sides of a list: which of a person's promises it holds."""

from enum import StrEnum


class Side(StrEnum):
    """The filter of a list of promises, from one person's view."""

    OWING = "owing"
    OWED = "owed"
    MISSED = "missed"
    ALL = "all"
