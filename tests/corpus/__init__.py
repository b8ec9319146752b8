"""The project's own sentences with deadlines, and how an answer is judged against them.

The first line of a file says from when and where its sentences are spoken. `expect` holds every answer that is right: a
date, a date with its time, a class of refusal, or `refused` for any refusal.
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

    def allows(self, answer: Deadline | Unread) -> bool:
        """Whether the answer is one of those that are right; where no time is asked for, any time of that day is."""
        if isinstance(answer, Unread):
            return not {"refused", answer.refusal.value}.isdisjoint(self.expect)
        local = answer.at.astimezone(ZoneInfo(self.zone))
        return not {local.strftime("%Y-%m-%d"), local.strftime("%Y-%m-%dT%H:%M")}.isdisjoint(self.expect)


def sentences(name: str) -> list[Sentence]:
    head, *lines = (json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    now = datetime.fromisoformat(head["now"])
    return [
        Sentence(
            text=line["text"],
            now=now,
            zone=head["tz"],
            locale=line.get("locale", "en"),
            expect=tuple(line["expect"]),
            what=line.get("what"),
            people=tuple(line.get("people", ())),
        )
        for line in lines
    ]
