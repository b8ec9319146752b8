"""Promises and acts as rows, and back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.acts import Act, State
from bot.domain.promise import (
    Due,
    Origin,
    Promise,
    Proposal,
    Rest,
    Terms,
    UserId,
    Word,
)
from bot.domain.transitions import HistoryEntry
from bot.domain.weight import UNWEIGHED, Priority, Weight
from bot.domain.working_time import aware

Values = dict[str, Any]


def promise_values(promise: Promise) -> Values:
    """Every column of a promise, the derived ones included."""
    due, origin = promise.terms.due, promise.origin
    return {
        "team_id": promise.team_id,
        "id": promise.id,
        "number": promise.number,
        "owner_id": promise.owner_id,
        "requester_id": promise.requester_id,
        "watchers": list(promise.watchers),
        "made_by": promise.made_by,
        "made_at": promise.made_at,
        "channel_id": origin.channel_id,
        "is_private": origin.is_private,
        "permalink": origin.permalink,
        "thread_ts": origin.thread_ts,
        "state": promise.state.value,
        "what": promise.terms.what,
        "due_at": due.at,
        "due_local": due.local.replace(tzinfo=None).isoformat(),
        "due_zone": due.zone,
        "done_when": promise.terms.done_when,
        "terms_version": promise.terms.version,
        "proposal": promise.proposal and _proposal_json(promise.proposal),
        "reported_at": promise.reported_at,
        "settles_at": promise.settles_at,
        "missed_at": promise.missed_at,
        "closed_at": promise.closed_at,
        "renegotiated_at": promise.renegotiated_at,
        "repaired_at": promise.repaired_at,
        "raised_early": promise.raised_early,
        **_word_values(promise.last_word),
        "rating": promise.rating,
        "seq": promise.seq,
        "wakes_at": promise.next_clock_at(),
        "lead_days": promise.lead_days,
        "news_at": _news_at(promise),
        "series_id": promise.series_id,
        **weight_values(promise.weight),
    }


def _news_at(promise: Promise) -> datetime | None:
    moments = (promise.missed_at, promise.renegotiated_at, promise.closed_at)
    return max((at for at in moments if at is not None), default=None)


def _word_values(word: Word | None) -> Values:
    return {"word_act": word and word.act, "word_note": word and word.note, "word_at": word and word.at}


#: The columns that `promise_from` does not read.
UNREAD = frozenset({"due_local", "wakes_at", "news_at"})


def promise_from(row: Sequence[Any]) -> Promise:
    """Build a promise from a row that starts with every column of the table, in the table's order.

    Columns are read by position, which is faster than by name: a Home tab reads hundreds of rows.
    """
    (team_id, promise_id, number, owner_id, requester_id, watchers, made_by, made_at) = row[:8]
    (channel_id, is_private, permalink, thread_ts, state, what, due_at, _, due_zone, done_when, version) = row[8:19]
    (proposal, reported_at, settles_at, missed_at, closed_at, renegotiated_at, repaired_at, raised_early) = row[19:27]
    (word_act, word_note, word_at, rating, seq, _, _, series_id, lead_days, estimate, priority) = row[27:38]
    return Promise(
        team_id=team_id,
        id=promise_id,
        number=number,
        owner_id=owner_id,
        requester_id=requester_id,
        made_by=made_by,
        made_at=made_at,
        origin=Origin(channel_id, is_private, permalink, thread_ts),
        state=_STATES[state],
        terms=Terms(what, Due(due_at, due_zone), done_when, version),
        watchers=tuple(watchers),
        proposal=proposal and _proposal_from(proposal),
        reported_at=reported_at,
        settles_at=settles_at,
        missed_at=missed_at,
        closed_at=closed_at,
        renegotiated_at=renegotiated_at,
        repaired_at=repaired_at,
        raised_early=raised_early,
        last_word=Word(word_act, word_note, word_at) if word_at else None,
        rating=rating,
        seq=seq,
        series_id=series_id,
        lead_days=lead_days,
        weight=weight_from(estimate, priority),
    )


#: Quicker than asking the enumeration, once for each row.
_STATES = {state.value: state for state in State}


def entry_values(promise: Promise, entry: HistoryEntry) -> Values:
    what, due, done_when = _terms_written(promise, entry)
    return {
        "team_id": promise.team_id,
        "promise_id": promise.id,
        "seq": promise.seq,
        "act": _ACT_WRITTEN.get(entry.act, entry.act).value,
        "by": entry.by,
        "at": entry.at,
        "note": entry.note,
        "what": what,
        "due_at": due and due.at,
        "due_zone": due and due.zone,
        "done_when": done_when,
        "rating": _MARKED.get(entry.act, entry.rating),
        "heir": entry.heir,
        "rest": entry.rest and _rest_json(entry.rest),
        "early": entry.early,
        "settles_at": entry.settles_at,
        "origin": entry.origin,
        "estimate_minutes": None if entry.estimate is None else _minutes(entry.estimate),
        "priority": entry.priority and entry.priority.value,
    }


def entry_from_row(row: Sequence[Any]) -> HistoryEntry:
    """Build an act from a row of every column of the table, in the table's order."""
    (_, _, _, act, by, at, note, what, due_at, due_zone, done_when, rating) = row[:12]
    (heir, rest, early, settles_at, origin, minutes, priority) = row[12:]
    due = Due(due_at, due_zone) if due_at else None
    names_terms = (what, due, done_when) != (None, None, None)
    return HistoryEntry(
        act=act_from(act, rating, is_adjusted=not names_terms and (minutes is not None or priority is not None)),
        by=by,
        at=at,
        note=note,
        what=what,
        due=due,
        done_when=done_when,
        rating="" if rating in _ACT_MARKED else rating,
        heir=heir,
        rest=rest and _rest_from(rest),
        early=early,
        settles_at=settles_at,
        origin=origin,
        estimate=None if minutes is None else timedelta(minutes=minutes),
        priority=Priority(priority) if priority else None,
    )


