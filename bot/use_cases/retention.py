"""Retention: delete closed promises after the time their workspace chose, in small steps that block nothing."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.digest_channels import DIGEST_CHANNELS, DigestChannels, read_digest_channels
from bot.domain.errors import NotAllowedError
from bot.domain.figures import credit
from bot.domain.outcomes import account_of
from bot.domain.promise import TeamId, UserId
from bot.domain.retention import Retention, read_retention
from bot.language import _
from bot.ports import Transaction
from bot.ports.retention import Change, Choice
from bot.use_cases.context import Context
from bot.use_cases.delivery.pacing import steady
from bot.use_cases.digests import Digests, digest_channels
from bot.use_cases.places import LISTENING, may_listen
from bot.use_cases.preferences import PreferenceChanges

#: How many promises one step deletes, and at least: a transaction of a few milliseconds.
STEP, LEAST_STEP = 50, 5
#: A step that takes longer makes the next ones smaller, for a message that is due waits for it.
SLOW_S = 0.25
#: The pause between two steps, however often the scheduler is woken.
PAUSE_S = 1.0
#: How often expired promises are looked for, in monotonic seconds.
LOOK_S = 3600.0
#: How many admin decisions the audit shows.
CHOICES_SHOWN = 20
#: How many are read, to know what was in force before each.
CHOICES_READ = 1000
RETENTION = "retention"
#: What is in force before an admin chooses anything, by the name of the choice.
_AT_FIRST = {RETENTION: Retention().written(), LISTENING: "on", DIGEST_CHANNELS: DigestChannels().written()}
EARLIEST = datetime.fromtimestamp(0, UTC)


@dataclass(slots=True)
class StepSize:
    """The number of promises that the next step deletes."""

    size: int = STEP

    def note(self, took_s: float) -> None:
        """Halve the size after a slow step; let it grow again after a quick one."""
        self.size = max(LEAST_STEP, self.size // 2) if took_s > SLOW_S else min(STEP, self.size + LEAST_STEP)


class RetentionSweep:
    """Deletes expired promises. The first pass runs an hour after the start, so that an admin can choose after an
    update.
    """

    def __init__(
        self,
        context: Context,
        preference_changes: PreferenceChanges,
        digests: Digests,
        look_s: float = LOOK_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._store, self._clock, self._new_id = context.store, context.clock, context.new_id
        self._preference_changes, self._digests = preference_changes, digests
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

    async def current(self, team_id: TeamId) -> Retention:
        return await self._store.read(team_id, _retention)

    async def choose(self, team_id: TeamId, by: UserId, text: str) -> Retention:
        """Save how long an admin's workspace keeps promises.

        Raises NotAllowedError for anyone else, UnreadableError for text that is no retention period.
        """
        await self._preference_changes.check_admin(team_id, by)
        chosen = read_retention(text)
        await self._note(team_id, by, RETENTION, chosen.written())
        return chosen

    async def allow_listening(self, team_id: TeamId, by: UserId, *, is_allowed: bool) -> None:
        """Save whether Kept may listen in the workspace's channels at all. Raises NotAllowedError for anyone but
        admins.
        """
        await self._preference_changes.check_admin(team_id, by)
        await self._note(team_id, by, LISTENING, "on" if is_allowed else "off")

    async def digest_channels(self, team_id: TeamId) -> DigestChannels:
        return await self._store.read(team_id, digest_channels)

    async def choose_digest_channels(self, team_id: TeamId, by: UserId, text: str) -> tuple[DigestChannels, int]:
        """Save in which channels digests may be posted; return that, and how many digests elsewhere it ended.

        Raises NotAllowedError for anyone but admins, UnreadableError for text that names no channels.
        """
        await self._preference_changes.check_admin(team_id, by)
        chosen = read_digest_channels(text)
        choice = Choice(DIGEST_CHANNELS, chosen.written(), by, self._clock.now())

        def work(tx: Transaction) -> int:
            tx.retention.choose(self._new_id(), choice)
            return self._digests.restrict(tx, chosen)

        return chosen, await self._store.write(team_id, work)

    async def check_listening(self, team_id: TeamId) -> None:
        """Raise NotAllowedError if an admin switched listening off for the whole workspace."""
        if not await self._store.read(team_id, may_listen):
            raise NotAllowedError(_("An admin switched listening off for this workspace. They can allow it again."))

    async def audit(self, team_id: TeamId, by: UserId) -> tuple[Change, ...]:
        """Return the admins' decisions with what was in force before, the latest first.

        Raises NotAllowedError for anyone but admins.
        """
        await self._preference_changes.check_admin(team_id, by)
        made = await self._store.read(team_id, lambda tx: tx.retention.choices(CHOICES_READ))
        changes, in_force = [], dict(_AT_FIRST)
        for choice in reversed(made):
            changes.append(Change(choice, in_force.get(choice.name, "")))
            if choice.name in _AT_FIRST:
                in_force[choice.name] = choice.value
        return tuple(changes[: -CHOICES_SHOWN - 1 : -1])

    async def _note(self, team_id: TeamId, by: UserId, name: str, value: str) -> None:
        choice = Choice(name, value, by, self._clock.now())
        await self._store.write(team_id, lambda tx: tx.retention.choose(self._new_id(), choice))

    def _prune(self, tx: Transaction, team_id: TeamId) -> int:
        now, kept = self._clock.now(), _retention(tx)
        if old := tx.retention.closed_between(EARLIEST, now - kept.promises, self._steps.size):
            for past in tx.records.those([promise_id for promise_id, _ in old]).values():
                if account := account_of(past):
                    tx.retention.count(past.promise.owner_id, account.outcome, credit(account))
            tx.retention.remove([promise_id for promise_id, _ in old])
            return len(old)
        since = self._wordless.get(team_id, EARLIEST)
        wordy = tx.retention.closed_between(since, now - kept.words, self._steps.size, with_words=True)
        if wordy:
            tx.retention.remove_words([promise_id for promise_id, _ in wordy])
            self._wordless[team_id] = wordy[0][1]
            return len(wordy)
        return tx.retention.remove_messages(now - kept.promises, self._steps.size)


def _retention(tx: Transaction) -> Retention:
    latest = tx.retention.choices(1, RETENTION)
    return read_retention(latest[0].value) if latest else Retention()
