"""Preferences of people as JSON, and the defaults of a workspace."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, time
from typing import Any

from sqlalchemy import Column, String, Table

from bot.domain.habits import Absence
from bot.domain.preferences import Preferences
from bot.storage.tables import Instant, json_column, metadata

Json = dict[str, Any]
#: Defaults that an admin chose for people without preferences.
defaults = Table(
    "defaults",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("preferences", json_column, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", Instant, nullable=False),
)
#: Preferences that have no column of their own and are JSON as they are.
_OTHERS = frozenset(field.name for field in fields(Preferences)) - {"days", "start", "end", "quiet"}


def others_json(chosen: Preferences) -> Json:
    """All but the working week, which has its columns."""
    quiet = [f"{at:%H:%M}" for at in chosen.quiet] if chosen.quiet else None
    return {name: getattr(chosen, name) for name in sorted(_OTHERS)} | {"quiet": quiet}


def others_from(stored: Mapping[str, Any]) -> Json:
    """Fields of Preferences; what this version does not know is passed over."""
    quiet = stored.get("quiet")
    fields = {name: value for name, value in stored.items() if name in _OTHERS}
    return fields | ({"quiet": (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1]))} if quiet else {})


def preferences_json(chosen: Preferences) -> Json:
    week = {"days": sorted(chosen.days), "start": f"{chosen.start:%H:%M}", "end": f"{chosen.end:%H:%M}"}
    return week | others_json(chosen)


def preferences_from(stored: Mapping[str, Any]) -> Preferences:
    start, end = time.fromisoformat(stored["start"]), time.fromisoformat(stored["end"])
    return Preferences(frozenset(stored["days"]), start, end, **others_from(stored))


def absences_json(absences: tuple[Absence, ...]) -> list[Json]:
    return [absence_json(each) for each in absences]


def absence_json(absence: Absence) -> Json:
    return {"first": absence.first_on.isoformat(), "last": absence.last_on.isoformat(), "why": absence.why}


def absences_from(stored: list[Json] | None) -> tuple[Absence, ...]:
    return tuple(map(absence_from, stored or ()))


def absence_from(stored: Mapping[str, Any]) -> Absence:
    return Absence(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"]), stored.get("why", ""))
