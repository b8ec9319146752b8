"""A draft as the value of a button, so that typed text survives until the person chooses."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.drafts import Draft, RequesterDoubt, Source
from bot.domain.errors import UnreadableError
from bot.domain.promise import Due, UserId
from bot.domain.recurring import rule_from
from bot.domain.weight import Priority, Weight
from bot.domain.working_time import aware
from bot.language import N_

#: Slack's limit for the value of a button.
VALUE_LIMIT = 2000
_FIELDS = (
    {"a": bool, "b": bool, "l": int, "e": int, "u": dict} | dict.fromkeys("wrocp", str) | dict.fromkeys("dsmnq", list)
)
#: Maximum number of further people of one name.
MAX_OTHERS = 4
_TOO_OLD = N_("That button no longer works. Type the promise again.")


def encode_draft(draft: Draft) -> str:
    """Return the draft in at most 2,000 characters; the longest texts are cut first."""
    value = _written(draft)
    while len(value) > VALUE_LIMIT:
        draft = _shorter(draft, len(value) - VALUE_LIMIT)
        value = _written(draft)
    return value


def decode_draft(value: str) -> Draft:
    """Return the draft in a button's value.

    Raises UnreadableError when the value was not written by `encode_draft`.
    """
    try:
        return _read(json.loads(value))
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError) as fault:
        raise UnreadableError(_TOO_OLD) from fault


def _written(draft: Draft) -> str:
    due = [int(draft.due.at.timestamp()), draft.due.zone] if draft.due else None
    fields = {
        "w": draft.what,
        "d": due,
        "r": draft.requester_id,
        "o": draft.owner_id,
        "s": list(draft.watchers),
        "c": draft.done_when,
        "a": draft.asks,
        "b": draft.is_private,
        "l": draft.lead_days,
        "e": draft.weight.estimate and draft.weight.estimate // timedelta(minutes=1),
        "p": None if draft.weight.priority is Priority.NORMAL else draft.weight.priority,
        "m": [draft.source.ts, draft.source.thread_ts] if draft.source else None,
        "u": draft.rule.written() if draft.rule else None,
        "n": list(draft.needs),
        "q": _doubt_written(draft),
    }
    return json.dumps(
        {name: field for name, field in fields.items() if field}, ensure_ascii=False, separators=(",", ":")
    )


def _doubt_written(draft: Draft) -> list[str] | None:
    """Return the person in doubt, then the task and the others of that name; the person alone if nobody else is called
    so and the task is the draft's: the value of a button is limited.
    """
    doubt = draft.doubt
    if doubt is None:
        return None
    return (
        [doubt.person] if doubt.what == draft.what and not doubt.others else [doubt.person, doubt.what, *doubt.others]
    )


def _shorter(draft: Draft, by: int) -> Draft:
    """Shorten the longest texts; an escape in JSON takes up to six characters, so this may need a second pass."""
    cut = max(by // 6, 1)
    if draft.done_when and len(draft.done_when) >= len(draft.what):
        return replace(draft, done_when=draft.done_when[:-cut])
    doubt = draft.doubt
    if doubt and doubt.what != draft.what and len(doubt.what) >= len(draft.what):
        return replace(draft, doubt=replace(doubt, what=doubt.what[:-cut]))
    if draft.what:
        if doubt and doubt.what == draft.what:
            doubt = replace(doubt, what=doubt.what[:-cut])
        return replace(draft, what=draft.what[:-cut], doubt=doubt)
    if draft.watchers:
        return replace(draft, watchers=draft.watchers[:-1])
    return replace(draft, needs=draft.needs[:-1])


def _read(fields: object) -> Draft:
    if not isinstance(fields, dict) or not set(fields) <= set(_FIELDS):
        raise ValueError(_TOO_OLD)
    for name, field in fields.items():
        if type(field) is not _FIELDS[name]:
            raise ValueError(_TOO_OLD)
    watchers = fields.get("s", [])
    if not all(isinstance(watcher, str) for watcher in watchers):
        raise ValueError(_TOO_OLD)
    return Draft(
        what=fields.get("w", ""),
        due=_due(fields["d"]) if "d" in fields else None,
        requester_id=UserId(fields["r"]) if "r" in fields else None,
        owner_id=UserId(fields["o"]) if "o" in fields else None,
        watchers=tuple(UserId(watcher) for watcher in watchers),
        done_when=fields.get("c", ""),
        asks=fields.get("a", False),
        is_private=fields.get("b", False),
        needs=_numbers(fields.get("n", [])),
        source=_source(fields["m"]) if "m" in fields else None,
        rule=rule_from(fields["u"]) if "u" in fields else None,
        lead_days=fields.get("l"),
        doubt=_doubt(fields["q"], fields.get("w", "")) if "q" in fields else None,
        weight=Weight(
            timedelta(minutes=fields["e"]) if "e" in fields else None, Priority(fields.get("p", Priority.NORMAL))
        ),
    )


def _numbers(parts: list[object]) -> tuple[int, ...]:
    numbers = tuple(part for part in parts if type(part) is int and 0 < part < 10**9)
    if len(numbers) != len(parts):
        raise ValueError(_TOO_OLD)
    return numbers


def _doubt(parts: list[object], what: str) -> RequesterDoubt:
    person, task, *others = map(str, parts if len(parts) > 1 else (*parts, what))
    if len(others) > MAX_OTHERS:
        raise ValueError(_TOO_OLD)
    return RequesterDoubt(UserId(person), task, tuple(map(UserId, others)))


def _source(parts: list[object]) -> Source:
    ts, thread_ts = map(str, parts)
    return Source(ts, thread_ts)


def _due(parts: list[object]) -> Due:
    at, zone = parts
    if type(at) is not int or not isinstance(zone, str):
        raise ValueError(_TOO_OLD)
    return Due(aware(datetime.fromtimestamp(at, ZoneInfo(zone))), zone)
