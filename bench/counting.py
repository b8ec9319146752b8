"""The counts of the simulation, and the table of docs/reminders.md that is made of them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median, quantiles

from bench.office import Work
from bench.simulated_workspace import ReceivedMessage
from bot.domain.promise import Promise, PromiseId, UserId


@dataclass(slots=True)
class Job:
    """A promise on its way: the work behind it, and what first became of its first date."""

    work: Work
    promise: Promise
    fate: str = ""
    foreseen: bool = False
    decisions: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Seen:
    """The counts of the table; `messages` and `nudges` by person and their local day."""

    messages: Counter[tuple[UserId, date]] = field(default_factory=Counter)
    nudges: Counter[tuple[UserId, date]] = field(default_factory=Counter)
    warned: list[timedelta] = field(default_factory=list)
    outside: list[ReceivedMessage] = field(default_factory=list)
    jobs: dict[PromiseId, Job] = field(default_factory=dict)
    #: Promises whose first deadline came without a word of time to one side before it, by that side.
    unwarned: list[tuple[str, Promise]] = field(default_factory=list)
    #: What a perfect reminder could reach with so many questions: raised early, missed in silence.
    best: dict[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def fates(self) -> Counter[tuple[str, bool]]:
        return Counter((job.fate, job.foreseen) for job in self.jobs.values() if job.fate)


def table(seen: Seen, silent: Seen, days: list[tuple[UserId, date]]) -> str:
    """Return the Markdown table of docs/reminders.md."""
    warnings = [warning / timedelta(hours=1) for warning in seen.warned]
    loads, nudges = ([counted[day] for day in days] for counted in (seen.messages, seen.nudges))
    missed = [job.work for job in seen.jobs.values() if job.fate == "missed"]
    too_late = [work for work in missed if work.knows_at and work.knows_at >= work.due.at]
    best = [f"{questions}: {early:.0%} · {silence:.0%}" for questions, (early, silence) in seen.best.items()]
    rows = [
        ("promises made", f"{len(seen.jobs):,}"),
        ("messages per person and working day, all kinds: median · 99th percentile", _load(loads)),
        ("of these, sent by time: median · 99th percentile", _load(nudges)),
        ("sent by time outside working hours", f"{len(seen.outside) / seen.nudges.total():.1%}"),
        ("warning before the deadline, in working hours: median", f"{median(warnings):.1f}"),
        ("the same: 5th percentile", f"{quantiles(warnings, n=20)[0]:.1f}"),
        ("promises of half an hour or more that came due without a word to both sides before", f"{len(seen.unwarned)}"),
        ("dates that could not be kept: raised early", _share(seen, "raised early")),
        ("raised, but late", _share(seen, "raised late")),
        ("missed in silence", _share(seen, "missed")),
        (
            "of these, seen by the owner only at the deadline or later",
            f"{len(too_late) / sum(seen.fates.values()):.0%}",
        ),
        ("those that the owner saw coming in time: raised early", _share(seen, "raised early", foreseen=True)),
        ("a perfect reminder that asks so often, in the minute they see it: raised early · missed", "; ".join(best)),
        ("without reminders: raised early", _share(silent, "raised early")),
        ("without reminders: missed in silence", _share(silent, "missed")),
        ("without reminders: seen coming and raised early", _share(silent, "raised early", foreseen=True)),
    ]
    return "\n".join(["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _load(counts: list[int]) -> str:
    return f"{median(counts):g} · {quantiles(counts, n=100)[98]:g}"


def _share(seen: Seen, fate: str, *, foreseen: bool = False) -> str:
    of_interest = {key: number for key, number in seen.fates.items() if key[1] or not foreseen}
    whole = sum(of_interest.values())
    return f"{sum(number for key, number in of_interest.items() if key[0] == fate) / whole:.0%} of {whole}"
