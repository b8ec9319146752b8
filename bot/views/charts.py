"""Slack's native charts, always with the same figures as text."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.figures import Week
from bot.domain.outcomes import Outcome
from bot.language import N_, _, day_text
from bot.views.blocks import Block, context
from bot.views.words import cut

TITLE_LIMIT, NAME_LIMIT = 50, 20
#: Groups of outcomes in the chart of eight weeks: Slack allows six series.
GROUPS: Mapping[str, frozenset[Outcome]] = {
    N_("Kept as agreed"): frozenset({Outcome.ON_TIME}),
    N_("Moved early, kept"): frozenset({Outcome.RENEGOTIATED}),
    N_("Late or repaired"): frozenset({Outcome.LATE, Outcome.REPAIRED}),
    N_("Missed"): frozenset({Outcome.MISSED}),
    N_("Cancelled"): frozenset({Outcome.REVOKED_EARLY, Outcome.REVOKED_LATE}),
}


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[int]], y_label: str) -> Block:
    names = [cut(each, NAME_LIMIT) for each in categories]
    return {
        "type": "data_visualization",
        "title": cut(title, TITLE_LIMIT),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": cut(name, NAME_LIMIT),
                    "data": [{"label": label, "value": value} for label, value in zip(names, values, strict=True)],
                }
                for name, values in series.items()
            ],
            "axis_config": {"categories": names, "x_label": _("Week of"), "y_label": y_label},
        },
    }


def weeks_chart(title: str, weeks: Sequence[Week]) -> list[Block]:
    """Return eight weeks as a chart with its text, every series in one order and palette; empty if nothing ended."""
    series = {_(name): [_count(week, outcomes) for week in weeks] for name, outcomes in GROUPS.items()}
    if not any(map(any, series.values())):
        return []
    lines = [line for place, week in enumerate(weeks) if (line := _words(week, place, series))]
    return [bar_chart(title, [_day(week.first_on) for week in weeks], series, _("Promises")), context("\n".join(lines))]


def outcomes_in(weeks: Sequence[Week]) -> int:
    """Return how many promises ended in these weeks, as the chart counts them."""
    return sum(_count(week, outcomes) for week in weeks for outcomes in GROUPS.values())


def _words(week: Week, place: int, series: Mapping[str, Sequence[int]]) -> str:
    counts = [f"{values[place]} {name[0].lower()}{name[1:]}" for name, values in series.items() if values[place]]
    return _("Week of {day}: {counts}.").format(day=_day(week.first_on), counts=", ".join(counts)) if counts else ""


def _count(week: Week, outcomes: frozenset[Outcome]) -> int:
    return sum(week.counts.get(outcome, 0) for outcome in outcomes)


def _day(day: date) -> str:
    return day_text(day, weekday=False)
