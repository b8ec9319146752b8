"""Retention: delete closed promises after the time their workspace chose, in small steps that block nothing."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from bot.domain.figures import credit
from bot.domain.outcomes import account_of
from bot.domain.promise import TeamId
from bot.domain.retention import Retention, read_retention
from bot.domain.spans import EPOCH
from bot.ports import Transaction
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import steady

#: How many promises one step deletes, and at least: a transaction of a few milliseconds.
STEP, MIN_STEP = 50, 5
#: A step that takes longer makes the next ones smaller, for a message that is due waits for it.
SLOW_S = 0.25
#: The pause between two steps, however often the scheduler is woken.
PAUSE_S = 1.0
#: How often expired promises are looked for, in monotonic seconds.
LOOK_S = 3600.0
#: The name of the admin setting for retention.
RETENTION = "retention"


@dataclass(slots=True)
class StepSize:
    """The number of promises that the next step deletes."""

    size: int = STEP

    def note(self, took_s: float) -> None:
        """Halve the size after a slow step; let it grow again after a quick one."""
        self.size = max(MIN_STEP, self.size // 2) if took_s > SLOW_S else min(STEP, self.size + MIN_STEP)


class RetentionSweep:
    """Deletes expired promises, from an hour after the start on: an admin may choose first, after an update."""

    def __init__(self, context: Context, look_s: float = LOOK_S, pause_s: float = PAUSE_S) -> None:
        self._store, self._clock = context.store, context.clock
        self._waiting: deque[TeamId] = deque()
        self._look_s, self._pause_s = look_s, pause_s
        self._steps, self._stepped_at = StepSize(), float("-inf")
        self._looked_at: float | None = None
        self._wordless: dict[TeamId, datetime] = {}

    async def step(self) -> int:
        """Delete one batch of expired promises, one workspace after the other; return how many it was."""
        if not self._waiting:
            if self._looked_at is None:
                self._looked_at = steady()
            if steady() - self._looked_at < self._look_s:
                return 0
            self._looked_at = steady()
            self._waiting.extend(await self._store.workspaces())
        began = steady()
        if not self._waiting or began - self._stepped_at < self._pause_s:
            return 0
        team_id = self._waiting[0]
        done = await self._store.write(team_id, lambda tx: self._prune(tx, team_id))
        self._stepped_at = steady()
        self._steps.note(self._stepped_at - began)
        if not done:
            self._waiting.popleft()
        return done

    def _prune(self, tx: Transaction, team_id: TeamId) -> int:
        now, kept = self._clock.now(), retention_of(tx)
        if old := tx.retention.closed_between(EPOCH, now - kept.promises, self._steps.size):
            for past in tx.records.those([promise_id for promise_id, _ in old]).values():
                if account := account_of(past):
                    tx.retention.count(past.promise.owner_id, account.outcome, credit(account))
            tx.retention.remove([promise_id for promise_id, _ in old])
            return len(old)
        since = self._wordless.get(team_id, EPOCH)
        wordy = tx.retention.closed_between(since, now - kept.words, self._steps.size, with_words=True)
        if wordy:
            tx.retention.remove_words([promise_id for promise_id, _ in wordy])
            self._wordless[team_id] = wordy[0][1]
            return len(wordy)
        return tx.retention.remove_messages(now - kept.promises, self._steps.size)


def retention_of(tx: Transaction) -> Retention:
    """Return how long the workspace keeps closed promises."""
    chosen = tx.retention.chosen(RETENTION)
    return read_retention(chosen) if chosen else Retention()
