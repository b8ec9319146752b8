"""Response models: the domain's values as JSON."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.acts import Act, State
from bot.domain.digests import DigestContent, DigestSetting, Group
from bot.domain.figures import RecordSeen
from bot.domain.promise import Promise, Proposal, UserId
from bot.domain.transitions import HistoryEntry, allowed_acts
from bot.domain.weight import Priority
from bot.use_cases.promises import PromiseDetails


class Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class RestOut(Output):
    what: str
    due_at: datetime


class ProposalOut(Output):
    """A proposed change: only the values that would change are set. The old terms bind until `to` accepts."""

    by: str
    to: str
    at: datetime
    what: str | None
    due_at: datetime | None
    done_when: str | None
    reason: str
    heir: str | None
    rest: RestOut | None


class ActOut(Output):
    """One act of the history; `by` is empty for the clock."""

    act: Act
    by: str
    at: datetime
    note: str
    what: str | None
    due_at: datetime | None
    done_when: str | None
    rating: str
    heir: str | None


class PromiseOut(Output):
    """The current state of a promise. `acts` are those that the token's person may perform; `seq` is its ETag."""

    id: str
    number: int
    state: State
    what: str
    due_at: datetime
    zone: str
    done_when: str
    version: int
    owner: str
    requester: str
    watchers: list[str]
    made_by: str
    made_at: datetime
    channel: str | None
    is_private: bool
    permalink: str
    proposal: ProposalOut | None
    reported_at: datetime | None
    missed_at: datetime | None
    closed_at: datetime | None
    rating: str
    estimate_minutes: int | None
    priority: Priority
    series: str | None
    seq: int
    acts: list[Act]


Names = Annotated[dict[str, str], Field(description="The names of the people who occur, by their ids, as far as known")]


class HistoryOut(PromiseOut):
    """A promise with its acts, the oldest first, and the numbers of the promises it depends on."""

    history: list[ActOut]
    needs: list[int]
    people: Names


class PageOut(Output):
    promises: list[PromiseOut]
    next: str | None = Field(description="The cursor of the next page; null after the last")
    people: Names


class RecordOut(Output):
    """Figures of closed promises. `kept` is a share from 0 to 1, null while there are fewer than five outcomes."""

    person: str
    outcomes: int
    counts: dict[str, int]
    kept: float | None
    weeks: list["WeekOut"]


class WeekOut(Output):
    first_on: date
    counts: dict[str, int]


class MeOut(Output):
    """The identity of a token; `person` is null for a workspace's token."""

    team: str
    person: str | None
    scopes: list[str]


class DigestOut(Output):
    """A channel's digest settings, and the text it would post now."""

    channel: str
    cadence: str
    covered_to: datetime
    is_paused: bool
    groups: dict[str, list[PromiseOut]]


def promise_out(promise: Promise, viewer: UserId | None, now: datetime) -> PromiseOut:
    return PromiseOut(**_fields(promise, viewer, now))  # type: ignore[arg-type]  # each field is checked as it is read


def history_out(shown: PromiseDetails, viewer: UserId | None, now: datetime, names: Mapping[str, str]) -> HistoryOut:
    history, needs = list(map(_act, shown.history)), [each.number for each in shown.needs]
    fields = _fields(shown.promise, viewer, now)
    return HistoryOut(**fields, history=history, needs=needs, people=names)  # type: ignore[arg-type]


def record_out(seen: RecordSeen) -> RecordOut:
    record = seen.record
    return RecordOut(
        person=seen.owner_id,
        outcomes=record.outcomes,
        counts={outcome.value: count for outcome, count in record.counts.items()},
        kept=None if record.is_hidden else round(float(record.kept), 4),
        weeks=[
            WeekOut(first_on=week.first_on, counts={each.value: n for each, n in week.counts.items()})
            for week in seen.weeks
        ],
    )


def digest_out(setting: DigestSetting, content: DigestContent, viewer: UserId | None, now: datetime) -> DigestOut:
    groups = {
        group.value: [promise_out(past.promise, viewer, now) for past in getattr(content, group.value)]
        for group in Group
    }
    return DigestOut(
        channel=setting.channel_id,
        cadence=setting.cadence.value,
        covered_to=setting.covered_to,
        is_paused=setting.paused_at is not None,
        groups=groups,
    )


def _fields(promise: Promise, viewer: UserId | None, now: datetime) -> dict[str, object]:
    estimate = promise.weight.estimate
    return {
        "id": promise.id,
        "number": promise.number,
        "state": promise.state,
        "what": promise.terms.what,
        "due_at": promise.terms.due.at,
        "zone": promise.terms.due.zone,
        "done_when": promise.terms.done_when,
        "version": promise.terms.version,
        "owner": promise.owner_id,
        "requester": promise.requester_id,
        "watchers": list(promise.watchers),
        "made_by": promise.made_by,
        "made_at": promise.made_at,
        "channel": promise.origin.channel_id or None,
        "is_private": promise.origin.is_private,
        "permalink": promise.origin.permalink,
        "proposal": _proposal(promise.proposal) if promise.proposal else None,
        "reported_at": promise.reported_at,
        "missed_at": promise.missed_at,
        "closed_at": promise.closed_at,
        "rating": promise.rating,
        "estimate_minutes": int(estimate.total_seconds() // 60) if estimate else None,
        "priority": promise.weight.priority,
        "series": promise.series_id,
        "seq": promise.seq,
        "acts": _in_order(allowed_acts(promise, viewer, now)) if viewer else [],
    }


def _in_order(acts: Iterable[Act]) -> list[Act]:
    return sorted(acts, key=list(Act).index)


def _proposal(proposal: Proposal) -> ProposalOut:
    rest = proposal.rest
    return ProposalOut(
        by=proposal.by,
        to=proposal.to,
        at=proposal.at,
        what=proposal.what,
        due_at=proposal.due.at if proposal.due else None,
        done_when=proposal.done_when,
        reason=proposal.reason,
        heir=proposal.heir,
        rest=RestOut(what=rest.what, due_at=rest.due.at) if rest else None,
    )


def _act(entry: HistoryEntry) -> ActOut:
    return ActOut(
        act=entry.act,
        by=entry.by,
        at=entry.at,
        note=entry.note,
        what=entry.what,
        due_at=entry.due.at if entry.due else None,
        done_when=entry.done_when,
        rating=entry.rating,
        heir=entry.heir,
    )
