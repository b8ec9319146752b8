"""A person's record: the condition for figures first, then how promises ended."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import assert_never

from bot.domain.figures import LEAST_OUTCOMES, LEAST_PEOPLE, Record, RecordAccess, RecordSeen, Week
from bot.domain.outcomes import Outcome
from bot.domain.promise import UserId
from bot.domain.satisfaction import Trend
from bot.domain.working_time import WorkingHours
from bot.ports import Message
from bot.views.blocks import Block, context, header, section
from bot.views.charts import weeks_chart
from bot.views.phrases import RATINGS
from bot.views.words import named, opening

_DAY = WorkingHours().working_day
_NAMES: dict[Outcome, str] = {
    Outcome.ON_TIME: "on time",
    Outcome.RENEGOTIATED: "renegotiated early and kept",
    Outcome.LATE: "late",
    Outcome.REPAIRED: "missed, then repaired",
    Outcome.MISSED: "missed",
    Outcome.REVOKED_EARLY: "cancelled early",
    Outcome.REVOKED_LATE: "cancelled late",
}


def record_message(seen: RecordSeen, viewer: UserId) -> Message:
    """Return the record as this viewer may see it; below five outcomes only the reason for no figures."""
    whose, own = named(seen.owner_id, viewer), seen.owner_id == viewer
    if seen.view is RecordAccess.NOTHING:
        text = f"{opening(whose)} has promised you nothing yet, and keeps their record private."
        return Message(text, [section(text)])
    title = "Your record" if own else "Between the two of you" if seen.view is RecordAccess.SHARED else "An open record"
    blocks = [header(title), *([] if own else [context(f"{opening(whose)}’s promises{_scope(seen.view)}")])]
    if seen.record.is_hidden:
        text = f"Figures appear after {LEAST_OUTCOMES} finished promises ({seen.record.outcomes} so far)."
        return Message(text, [*blocks, section(text), *_ratings(seen.ratings), *_foot(seen, own)])
    blocks += [section(_lead(seen.record, own)), section(_outcomes(seen.record))]
    blocks += weeks_chart("The last eight weeks", seen.weeks)
    return Message(_text(seen, whose), [*blocks, *_ratings(seen.ratings), *_foot(seen, own)])


def record_line(record: Record) -> str:
    """Return a record in one sentence."""
    return f"kept {share(record.kept)} of {record.outcomes} finished promises."


def team_message(found: tuple[Record, Sequence[Week]] | None) -> Message:
    """Return a channel's figures without names."""
    if found is None or found[0].is_hidden:
        text = (
            f"Figures for a channel appear once {LEAST_PEOPLE} people have finished promises in it. "
            "With fewer, they would point at one person."
        )
        return Message(text, [section(text)])
    record, weeks = found
    text = f"Kept: {share(record.kept)} of {record.outcomes} promises made here."
    lead = section(f"*{text}*\nEverybody together; nobody is ranked.")
    blocks = [header("Promises made here"), lead, section(_outcomes(record))]
    return Message(text, [*blocks, *weeks_chart("The last eight weeks", weeks)])


def _scope(view: RecordAccess) -> str:
    match view:
        case RecordAccess.SHARED:
            return " to you. Only the two of you see this"
        case RecordAccess.OPENED:
            return " in public channels, open to everybody"
        case RecordAccess.WHOLE | RecordAccess.NOTHING:
            return ""
        case _:
            assert_never(view)


def _text(seen: RecordSeen, whose: str) -> str:
    kept = f"Kept: {share(seen.record.kept)} of {seen.record.outcomes}."
    if seen.record.notice is None:
        return kept
    says = "say" if whose == "you" else "says"
    return f"{kept} When plans change, {whose} usually {says} so {working(seen.record.notice)} ahead."


def _lead(record: Record, own: bool) -> str:
    kept = f"*Kept: {share(record.kept)} of {record.outcomes}.* What was late counts in part."
    if record.notice is None:
        return f"{kept}\nEvery promise was kept as it was made."
    who, of = "you" if own else "they", f"(median of {record.warnings})"
    if not record.notice:
        return f"{kept}\nWhen plans changed, {who} did not say so ahead of time {of}."
    advice = "" if not own or record.notice >= _DAY else " A working day lets others plan around it."
    return f"{kept}\nWhen plans changed, {who} said so {working(record.notice)} ahead {of}.{advice}"


def _outcomes(record: Record) -> str:
    counted = [f"{record.counts[outcome]} {name}" for outcome, name in _NAMES.items() if record.counts.get(outcome)]
    aside = record.counts.get(Outcome.RELEASED, 0)
    lines = [" · ".join(counted)]
    if aside:
        lines.append(f"{aside} no longer needed (not counted)")
    return "\n".join(lines)


def _ratings(trend: Trend | None) -> list[Block]:
    """Return how deliveries were rated, for the two parties or for oneself."""
    if trend is None:
        return []
    ratings = ", ".join(
        f"{trend.lately[rating]} {words}" for rating, words in RATINGS.items() if trend.lately.get(rating)
    )
    goes = {1: " – better than before", -1: " – less than before", 0: " – as before"}
    return [context(f"How deliveries were lately: {ratings}{goes[trend.rises] if trend.rises is not None else ''}.")]


def _foot(seen: RecordSeen, own: bool) -> list[Block]:
    if not own:
        return []
    if seen.is_opened:
        return [context("Everybody can see the public part of this. `/promise stats close` ends that.")]
    return [
        context(
            "Only you see all of this. A colleague sees what the two of you share. "
            "`/promise stats open` shows the public part to everybody."
        )
    ]


def opened(is_open: bool) -> Message:
    """Return the confirmation of who can see the record."""
    text = (
        "Your record is open: everybody can see what you promised in public channels."
        if is_open
        else "Your record is private again: a colleague sees only what the two of you share."
    )
    return Message(text, [section(text)])


def share(part: Fraction) -> str:
    """Return a share in whole per cent, rounded down: nothing looks better than it is."""
    return f"{int(part * 100)} %"


def working(length: timedelta) -> str:
    """Return a length of working time.

    >>> working(timedelta(hours=22)), working(timedelta(hours=3, minutes=30)), working(timedelta(minutes=5))
    ('2 working days', '3 working hours', '5 minutes')
    """
    for unit, size in (("working day", _DAY), ("working hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if (count := length // size) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
