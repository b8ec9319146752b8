"""A Slack status that says that somebody is away: what it says, and from which day to which."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.habits import Absence
from bot.domain.working_time import WorkingHours

#: What people write, in English and in German; whole words.
_AWAY = re.compile(
    r"\b(?:vacation\w*|holidays?|on leave|(?:annual|parental|maternity|paternity|sick) leave|pto|o\.?o\.?o"
    r"|out of (?:the )?office"
    r"|(?:time|days?) off|off sick|out sick|(?:i[’']m |am )?sick|ill|away|urlaub\w*|im urlaub|ferien|krank\w*|abwesend"
    r"|elternzeit|mutterschutz|au(?:ß|ss)er haus|nicht im (?:büro|buero)|freier tag|habe? frei|zeitausgleich)\b",
    re.IGNORECASE,
)
#: They have a word for being away in them, and say the opposite.
_BACK = re.compile(r"\b(?:back from|after|before|until my|planning|zurück|wieder|nach dem|vor dem)\b", re.IGNORECASE)
_EMOJI = frozenset(
    ":palm_tree: :beach_with_umbrella: :desert_island: :umbrella_on_ground: :face_with_thermometer: :sneezing_face: "
    ":mask: :thermometer: :island:".split()
)
#: A status that stands for longer than this is no absence.
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SlackStatus:
    """What somebody's Slack profile says; `ends_at` None when it stands until they take it down."""

    text: str = ""
    emoji: str = ""
    ends_at: datetime | None = None

    @property
    def mark(self) -> str:
        """What tells one status from another without keeping its words."""
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
class Asked:
    """What somebody was asked of their status: whether they are away on these days. The status itself is not kept."""

    mark: str
    absence: Absence
    is_answered: bool = False


def absence_of(status: SlackStatus, hours: WorkingHours, now: datetime) -> Absence | None:
    """The whole days that a status takes somebody away, from today on; None when it says no such thing.

    A day counts when its working hours are over before the status is. Without an end there is nothing to ask.
    """
    if not status.says_away or status.ends_at is None or not now < status.ends_at <= now + LONGEST:
        return None
    today, last = hours.local(now).date(), hours.local(status.ends_at).date()
    if status.ends_at < hours.closes(last):
        last -= timedelta(days=1)
    return Absence(today, last, "status") if _works(hours, today, last) else None


def _works(hours: WorkingHours, first: date, last: date) -> bool:
    """Whether anything would change: some of the days are working days."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(hours.works_on(day) for day in days)
