"""`kept understand`: parse JSON lines of text and print the result as JSON lines."""

import json
import sys
from datetime import date, datetime, time
from time import perf_counter
from typing import IO, Any
from zoneinfo import ZoneInfo

from bot.domain.due_dates import Deadline, Refusal, Unread, read_deadline
from bot.domain.wording import read_promise
from bot.domain.working_time import WorkingHours

#: The classes of refusal as the command line names them: a range is in doubt between its ends.
ERRORS = {Refusal.IMPOSSIBLE: "invalid", Refusal.RANGE: "ambiguous"}
NO_TASK = "no_task"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def understand_lines(stdin: IO[str], stdout: IO[str], phrase: bool) -> None:
    """Answer every line {"text", "now", "tz", "locale"?, "hours"?} with one; a `phrase` is a deadline's words alone."""
    for line in stdin:
        if line.strip():
            stdout.write(json.dumps(_answer(json.loads(line), phrase), ensure_ascii=False) + "\n")
            stdout.flush()


def _answer(asked: dict[str, Any], phrase: bool) -> dict[str, Any]:
    now, locale = datetime.fromisoformat(asked["now"]), asked.get("locale", "en")
    hours = _hours(asked["tz"], asked.get("hours") or {})
    started = perf_counter()
    what, people = "", tuple[str, ...]()
    if phrase:
        read = read_deadline(asked["text"], now, hours, locale)
    else:
        wording = read_promise(asked["text"], now, hours, locale)
        what, people, read = wording.what, wording.people, wording.deadline
    us = (perf_counter() - started) * 1e6
    answer: dict[str, Any] = {"what": what, "requesters": list(people), "deadline": None, "granularity": None}
    answer |= {"error": None, "candidates": [], "us": round(us, 1)}
    if not phrase and not what:
        return answer | {"error": NO_TASK}
    if isinstance(read, Unread):
        candidates = [_local(one) for one in read.candidates]
        return answer | {"error": ERRORS.get(read.refusal, read.refusal.value), "candidates": candidates}
    return answer | {"deadline": _local(read), "granularity": read.granularity.value}


def _hours(zone: str, given: dict[str, Any]) -> WorkingHours:
    """The owner's working time: {"days"?, "start"?, "end"?, "holidays"?}, days by number (Monday 0) or English name."""
    plain = WorkingHours(zone)
    days = frozenset(WEEKDAYS.index(day[:3].lower()) if isinstance(day, str) else day for day in given.get("days", ()))
    return WorkingHours(
        zone,
        days or plain.days,
        time.fromisoformat(given["start"]) if "start" in given else plain.start,
        time.fromisoformat(given["end"]) if "end" in given else plain.end,
        frozenset(date.fromisoformat(day) for day in (*given.get("holidays", ()), *given.get("days_off", ()))),
    )


def _local(deadline: Deadline) -> str:
    return deadline.at.astimezone(ZoneInfo(deadline.zone)).isoformat()


if __name__ == "__main__":
    understand_lines(sys.stdin, sys.stdout, "--phrase" in sys.argv)
