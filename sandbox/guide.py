"""The guided start: six steps that tick themselves as soon as what they ask for has happened, in whichever way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

_PATH = Path(__file__).parent / "guide.yaml"
Counts = Mapping[str, Mapping[str, int]]
_DEADLINE_IN = timedelta(days=2)  # early enough to be asked in time, late enough to renegotiate


@dataclass(frozen=True)
class Step:
    """`done` lists the `acts` and the messages (`said`) that complete the step; `fill` and `move` help with it."""

    title: str
    text: str
    done: Mapping[str, tuple[str, ...]]
    side: str = "left"
    fill: str = ""
    move: bool = False


def read_guide() -> tuple[Step, ...]:
    steps = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return tuple(Step(**each | {"done": {k: tuple(v) for k, v in each["done"].items()}}) for each in steps)


def ticked(steps: tuple[Step, ...], so_far: Counts, before: Counts) -> list[bool]:
    """Return which steps have happened since the guide began, when the counts were `before`."""

    def has(group: str, name: str) -> bool:
        return so_far.get(group, {}).get(name, 0) > before.get(group, {}).get(name, 0)

    return [all(has(group, name) for group, names in step.done.items() for name in names) for step in steps]


def workday_ahead(now: datetime) -> datetime:
    """A working day, two days ahead or as soon after as there is one."""
    day = now + _DEADLINE_IN
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def filled(step: Step, now: datetime) -> str:
    """The words to type, with a weekday that is soon; `now` is a local time."""
    return step.fill.replace("{day}", f"{workday_ahead(now):%A}")


def shown(steps: tuple[Step, ...], ticks: list[bool], now: datetime) -> dict[str, Any]:
    """Return the guide for the page: the steps, and which is next (their number when all are done)."""
    current = next((place for place, done in enumerate(ticks) if not done), len(steps))
    lines = [
        {"step": step, "done": done, "current": place == current, "fill": filled(step, now)}
        for place, (step, done) in enumerate(zip(steps, ticks, strict=True))
    ]
    return {"steps": lines, "current": current}
