"""Count pending work over all workspaces for operators, by partial indexes on pending rows."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from bot.ports import Backlog
from bot.storage.agenda_queries import agendas, is_set
from bot.storage.tables import Instant, deliveries, events, is_pending, stops

_now = bindparam("now", type_=Instant())
_PEOPLE = select(func.count()).select_from(agendas).where(is_set)
_OVERDUE = select(func.count(), func.min(agendas.c.wakes_at)).where(is_set, agendas.c.wakes_at <= _now)
_MESSAGES = select(func.count()).select_from(deliveries).where(is_pending, deliveries.c.due_at <= _now)
_EVENTS = select(func.count()).select_from(events).where(events.c.done_at.is_(None))
_PAUSED = select(func.count()).select_from(stops).where(stops.c.subject == "", stops.c.until.is_(None))


def backlog(connection: Connection, now: datetime) -> Backlog:
    """Return what waits at an instant."""
    asked = {"now": now}
    overdue, oldest = connection.execute(_OVERDUE, asked).one()
    return Backlog(
        people_pending=connection.execute(_PEOPLE).scalar_one(),
        people_overdue=overdue,
        oldest_s=(now - oldest).total_seconds() if oldest else 0.0,
        messages_overdue=connection.execute(_MESSAGES, asked).scalar_one(),
        events_waiting=connection.execute(_EVENTS).scalar_one(),
        paused_workspaces=connection.execute(_PAUSED).scalar_one(),
    )
