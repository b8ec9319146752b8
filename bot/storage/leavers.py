"""Export or deletion of one person's rows in one workspace.

Both run over every table of the metadata, so that a table added later is neither left out nor left behind: what is a
person's own is named below, and wherever else their id stands it is replaced.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    RowMapping,
    String,
    Table,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.domain.leavers import NAME, WORDS
from bot.domain.promise import TeamId, UserId
from bot.ports.progress import Progress
from bot.storage.access import access_tokens
from bot.storage.agenda_queries import agendas as agenda_rows
from bot.storage.all_tables import metadata
from bot.storage.record_tables import feeds, need_bys, obstacles, open_records
from bot.storage.retention import past_outcomes
from bot.storage.series import series
from bot.storage.surfaces import welcomes
from bot.storage.tables import EPOCH, acts, deliveries, events, people, promises, stops
from bot.storage.webhooks import owed_to, webhooks, without_events
from bot.storage.workflow_steps import without_person, workflow_steps

#: Rows that are one person's alone, by the column that says whose.
OWN: Mapping[Table, ColumnElement[Any]] = {
    people: people.c.id,
    feeds: feeds.c.person,
    webhooks: webhooks.c.owner,
    access_tokens: access_tokens.c.person,
    welcomes: welcomes.c.person,
    open_records: open_records.c.person,
    obstacles: obstacles.c.person,
    agenda_rows: agenda_rows.c.person_id,
    stops: stops.c.subject,
    past_outcomes: past_outcomes.c.person,
}
#: Columns left out of a person's data export: internal ones, and other people's words.
NOT_SHOWN = frozenset({"secret_hash", "secret", "leased_by", "lease_until", "attempt", "tries", "shown"})

#: The rows by table, each by column.
Everything = dict[str, list[dict[str, Any]]]


def everything_of(connection: Connection, team_id: TeamId, person: UserId, progress: Progress) -> Everything:
    """Return a person's rows by table: what they owe, are owed and watch, its history, and all that is their own.

    `progress` is called with the tables read.
    """
    found, queries = {}, tuple(_theirs(team_id, person))
    for done, (table, query) in enumerate(queries, start=1):
        rows = [_shown(row) for row in connection.execute(query).mappings()]
        if rows:
            found[table.name] = rows
        progress(done, len(queries))
    return found


def forget_person(connection: Connection, team_id: TeamId, person: UserId, stand_in: UserId) -> int:
    """Delete a person's own rows, and replace their words and id elsewhere; return the number of rows.

    A deactivated account with the id `stand_in` remains, so that no message is sent to it and records stay intact.
    """
    names = _names(connection, team_id, person)
    rows = connection.execute(owed_to(team_id, person)).rowcount
    for table, whose in OWN.items():
        rows += connection.execute(delete(table).where(table.c.team_id == team_id, whose == person)).rowcount
    mine = select(promises.c.id).where(promises.c.team_id == team_id, promises.c.requester_id == person)
    rows += connection.execute(
        delete(need_bys).where(need_bys.c.team_id == team_id, need_bys.c.promise_id.in_(mine))
    ).rowcount
    rows += connection.execute(
        delete(events).where(events.c.team_id == team_id, events.c.body.contains(person))
    ).rowcount
    rows += sum(connection.execute(statement).rowcount for statement in _without_words(team_id, person))
    change = _Change(person, stand_in, names)
    with without_events(connection, team_id):
        rows += sum(_replace(connection, table, team_id, person, change) for table in _of_teams())
    closed = {"team_id": team_id, "id": stand_in, "name": NAME, "zone": "UTC", "locale": "en", "is_gone": True}
    hours = {"work_days": [0, 1, 2, 3, 4], "work_start": _NINE, "work_end": _SIX, "days_off": []}
    connection.execute(people.insert(), closed | hours | {"is_bot": False, "fetched_at": EPOCH})
    return rows


_NINE, _SIX = (datetime(1970, 1, 1, hour).time() for hour in (9, 18))  # noqa: DTZ001  times on the wall


def _theirs(team_id: TeamId, person: UserId) -> Iterator[tuple[Table, Any]]:
    """Yield each table with the query of a person's rows in it."""
    watches = cast(promises.c.watchers, String).contains(f'"{person}"')
    party = or_(promises.c.owner_id == person, promises.c.requester_id == person, watches)
    concerning = select(promises.c.id).where(promises.c.team_id == team_id, party)
    asked = select(promises.c.id).where(promises.c.team_id == team_id, promises.c.requester_id == person)
    conditions: dict[Table, ColumnElement[Any]] = {table: whose == person for table, whose in OWN.items()}
    conditions |= {
        promises: party,
        acts: or_(acts.c.by == person, acts.c.promise_id.in_(concerning)),
        deliveries: deliveries.c.recipient == person,
        need_bys: need_bys.c.promise_id.in_(asked),
        workflow_steps: workflow_steps.c.person == person,
        series: or_(series.c.owner_id == person, series.c.requester_id == person),
    }
    for table, condition in conditions.items():
        yield table, select(table).where(table.c.team_id == team_id, condition)


