"""Steps of Slack's Workflow Builder: each begins when Slack says so, and ends once, as done or with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.acts import State
from bot.domain.promise import Promise, PromiseId, UserId

#: How long to wait after each attempt to end a step that failed; after the last one it is given up.
PAUSES = (
    *(timedelta(seconds=2), timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)),
)
#: Prefix of the origin of a step's promise, before Slack's id of the run.
ORIGIN = "workflow:"
#: Where the person who started a step was forgotten meanwhile, and where its promise was deleted.
FORGOTTEN = "The person who started this step has left, and what it stood for was deleted."
GONE = "That promise was deleted."
#: Why a promise that ended in another way than kept will not be kept.
LET_GO: Mapping[State, str] = {
    State.DECLINED: "The request was declined.",
    State.WITHDRAWN: "The request was taken back.",
    State.REVOKED: "The promise was cancelled by the person who owed it.",
    State.RELEASED: "The promise was let go: it is no longer needed.",
    State.UNDONE: "The promise was undone.",
}


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One step that Slack waits for. With `error` it ends as failed; one that `waits` ends when its promise does.

    `attempt` grows with each claim, so that only the holder of the latest records its result; `tries` counts the
    attempts that failed.
    """

    execution_id: str
    person: UserId
    promise_id: PromiseId
    made_at: datetime
    due_at: datetime
    error: str = ""
    waits: bool = False
    attempt: int = 0
    tries: int = 0


def failure_of(step: WorkflowStep, promise: Promise | None) -> str:
    """Return why a step ends as failed; empty when it ends as done."""
    if step.error or not step.waits:
        return step.error
    return GONE if promise is None else LET_GO.get(promise.state, "")


def outputs_of(promise: Promise | None) -> dict[str, str | int]:
    """Return what a step hands on. No words: a workflow may show them in any channel."""
    return {} if promise is None else {"promise": promise.id, "number": promise.number}


def retried_at(step: WorkflowStep, now: datetime) -> datetime | None:
    """Return when ending a step is tried again after one more failure; None when it is given up."""
    return now + PAUSES[step.tries] if step.tries < len(PAUSES) else None
