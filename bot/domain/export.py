"""Export of a person's promises for spreadsheets, safe from formula injection, and for calendars."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.outcomes import Past, account_of
from bot.domain.promise import Promise, UserId

#: Spreadsheets read a cell with one of these prefixes as a formula, full-width forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEAD = (
    "number",
    "owed to",
    "what",
    "done when",
    "due",
    "state",
    "outcome",
    "made",
    "reported",
    "closed",
    "rating",
    "estimate (h)",
    "priority",
)


def harmless(cell: str) -> str:
    """Escape a cell so that spreadsheets read it as text.

    >>> harmless("=HYPERLINK(A1)"), harmless(" -1+1"), harmless("send 2+2")
    ("'=HYPERLINK(A1)", "' -1+1", 'send 2+2')
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA) or cell.startswith("'") else cell


def rows(pasts: Iterable[Past], names: Mapping[UserId, str]) -> list[tuple[str, ...]]:
    """Return HEAD and a row per promise, in the order given; instants are ISO 8601 in the deadline's zone."""
    return [HEAD, *(tuple(map(harmless, _row(past, names))) for past in pasts)]


def _row(past: Past, names: Mapping[UserId, str]) -> tuple[str, ...]:
    promise, account = past.promise, account_of(past)
    zone = promise.terms.due.local.tzinfo

    def moment(at: datetime | None) -> str:
        return at.astimezone(zone).isoformat(timespec="minutes") if at else ""

    to = "" if promise.is_own else names.get(promise.requester_id, promise.requester_id)
    return (
        str(promise.number),
        to,
        promise.terms.what,
        promise.terms.done_when,
        moment(promise.terms.due.at),
        promise.state.value,
        account.outcome.value if account else "",
        moment(promise.made_at),
        moment(past.course.reported_at),
        moment(promise.closed_at),
        promise.rating,
        hours_written(promise.weight.estimate),
        promise.weight.priority.value,
    )


def hours_written(estimate: timedelta | None) -> str:
    """
    >>> hours_written(timedelta(minutes=90)), hours_written(None)
    ('1.5', '')
    """
    return f"{round(estimate / timedelta(hours=1), 2):g}" if estimate else ""


def in_calendar(pasts: Iterable[Past]) -> tuple[Promise, ...]:
    """Return the promises shown in a calendar: those still to be delivered."""
    return tuple(past.promise for past in pasts if past.promise.state is State.ACTIVE)
