"""Derive an absence from a Slack status."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.habits import Absence
from bot.domain.working_time import WorkingHours

#: Words for absence in statuses, in English and German.
_AWAY = re.compile(
    r"\b(?:vacation\w*|holidays?|on leave|(?:annual|parental|maternity|paternity|sick) leave|pto|o\.?o\.?o"
    r"|out of (?:the )?office"
    r"|(?:time|days?) off|off sick|out sick|(?:i[’']m |am )?sick|ill|away|urlaub\w*|im urlaub|ferien|krank\w*|abwesend"
    r"|elternzeit|mutterschutz|au(?:ß|ss)er haus|nicht im (?:büro|buero)|freier tag|habe? frei|zeitausgleich)\b",
    re.IGNORECASE,
)
#: Words that negate a word for absence next to them.
_BACK = re.compile(r"\b(?:back from|after|before|until my|planning|zurück|wieder|nach dem|vor dem)\b", re.IGNORECASE)
_EMOJI = frozenset(
    ":palm_tree: :beach_with_umbrella: :desert_island: :umbrella_on_ground: :face_with_thermometer: :sneezing_face: "
    ":mask: :thermometer: :island:".split()
)
#: Maximum duration of a status that counts as an absence.
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SlackStatus:
    """A person's Slack status; `ends_at` is None without an expiry."""

    text: str = ""
    emoji: str = ""
    ends_at: datetime | None = None

    @property
    def mark(self) -> str:
        """A hash that identifies the status without storing its words."""
        ends = self.ends_at.isoformat() if self.ends_at else ""
        return hashlib.sha256(f"{self.emoji}\n{self.text}\n{ends}".encode()).hexdigest()[:16]

    @property
    def says_away(self) -> bool:
        """Return whether text or emoji say that the person is away.

        >>> SlackStatus("Im Urlaub 🌴").says_away, SlackStatus("", ":palm_tree:").says_away
        (True, True)
        >>> SlackStatus("Back from vacation", ":palm_tree:").says_away, SlackStatus("In a meeting").says_away
        (False, False)
        """
        if _BACK.search(self.text):
            return False
        return bool(_AWAY.search(self.text)) or self.emoji in _EMOJI


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """The question to a person whether their status means an absence. The status itself is not stored."""

    mark: str
    absence: Absence
    is_answered: bool = False


def absence_of(status: SlackStatus, hours: WorkingHours, now: datetime) -> Absence | None:
    """Return the whole days of absence that a status indicates, from today on; None if it indicates none.

    A day counts if its working hours end before the status does. A status without an expiry gives no absence.
    """
    if not status.says_away or status.ends_at is None or not now < status.ends_at <= now + LONGEST:
        return None
    today, last = hours.local(now).date(), hours.local(status.ends_at).date()
    if status.ends_at < hours.closes(last):
        last -= timedelta(days=1)
    return Absence(today, last, "status") if _works(hours, today, last) else None


def _works(hours: WorkingHours, first: date, last: date) -> bool:
    """Return whether some of the days are working days, so that the absence has an effect."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(hours.works_on(day) for day in days)
