"""Workflow steps that Slack waits for: a row from their start until Slack has accepted their result."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Index, Integer, String, Table, Update, delete, or_, select, update

from bot.domain.promise import PromiseId, TeamId, UserId
from bot.domain.workflow_steps import FORGOTTEN, WorkflowStep
from bot.storage.book import SqlBook
from bot.storage.tables import EPOCH, Instant, for_both, is_open, metadata, promises

workflow_steps = Table(
    "workflow_steps",
    metadata,
    Column("team_id", String, primary_key=True, nullable=False),
    Column("execution_id", String, primary_key=True, nullable=False),
    Column("person", String, nullable=False),
    Column("promise_id", String, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("error", String, nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
)
Index("workflow_steps_due", workflow_steps.c.due_at)
_ADD = for_both(lambda insert: insert(workflow_steps).on_conflict_do_nothing())
_NAMES = tuple(column.name for column in workflow_steps.c if column.name != "team_id")
_GOES_ON = (
    select(promises.c.id)
    .where(promises.c.team_id == workflow_steps.c.team_id, promises.c.id == workflow_steps.c.promise_id, is_open)
    .exists()
)
_CAN_END = or_(workflow_steps.c.waits.is_(False), ~_GOES_ON)


class SqlStepBook(SqlBook):
    """StepBook over a connection."""

    __slots__ = ()

    def add_step(self, step: WorkflowStep) -> None:
        values = {"team_id": self._team_id} | {name: getattr(step, name) for name in _NAMES}
        self._connection.execute(_ADD[self._connection.dialect.name], values)

    def claim_steps(self, now: datetime, lease: timedelta, limit: int) -> tuple[WorkflowStep, ...]:
        due = self._those(workflow_steps.c.due_at <= now, _CAN_END)
        query = select(workflow_steps).where(*due).order_by(workflow_steps.c.due_at).limit(limit)
        rows = self._connection.execute(query.with_for_update(skip_locked=True, of=workflow_steps)).all()
        # A lease is a later `due_at`: when this process dies, the step is due again once it is over.
        mine = workflow_steps.c.execution_id.in_([row.execution_id for row in rows])
        taken = {"attempt": workflow_steps.c.attempt + 1, "due_at": now + lease}
        if rows:
            self._connection.execute(update(workflow_steps).where(*self._those(mine)).values(**taken))
        return tuple(_read(row, row.attempt + 1) for row in rows)

    def record_step(self, step: WorkflowStep, attempt: int) -> bool:
        changed = {"due_at": step.due_at, "tries": step.tries}
        this = update(workflow_steps).where(*self._one(step.execution_id, attempt)).values(**changed)
        return self._connection.execute(this).rowcount == 1

    def remove_step(self, execution_id: str, attempt: int) -> None:
        self._connection.execute(delete(workflow_steps).where(*self._one(execution_id, attempt)))

    def _one(self, execution_id: str, attempt: int) -> tuple[Any, ...]:
        return self._those(workflow_steps.c.execution_id == execution_id, workflow_steps.c.attempt == attempt)

    def _those(self, *conditions: Any) -> tuple[Any, ...]:
        return (workflow_steps.c.team_id == self._team_id, *conditions)


def step_teams(connection: Connection, now: datetime, limit: int) -> tuple[TeamId, ...]:
    """Return the workspaces with a step that can end now."""
    query = select(workflow_steps.c.team_id).distinct().where(workflow_steps.c.due_at <= now, _CAN_END).limit(limit)
    return tuple(TeamId(row.team_id) for row in connection.execute(query))


def without_person(team_id: TeamId, person: UserId) -> Update:
    """Return the statement that fails the waiting steps of a person's workflows, which would hang otherwise."""
    theirs = update(workflow_steps).where(workflow_steps.c.team_id == team_id, workflow_steps.c.person == person)
    return theirs.values(error=FORGOTTEN, waits=False, due_at=EPOCH)


def _read(row: Any, attempt: int) -> WorkflowStep:
    values = {name: getattr(row, name) for name in _NAMES}
    ids = {"person": UserId(row.person), "promise_id": PromiseId(row.promise_id), "attempt": attempt}
    return WorkflowStep(**values | ids)
