"""The project's own sentences with deadlines, and how an answer is judged against them.

A line without a text says from when and where the sentences behind it are spoken. `expect` holds every answer that is
right: a date, a date with its time, a class of refusal, or `refused` for any refusal; `offers` what a refusal offers.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.due_dates import Deadline, Unread

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the corpus; `what` is None where the text is a deadline's words alone."""

    text: str
    now: datetime
    zone: str
    locale: str
    expect: tuple[str, ...]
    what: str | None = None
    people: tuple[str, ...] = ()
    offers: str = ""

    def allows(self, answer: Deadline | Unread) -> bool:
        """Return whether the answer is a right one; where no time is asked for, any time of that day is."""
        if isinstance(answer, Unread):
            return not {"refused", answer.refusal.value}.isdisjoint(self.expect)
        return not self._spoken(answer).isdisjoint(self.expect)

    def is_offered(self, answer: Unread) -> bool:
        """Return whether the refusal offers what it must."""
        return not self.offers or any(self.offers in self._spoken(one) for one in answer.candidates)

    def _spoken(self, answer: Deadline) -> set[str]:
        local = answer.at.astimezone(ZoneInfo(self.zone))
        return {local.strftime("%Y-%m-%d"), local.strftime("%Y-%m-%dT%H:%M")}


def sentences(name: str) -> list[Sentence]:
    found: list[Sentence] = []
    for line in map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
        if "text" not in line:
            now, zone = datetime.fromisoformat(line["now"]), line["tz"]
            continue
        one = Sentence(
            text=line["text"],
            now=now,
            zone=zone,
            locale=line.get("locale", "en"),
            expect=tuple(line["expect"]),
            what=line.get("what"),
            people=tuple(line.get("people", ())),
            offers=line.get("offers", ""),
        )
        found.append(one)
    return found
