"""The progress of a story, and its mode: at its pace, step by step, or paused."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

#: How long a step stays, in seconds; the page goes up and down these.
PACES = (4.0, 2.0, 0.8, 0.3, 0.0)


@dataclass
class StoryProgress:
    """`caption` says what happens now, `who` does it and `where`; `fault` why the story stopped early.

    `card` is what stands at the end: what happened, in sentences.
    """

    title: str = ""
    place: str = ""
    step: int = 0
    of: int = 0
    caption: str = ""
    who: str = ""
    where: str = ""
    running: bool = False
    paused: bool = False
    pace_s: float = 0.0
    fault: str | None = None
    card: list[str] = field(default_factory=list)
    task: asyncio.Task[None] | None = field(default=None, repr=False)
    _may_go_on: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def stop(self) -> None:
        if self.task and not self.task.done():
            self.task.cancel()

    def pause(self) -> None:
        self.paused = True
        self._may_go_on.clear()

    def go_on(self) -> None:
        self.paused = False
        self._may_go_on.set()

    def one_step(self) -> None:
        """Lets a paused story do one more step."""
        self.paused = True
        self._may_go_on.set()

    def change_pace(self, faster: bool) -> None:
        nearest = min(range(len(PACES)), key=lambda place: abs(PACES[place] - self.pace_s))
        self.pace_s = PACES[max(0, min(len(PACES) - 1, nearest + (1 if faster else -1)))]

    async def turn(self) -> None:
        """Waits while the story is paused."""
        if self.paused:
            await self._may_go_on.wait()
            self._may_go_on.clear()

    def shown(self) -> dict[str, Any]:
        names = ("title", "place", "step", "of", "caption", "running", "paused", "pace_s", "fault", "card")
        return {name: getattr(self, name) for name in names}
