"""How far a story has come."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Telling:
    """`caption` says what happens now, `fault` why the story stopped early."""

    title: str = ""
    place: str = ""
    step: int = 0
    of: int = 0
    caption: str = ""
    running: bool = False
    pace_s: float = 0.0
    fault: str | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def stop(self) -> None:
        if self.task and not self.task.done():
            self.task.cancel()

    def shown(self) -> dict[str, Any]:
        names = ("title", "place", "step", "of", "caption", "running", "fault")
        return {name: getattr(self, name) for name in names}
