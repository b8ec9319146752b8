"""A person's record: the condition for figures first, then how promises ended."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import assert_never

from bot.domain.figures import MIN_OUTCOMES, MIN_PEOPLE, Record, RecordAccess, RecordSeen, Week
from bot.domain.outcomes import Outcome
from bot.domain.promise import UserId
from bot.domain.satisfaction import Trend
from bot.domain.working_time import WorkingHours
from bot.language import N_, _, ngettext
from bot.ports import Message
from bot.views.blocks import Block, context, header, section, text_message
from bot.views.charts import weeks_chart
from bot.views.phrases import RATINGS
from bot.views.words import named, person

_DAY = WorkingHours().working_day
_NAMES: dict[Outcome, str] = {
    Outcome.ON_TIME: N_("on time"),
    Outcome.RENEGOTIATED: N_("renegotiated early and kept"),
    Outcome.LATE: N_("late"),
    Outcome.REPAIRED: N_("missed, then repaired"),
    Outcome.MISSED: N_("missed"),
    Outcome.REVOKED_EARLY: N_("cancelled early"),
    Outcome.REVOKED_LATE: N_("cancelled late"),
}


def record_message(seen: RecordSeen, viewer: UserId) -> Message:
    """Return the record as this viewer may see it; below five outcomes only the reason for no figures."""
    whose, own = named(seen.owner_id, viewer), seen.owner_id == viewer
    if seen.view is RecordAccess.NOTHING:
        text = _("{whose} has promised you nothing yet, and keeps their record private.").format(whose=whose)
        return text_message(text)
    title = (
        _("Your record")
        if own
        else _("Between the two of you")
        if seen.view is RecordAccess.SHARED
        else _("An open record")
    )
    blocks = [
        header(title),
        *([] if own else [context(_scope(seen.view).format(whose=whose))]),
    ]
    if seen.record.is_hidden:
        text = _("Figures appear after {least} finished promises ({outcomes} so far).").format(
            least=MIN_OUTCOMES, outcomes=seen.record.outcomes
        )
        return Message(text, [*blocks, section(text), *_ratings(seen.ratings), *_foot(seen, own)])
    blocks += [section(_lead(seen.record, own)), section(_outcomes(seen.record))]
    blocks += weeks_chart(_("The last eight weeks"), seen.weeks)
    return Message(_text(seen, viewer), [*blocks, *_ratings(seen.ratings), *_foot(seen, own)])


def record_line(record: Record) -> str:
    """Return a record in one sentence."""
    return _("kept {share} of {outcomes} finished promises.").format(share=share(record.kept), outcomes=record.outcomes)


def team_message(found: tuple[Record, Sequence[Week]] | None) -> Message:
    """Return a channel's figures without names."""
    if found is None or found[0].is_hidden:
        text = _(
            "Figures for a channel appear once {least} people have finished promises in it. With "
            "fewer, they would point at one person."
        ).format(least=MIN_PEOPLE)
        return text_message(text)
    record, weeks = found
    text = _("Kept: {share} of {outcomes} promises made here.").format(
        share=share(record.kept), outcomes=record.outcomes
    )
    lead = section(f"*{text}*\n{_('Everybody together; nobody is ranked.')}")
    blocks = [header(_("Promises made here")), lead, section(_outcomes(record))]
    return Message(text, [*blocks, *weeks_chart(_("The last eight weeks"), weeks)])


def _scope(view: RecordAccess) -> str:
    match view:
        case RecordAccess.SHARED:
            return _("{whose}’s promises to you. Only the two of you see this")
        case RecordAccess.OPENED:
            return _("{whose}’s promises in public channels, open to everybody")
        case RecordAccess.WHOLE | RecordAccess.NOTHING:
            return _("{whose}’s promises")
        case _:
            assert_never(view)


