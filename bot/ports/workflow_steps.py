"""Protocols for workflow steps in a transaction, and for completing them at Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.promise import TeamId
from bot.domain.workflow_steps import WorkflowStep


@dataclass(frozen=True, slots=True)
class StepEnded:
    """The result of one attempt to end a step: `error` is empty if it was taken, `is_final` if no retry helps."""

    error: str = ""
    is_final: bool = True


class StepEnder(Protocol):
    async def end(
        self, team_id: TeamId, execution_id: str, outputs: Mapping[str, str | int], failure: str
    ) -> StepEnded:
        """End a step as done, or with a `failure` as failed. Raises nothing for what the network or Slack does."""
        ...


class StepBook(Protocol):
    def add_step(self, step: WorkflowStep) -> None:
        """Add a step; one whose execution is there already is left as it is."""
        ...

    def claim_steps(self, now: datetime, lease: timedelta, limit: int) -> tuple[WorkflowStep, ...]:
        """Take steps that can end now: those that wait for nothing, and those whose promise is over."""
        ...

    def record_step(self, step: WorkflowStep, attempt: int) -> bool:
        """Write when it is tried again; False when a later attempt owns the step."""
        ...

    def remove_step(self, execution_id: str, attempt: int) -> None:
        """Delete a step that has ended, unless a later attempt owns it."""
        ...


class StepWork(Protocol):
    async def step_teams(self, now: datetime, limit: int) -> tuple[TeamId, ...]:
        """Return the workspaces in which a step can end now."""
        ...