def _shown(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "") and name not in NOT_SHOWN}


def _without_words(team_id: TeamId, person: UserId) -> Iterator[Any]:
    """Yield the updates that remove a person's text from shared rows, and end the redrawing of their messages."""
    latest = (
        select(acts.c.by)
        .where(acts.c.team_id == promises.c.team_id, acts.c.promise_id == promises.c.id, acts.c.what.is_not(None))
        .order_by(acts.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    theirs = func.coalesce(latest, promises.c.made_by) == person
    of_team = update(promises).where(promises.c.team_id == team_id)
    yield of_team.where(theirs).values(what=WORDS, done_when="")
    yield of_team.where(promises.c.owner_id == person, promises.c.word_note.is_not(None)).values(word_note="")
    yield of_team.where(cast(promises.c.proposal["by"], String).contains(person)).values(proposal=None)
    yield without_person(team_id, person)
    of_theirs = update(series).where(series.c.team_id == team_id, series.c.owner_id == person)
    yield of_theirs.values(what=WORDS, done_when="", wakes_at=None)
    to_them = update(deliveries).where(deliveries.c.team_id == team_id, deliveries.c.recipient == person)
    yield to_them.where(deliveries.c.state.in_(["pending", "untold"])).values(state="cancelled", lease_until=None)
    yield to_them.values(ts=None, channel_id=None, shown="")


def _of_teams() -> list[Table]:
    return [table for table in metadata.sorted_tables if "team_id" in table.c]


def _names(connection: Connection, team_id: TeamId, person: UserId) -> tuple[str, ...]:
    """Return the names under which others mention a person: Kept stores a mention as @ and their name."""
    known = select(people.c.name).where(people.c.team_id == team_id, people.c.id == person)
    return tuple(name for name in connection.execute(known).scalars() if name)


class _Change:
    """Puts a stand-in wherever a person's id stands as a word, and wherever they are mentioned by name."""

    def __init__(self, person: UserId, stand_in: UserId, names: tuple[str, ...]) -> None:
        self.sought = (person, *(f"@{name}" for name in names))
        self._id = re.compile(rf"(?<![A-Za-z0-9]){re.escape(person)}(?![A-Za-z0-9])")
        self._mentions = [re.compile(rf"@{re.escape(name)}(?!\w)", re.IGNORECASE) for name in names]
        self._stand_in = stand_in

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            changed = self._id.sub(self._stand_in, value)
            for mention in self._mentions:
                changed = mention.sub(NAME, changed)
            return changed
        if isinstance(value, list):
            return [self(each) for each in value]
        if isinstance(value, dict):
            return {self(key): self(each) for key, each in value.items()}
        return value


def _replace(connection: Connection, table: Table, team_id: TeamId, person: UserId, change: _Change) -> int:
    """Change every row that holds what is sought, in texts and in JSON; return how many."""
    columns = [column for column in table.c if isinstance(column.type, String | JSON) and column.name != "team_id"]
    if not columns:
        return 0
    keys = list(table.primary_key.columns)
    holds = or_(*(cast(column, String).icontains(word) for column in columns for word in change.sought))
    rows = connection.execute(select(table).where(table.c.team_id == team_id, holds)).all()
    for row in rows:
        changed = {column.name: change(row._mapping[column.name]) for column in columns}
        this = [key == row._mapping[key.name] for key in keys]
        if table is not acts:
            connection.execute(update(table).where(*this).values(**changed))
            continue
        # A trigger refuses updates of acts, so that no query makes one by accident: rows are deleted and inserted.
        connection.execute(delete(acts).where(*this))
        wordless = {**_WORDLESS, "what": row.what and WORDS} if row.by == person else {}
        connection.execute(acts.insert(), {**row._mapping, **changed, **wordless})
    return len(rows)


#: Values that replace the words in acts of a forgotten person; states and dates stay.
_WORDLESS: Mapping[str, Any] = {"note": "", "done_when": None, "rest": None}