#: Values unknown to the previous version are written in a form that it can read: its replicas may share the database.
_ACT_WRITTEN = {Act.ADJUST: Act.EDIT, Act.OFFER_HELP: Act.ADD_NOTE, Act.UNREPORT: Act.REOPEN}
#: Values in place of a rating in the rows of acts that are written as another one.
_MARKED = {Act.OFFER_HELP: "help", Act.UNREPORT: "not_yet"}
_ACT_MARKED = {mark: act for act, mark in _MARKED.items()}


def _terms_written(promise: Promise, entry: HistoryEntry) -> tuple[str | None, Due | None, str | None]:
    """Return the terms that an act names, so that of the two acts written as "edit" EDIT alone names any."""
    if entry.act is Act.ADJUST:
        return None, None, None
    given = entry.what, entry.due, entry.done_when
    return (promise.terms.what, None, None) if entry.act is Act.EDIT and given == (None, None, None) else given


def act_from(written: str, rating: str, *, is_adjusted: bool) -> Act:
    """Return the act of a row.

    An "edit" of the estimate and the priority alone is ADJUST, a note that is rated as help is OFFER_HELP, and a
    reopening that is rated as not yet done is UNREPORT.
    """
    if rating in _ACT_MARKED:
        return _ACT_MARKED[rating]
    return Act.ADJUST if is_adjusted and written == Act.EDIT else Act(written)


def weight_values(weight: Weight) -> Values:
    """Return the columns of a weight; a normal priority is left empty, as older versions leave it."""
    is_normal = weight.priority is Priority.NORMAL
    return {
        "estimate_minutes": weight.estimate and _minutes(weight.estimate),
        "priority": None if is_normal else weight.priority.value,
    }


def weight_from(minutes: int | None, priority: str | None) -> Weight:
    if minutes is None and priority is None:
        return UNWEIGHED
    return Weight(estimate_from(minutes), Priority(priority) if priority else Priority.NORMAL)


def estimate_from(minutes: int | None) -> timedelta | None:
    return timedelta(minutes=minutes) if minutes else None


def _minutes(estimate: timedelta) -> int:
    return estimate // timedelta(minutes=1)


def _proposal_json(proposal: Proposal) -> Values:
    return {
        "by": proposal.by,
        "to": proposal.to,
        "at": aware(proposal.at).isoformat(),
        "what": proposal.what,
        "due": proposal.due and _due_json(proposal.due),
        "reason": proposal.reason,
        "heir": proposal.heir,
        "raised_early": proposal.raised_early,
        "rest": proposal.rest and _rest_json(proposal.rest),
        "done_when": proposal.done_when,
    }


def _proposal_from(stored: Values) -> Proposal:
    return Proposal(
        by=UserId(stored["by"]),
        to=UserId(stored["to"]),
        at=datetime.fromisoformat(stored["at"]),
        what=stored["what"],
        due=stored["due"] and _due_from(stored["due"]),
        reason=stored["reason"],
        heir=stored["heir"],
        raised_early=stored["raised_early"],
        rest=stored["rest"] and _rest_from(stored["rest"]),
        done_when=stored.get("done_when"),
    )


def _rest_json(rest: Rest) -> Values:
    return {"what": rest.what, "due": _due_json(rest.due)}


def _rest_from(stored: Values) -> Rest:
    return Rest(stored["what"], _due_from(stored["due"]))


def _due_json(due: Due) -> Values:
    return {"at": aware(due.at).isoformat(), "zone": due.zone}


def _due_from(stored: Values) -> Due:
    return Due(datetime.fromisoformat(stored["at"]), stored["zone"])