def _text(seen: RecordSeen, viewer: UserId) -> str:
    kept = _("Kept: {share} of {outcomes}.").format(share=share(seen.record.kept), outcomes=seen.record.outcomes)
    if seen.record.notice is None:
        return kept
    says = (
        _("When plans change, you usually say so {working_time} ahead.")
        if seen.owner_id == viewer
        else _("When plans change, {whose} usually says so {working_time} ahead.")
    )
    return f"{kept} {says.format(whose=person(seen.owner_id), working_time=working(seen.record.notice))}"


def _lead(record: Record, own: bool) -> str:
    kept = _("*Kept: {share} of {outcomes}.* What was late counts in part.").format(
        share=share(record.kept), outcomes=record.outcomes
    )
    if record.notice is None:
        return f"{kept}\n{_('Every promise was kept as it was made.')}"
    if not record.notice:
        silent = (
            _("When plans changed, you did not say so ahead of time (median of {count}).")
            if own
            else _("When plans changed, they did not say so ahead of time (median of {count}).")
        )
        return f"{kept}\n{silent.format(count=record.warnings)}"
    said = (
        _("When plans changed, you said so {working_time} ahead (median of {count}).")
        if own
        else _("When plans changed, they said so {working_time} ahead (median of {count}).")
    ).format(working_time=working(record.notice), count=record.warnings)
    advice = "" if not own or record.notice >= _DAY else " " + _("A working day lets others plan around it.")
    return f"{kept}\n{said}{advice}"


def _outcomes(record: Record) -> str:
    counted = [f"{record.counts[outcome]} {_(name)}" for outcome, name in _NAMES.items() if record.counts.get(outcome)]
    aside = record.counts.get(Outcome.RELEASED, 0)
    lines = [" · ".join(counted)]
    if aside:
        lines.append(_("{count} no longer needed (not counted)").format(count=aside))
    return "\n".join(lines)


def _ratings(trend: Trend | None) -> list[Block]:
    """Return how deliveries were rated, for the two parties or for oneself."""
    if trend is None:
        return []
    ratings = ", ".join(
        f"{trend.lately[rating]} {_(words)}" for rating, words in RATINGS.items() if trend.lately.get(rating)
    )
    goes = {1: _(" – better than before"), -1: _(" – less than before"), 0: _(" – as before")}
    return [
        context(
            _("How deliveries were lately: {ratings}{trend}.").format(
                ratings=ratings, trend=goes[trend.rises] if trend.rises is not None else ""
            )
        )
    ]


def _foot(seen: RecordSeen, own: bool) -> list[Block]:
    if not own:
        return []
    if seen.is_opened:
        return [context(_("Everybody can see the public part of this. `/promise stats close` ends that."))]
    return [
        context(
            _(
                "Only you see all of this. A colleague sees what the two of you share. "
                "`/promise stats open` shows the public part to everybody."
            )
        )
    ]


def opened(is_open: bool) -> Message:
    """Return the confirmation of who can see the record."""
    text = (
        _("Your record is open: everybody can see what you promised in public channels.")
        if is_open
        else _("Your record is private again: a colleague sees only what the two of you share.")
    )
    return text_message(text)


def share(part: Fraction) -> str:
    """Return a share in whole per cent, rounded down: nothing looks better than it is."""
    return f"{int(part * 100)} %"


def working(length: timedelta) -> str:
    """Return a length of working time.

    >>> working(timedelta(hours=22)), working(timedelta(hours=3, minutes=30)), working(timedelta(minutes=5))
    ('2 working days', '3 working hours', '5 minutes')
    """
    if (days := length // _DAY) >= 1:
        return ngettext("{count} working day", "{count} working days", days)
    if (hours := length // timedelta(hours=1)) >= 1:
        return ngettext("{count} working hour", "{count} working hours", hours)
    if (minutes := length // timedelta(minutes=1)) >= 1:
        return ngettext("{count} minute", "{count} minutes", minutes)
    return _("less than a minute")
