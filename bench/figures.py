"""One measured figure, and how figures are shown and kept."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
#: A ratio of one run differs from another's by so much without anything having changed.
WORSE = 1.3
START, END = "<!-- figures -->", "<!-- /figures -->"

#: The parts of the page in their order, and the figures of each by words in their names; the last takes all others.
SECTIONS: dict[str, re.Pattern[str]] = {
    "What people feel": re.compile(
        r"/promise` at |callers|^a click|^`list`, |^`show` of|^Home with|^a form|^a digest of|^settings sent"
        r"|newcomers|^the first `|is drawn after|is seen after|^a lone reminder|^messages sooner|^draining 120"
        r"|PostgreSQL 200 ms late"
    ),
    "How it grows": re.compile(
        r"at 1[0,]+ (?:pending|open)|^draining 10,000|longest stall|at the same moment|old promises|workspaces"
    ),
    "What it reads": re.compile(r"^own |^a command (?:of|twice)|of 100 (?:commands|expressions)"),
    "What it costs": re.compile(""),
}
ORDER = ("What people feel", "What it costs", "How it grows", "What it reads")


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` and `peers` in `unit`; `ratio` is what counts, since the machine's speed is in neither.

    `goal` is a sentence such as "≥ 0.4"; `met` says whether this run reached it (None: there is no goal).
    """

    name: str
    unit: str
    ours: float
    peers: float
    ratio: float
    goal: str = ""
    met: bool | None = None


def at_least(name: str, unit: str, ours: float, peers: float, goal: float) -> Figure:
    """Where more is better: the ratio ours / peer's should reach the goal."""
    ratio = ours / peers
    return Figure(name, unit, round(ours, 3), round(peers, 3), round(ratio, 3), f"≥ {goal:g}", ratio >= goal)


def at_most(name: str, unit: str, ours: float, peers: float, goal: float) -> Figure:
    """Where less is better: the ratio ours / peer's should stay under the goal."""
    ratio = ours / peers
    return Figure(name, unit, round(ours, 3), round(peers, 3), round(ratio, 3), f"≤ {goal:g}", ratio <= goal)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    marks = {True: "yes", False: "**no**", None: ""}
    rows = [
        f"| {figure.name} | {_amount(figure.ours, figure.unit)} | {_amount(figure.peers, figure.unit, none='')} | "
        f"{f'{figure.ratio:g}' if figure.peers else ''} | {figure.goal} | {marks[figure.met]} |"
        for figure in figures
    ]
    return "\n".join(["| what | Kept | peer | ratio | goal | met |", "|---|---|---|---|---|---|", *rows])


def _amount(number: float, unit: str, none: str | None = None) -> str:
    """Return a number with its unit; `none` where it is 0, if given: a figure without a peer has a peer's 0.

    >>> _amount(12.5, "MB"), _amount(0, "MB", none="")
    ('12.5 MB', '')
    """
    return none if none is not None and not number else f"{number:,g} {unit}".rstrip()


def sections(figures: Sequence[Figure]) -> str:
    """The figures as a table for each part of the page."""
    parts: dict[str, list[Figure]] = {name: [] for name in ORDER}
    for figure in figures:
        parts[section_of(figure.name)].append(figure)
    return "\n\n".join(f"## {name}\n\n{table(found)}" for name, found in parts.items() if found)


def section_of(name: str) -> str:
    """Return the part of the page that a figure belongs to.

    >>> section_of("Home with 20 open, SQLite: p95"), section_of("Home at 1,000,000 open promises against 10,000")
    ('What people feel', 'How it grows')
    """
    return next(section for section, names in SECTIONS.items() if names.search(name))


def kept_before() -> list[Figure]:
    """Return the figures of earlier runs."""
    return [Figure(**row) for row in json.loads(RESULTS.read_text(encoding="utf-8"))] if RESULTS.exists() else []


def worse(figures: Sequence[Figure], before: Sequence[Figure]) -> list[str]:
    """Return a line for each figure with a goal whose ratio is worse than before by more than WORSE.

    >>> [was] = [at_least("rate", "/s", 20, 100, 0.1)]
    >>> worse([at_least("rate", "/s", 12, 100, 0.1)], [was]), worse([at_least("rate", "/s", 19, 100, 0.1)], [was])
    (['Worse than before: rate, 0.2 then and 0.12 now.'], [])
    """
    then = {figure.name: figure for figure in before}
    pairs = [(then[figure.name], figure) for figure in figures if figure.goal and figure.name in then]
    return [
        f"Worse than before: {now.name}, {_counts(was):g} then and {_counts(now):g} now."
        for was, now in pairs
        if _is_worse(_counts(was), _counts(now), more_is_better=now.goal.startswith("≥"))
    ]


def _counts(figure: Figure) -> float:
    """Return what a figure is judged by: its ratio, or where there is no peer its own amount."""
    return figure.ratio if figure.peers else figure.ours


def _is_worse(was: float, now: float, *, more_is_better: bool) -> bool:
    return now < was / WORSE if more_is_better else now > was * WORSE


def keep(figures: Sequence[Figure]) -> None:
    """Write them as JSON, and into the page between its marks: each in its place, and new ones at the end."""
    fresh = {figure.name: figure for figure in figures}
    everything = list(({figure.name: figure for figure in kept_before()} | fresh).values())
    RESULTS.write_text(
        json.dumps([asdict(figure) for figure in everything], indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{sections(everything)}\n{END}{after}", encoding="utf-8")
