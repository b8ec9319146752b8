"""Redraw posted messages about promises from current facts."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.domain.promise import ChannelId, TeamId
from bot.ports import Delivery, DeliveryId, Fault, Message, Messenger, Refused, Transaction, Unknown
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import Pace, Redrawing, steady
from bot.use_cases.delivery.preloading import SLICE_S
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
        #: One workspace's messages are drawn at a time: those of many would take their slices without a turn between.
        self._drawing = asyncio.Lock()

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
        await self._store.write(redraws[0].team_id, partial(self._record, progress))
        return progress.ended, fault

    async def _update(self, subject: Subject, progress: _Progress) -> Refused | Unknown | None:
        team_id = subject.promise.team_id
        turns = self._turns.setdefault(team_id, Redrawing(self._pace))
        for row, channel_id, ts, message in await self._changed(subject, progress):
            await turns.turn()
            outcome = await self._messenger.update(team_id, channel_id, ts, message)
            if isinstance(outcome, Unknown) or (isinstance(outcome, Refused) and outcome.fault in PASSING):
                return outcome
            progress.shown.append((row, fingerprint(message)))
        return None

    async def _changed(
        self, subject: Subject, progress: _Progress
    ) -> Sequence[tuple[Delivery, ChannelId, str, Message]]:
        """Draw a promise's messages, and return those that are not shown so yet, each with its place in Slack."""
        changed = []
        async with self._drawing:
            began = steady()
            for row, message in self._rendering.redrawn(subject, self._clock.now(), progress.seen):
                if row.channel_id and row.ts and fingerprint(message) != row.shown:
                    changed.append((row, row.channel_id, row.ts, message))
                if steady() - began > SLICE_S:
                    await asyncio.sleep(0)
                    began = steady()
            await asyncio.sleep(0)
        return changed

    def _record(self, progress: _Progress, tx: Transaction) -> None:
        for row, drawn in progress.shown:
            tx.deliveries.note_shown(row, drawn)
        for redraw in progress.ended:
            tx.deliveries.record_done(redraw, "redrawn", self._clock.now())
