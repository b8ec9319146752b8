"""`kept understand` answers every line with a line."""

import io
import json
from typing import Any

from bot.understand import understand_lines

ASKED = {"now": "2026-03-04T10:15:00-05:00", "tz": "America/New_York"}


def answer(text: str, *, phrase: bool = False, **more: object) -> dict[str, Any]:
    out = io.StringIO()
    understand_lines(io.StringIO(json.dumps({"text": text, **ASKED, **more}) + "\n\n"), out, phrase)
    (line,) = out.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_promise_is_shown_with_its_parts() -> None:
    shown = answer("@ann send it by Friday 5pm")
    assert shown.pop("us") > 0
    assert shown == {
        "what": "send it",
        "requesters": ["@ann"],
        "deadline": "2026-03-06T17:00:00-05:00",
        "granularity": "minute",
        "error": None,
        "candidates": [],
    }


def test_a_phrase_is_the_words_of_a_deadline_alone() -> None:
    assert answer("Friday", phrase=True)["deadline"] == "2026-03-06T18:00:00-05:00"
    assert answer("send it Friday", phrase=True)["error"] == "no_deadline"


def test_a_refusal_names_its_class_and_its_candidates() -> None:
    shown = answer("send it by Monday or Tuesday")
    assert (shown["deadline"], shown["error"]) == (None, "ambiguous")
    assert shown["candidates"] == ["2026-03-09T18:00:00-04:00", "2026-03-10T18:00:00-04:00"]
    assert answer("send it by April 31")["error"] == "invalid"
    assert answer("send it yesterday")["error"] == "past"
    assert answer("send it from Friday to Thursday")["error"] == "ambiguous"


def test_a_deadline_with_nothing_to_do_is_no_task() -> None:
    shown = answer("by Friday")
    assert (shown["deadline"], shown["error"]) == (None, "no_task")


def test_the_locale_is_optional_and_counts() -> None:
    assert answer("am 15.3.", phrase=True, locale="de")["deadline"] == "2026-03-15T18:00:00-04:00"


def test_the_week_is_the_owners() -> None:
    asked = {"phrase": True, "now": "2026-10-14T12:20:00+03:00", "tz": "Asia/Riyadh"}
    hours = {"days": ["Sunday", "mon", 1, 2, 3], "start": "08:00", "end": "16:30", "holidays": ["2026-10-22"]}
    shown = {
        text: answer(text, **asked, hours=hours)["deadline"][:16]  # type: ignore[arg-type]
        for text in ("end of week", "this weekend", "next week", "in 2 working days", "next Sunday", "in half a day")
    }
    assert shown == {
        "end of week": "2026-10-15T16:30",
        "this weekend": "2026-10-17T16:30",
        "next week": "2026-10-21T16:30",
        "in 2 working days": "2026-10-18T16:30",
        "next Sunday": "2026-10-18T16:30",
        "in half a day": "2026-10-14T16:20",
    }
