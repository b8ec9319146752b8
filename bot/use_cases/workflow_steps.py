"""Workflow steps: recorded when Slack starts them, completed at Slack with retries, and never twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.errors import NotFoundError
from bot.domain.promise import Promise, PromiseId, TeamId, UserId
from bot.domain.workflow_steps import ORIGIN, WorkflowStep, failure_of, outputs_of, retried_at
from bot.ports import Transaction
from bot.ports.workflow_steps import StepEnder
from bot.use_cases.context import Context
from bot.use_cases.lookup import find, unknown_promise
from bot.use_cases.people import People
from bot.use_cases.workspace_drain import WorkspaceDrain

log = structlog.get_logger("kept.workflows")

#: How long a claimed step is one process's own. An attempt ends well before it.
LEASE = timedelta(seconds=60)
MAX_STEPS = 20


class WorkflowSteps:
    """`ender` is None if nothing is sent, as in tests of other parts. `drain` completes the steps that are due."""

    def __init__(self, context: Context, people: People, ender: StepEnder | None = None) -> None:
        self._store, self._clock, self._wake = context.store, context.clock, context.wake
        self._people, self._ender = people, ender
        self.drain = WorkspaceDrain(
            "workflow steps", self._clock, self._store.step_teams, self._round, is_on=bool(ender)
        )

    async def done(self, team_id: TeamId, execution_id: str, person: UserId, promise_id: PromiseId) -> None:
        """Record the success of a step, so that it is completed at Slack."""
        await self._note(team_id, execution_id, person, promise_id)

    async def failed(self, team_id: TeamId, execution_id: str, person: UserId, sentence: str) -> None:
        """Record the failure of a step, with the sentence that Slack shows in the workflow."""
        await self._note(team_id, execution_id, person, PromiseId(""), error=sentence)

    async def wait(self, team_id: TeamId, execution_id: str, person: UserId, ref: PromiseId | int) -> None:
        """Record that a step waits until a promise is kept or ends otherwise.

        By its id a promise that a step made can be waited for, and one that this person may see; by number only one
        made in public: numbers can be guessed, and a workflow's author is not the person who runs it.

        Raises NotFoundError for any other.
        """
        promise_id = await self._waited_for(team_id, person, ref)
        await self._note(team_id, execution_id, person, promise_id, waits=True)

    async def _waited_for(self, team_id: TeamId, person: UserId, ref: PromiseId | int) -> PromiseId:
        def work(tx: Transaction) -> tuple[Promise, bool]:
            promise = find(tx, ref)
            return promise, tx.promises.history(promise.id)[0].origin.startswith(ORIGIN)

        promise, is_made_by_step = await self._store.read(team_id, work)
        if isinstance(ref, int) and promise.origin.is_private:
            raise NotFoundError(f"There is no promise #{ref} that was made in a public channel.")
        if not is_made_by_step and not await self._people.seen(team_id, person, (promise,)):
            raise unknown_promise(ref)
        return promise.id

    async def _note(
        self,
        team_id: TeamId,
        execution_id: str,
        person: UserId,
        promise_id: PromiseId,
        *,
        error: str = "",
        waits: bool = False,
    ) -> None:
        now = self._clock.now()
        step = WorkflowStep(execution_id, person, promise_id, now, now, error, waits)
        await self._store.write(team_id, lambda tx: tx.steps.add_step(step))
        self._wake()

    async def _round(self, team_id: TeamId) -> int:
        now = self._clock.now()
        claimed = await self._store.write(team_id, lambda tx: tx.steps.claim_steps(now, LEASE, MAX_STEPS))
        await asyncio.gather(*(self._end(team_id, step) for step in claimed))
        return len(claimed)

    async def _end(self, team_id: TeamId, step: WorkflowStep) -> None:
        """End a step at Slack once, and record the result if this process still owns the step."""
        assert self._ender is not None  # noqa: S101  nothing is claimed without it
        promise = await self._store.read(team_id, lambda tx: tx.promises.get(step.promise_id))
        failure = failure_of(step, promise)
        ended = await self._ender.end(team_id, step.execution_id, outputs_of(promise), failure)
        again = None if ended.is_final else retried_at(step, self._clock.now())
        if ended.error and again:
            log.warning("a workflow's step is to be ended again", team=team_id, error=ended.error, at=again.isoformat())
        elif ended.error:
            log.error("a workflow's step was given up", team=team_id, error=ended.error, tries=step.tries + 1)

        def work(tx: Transaction) -> None:
            if again:
                tx.steps.record_step(replace(step, due_at=again, tries=step.tries + 1), step.attempt)
            else:
                tx.steps.remove_step(step.execution_id, step.attempt)

        await self._store.write(team_id, work)
