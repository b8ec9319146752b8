"""Redraw posted messages about promises from current facts."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.domain.promise import TeamId
from bot.ports import Delivery, DeliveryId, Fault, Messenger, Refused, Transaction, Unknown
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import Pace, Redrawing
from bot.use_cases.delivery.rendered import fingerprint
from bot.use_cases.delivery.rendering import Rendering
from bot.use_cases.delivery.subjects import Subject

#: After these a redraw is retried; any other refusal concerns that one message, which is left as it is.
PASSING = frozenset({Fault.LIMITED, Fault.OUTAGE, Fault.WORKSPACE_GONE, Fault.NOT_SET_UP})


@dataclass(slots=True)
class _Progress:
    """The messages looked at, those of them that were updated, and the redraws that ended."""

    seen: set[DeliveryId] = field(default_factory=set)
    shown: list[tuple[Delivery, str]] = field(default_factory=list)
    ended: list[Delivery] = field(default_factory=list)


class Redraws:
    def __init__(self, context: Context, messenger: Messenger, rendering: Rendering, pace: Pace) -> None:
        self._store, self._clock = context.store, context.clock
        self._messenger, self._rendering, self._pace = messenger, rendering, pace
        self._turns: dict[TeamId, Redrawing] = {}

    async def run(
        self, redraws: Sequence[Delivery], is_held_up: Callable[[], bool]
    ) -> tuple[Sequence[Delivery], Refused | Unknown | None]:
        """Redraw the posted messages of the redraws' promises, each once; the redraws are of one workspace.

        `is_held_up` says between two of them whether the rest has to wait. Return those that ended, and for what the
        next one is to be tried again. Redrawing twice is harmless, so it may repeat.
        """
        subjects, progress, fault = await self._rendering.subjects(redraws), _Progress(), None
        for redraw, subject in zip(redraws, subjects, strict=True):
            if progress.ended and is_held_up():
                break
            fault = await self._update(subject, progress) if subject else None
            if fault:
                break
            progress.ended.append(redraw)
            await asyncio.sleep(0)  # requests are answered between two of them
        await self._store.write(redraws[0].team_id, partial(self._record, progress))
        return progress.ended, fault

    async def _update(self, subject: Subject, progress: _Progress) -> Refused | Unknown | None:
        team_id = subject.promise.team_id
        turns = self._turns.setdefault(team_id, Redrawing(self._pace))
        for row, message in self._rendering.redrawn(subject, self._clock.now(), progress.seen):
            drawn = fingerprint(message)
            if row.channel_id is None or row.ts is None or drawn == row.shown:
                continue
            await turns.turn()
            outcome = await self._messenger.update(team_id, row.channel_id, row.ts, message)
            if isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and outcome.fault in PASSING):
                return outcome
            progress.shown.append((row, drawn))
        return None

    def _record(self, progress: _Progress, tx: Transaction) -> None:
        for row, drawn in progress.shown:
            tx.deliveries.note_shown(row, drawn)
        for redraw in progress.ended:
            tx.deliveries.record_done(redraw, "redrawn", self._clock.now())
