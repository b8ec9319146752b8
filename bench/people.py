"""A workspace of people with promises, and the requests that Slack makes when they do something."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bench.load import signed
from bench.servers import KnownPeople
from bot.clock import SystemClock
from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.promise import ChannelId, Due, Origin, Promise, TeamId, UserId
from bot.domain.transitions import HistoryEntry
from bot.holidays_of import Holidays
from bot.services import Services, build_services
from bot.storage.engine import open_store
from bot.use_cases.context import Context
from bot.use_cases.delivery.sending import Sending

TEAM, ANN, BOB, BUSY = TeamId("T1"), UserId("UANN"), UserId("UBOB"), UserId("UBUSY")
FEW, MANY, ACTS = 20, 500, 50


@dataclass(frozen=True, slots=True)
class Scene:
    """Ann owes FEW promises, one of them with ACTS acts; the busy one owes MANY, each with another date offered."""

    anns: tuple[Promise, ...]
    busys: tuple[Promise, ...]


async def prepared(url: str, offers: int) -> Scene:
    """Fill a database; of the busy one's promises as many as `offers` wait for an answer."""
    clock, messenger = SystemClock(), KnownPeople()
    store = await open_store(url)
    anybody: Any = messenger
    services = build_services(Context(store, clock), anybody, Holidays(clock), Sending("bench"))
    anns = tuple([await _made(services, ANN, number) for number in range(FEW)])
    busys = tuple([await _made(services, BUSY, number) for number in range(MANY)])
    for number in range(ACTS - 1):
        await services.promises.act(
            TEAM, anns[0].id, HistoryEntry(Act.ON_TRACK, ANN, clock.now(), origin=f"word:{number}")
        )
    for promise in busys[:offers]:
        later = Due(promise.terms.due.at + timedelta(days=1), promise.terms.due.zone)
        await services.promises.act(
            TEAM, promise.id, HistoryEntry(Act.PROPOSE, BUSY, clock.now(), due=later, note="ill")
        )
    await store.close()
    return Scene(anns, busys)


async def _made(services: Services, owner: UserId, number: int) -> Promise:
    due = Due(datetime.now(UTC) + timedelta(days=2 + number % 40, minutes=number), "UTC")
    draft = Draft(what=f"write chapter {number} of the report", due=due, requester_id=BOB)
    made = await services.promises.make(TEAM, owner, draft, Origin(ChannelId("C1")), f"scene:{owner}:{number}")
    return made.promise


def typed(text: str, by: UserId, number: int) -> bytes:
    form = {
        "command": "/promise",
        "text": text,
        "user_id": by,
        "channel_id": "C1",
        "channel_name": "general",
        "team_id": TEAM,
        "trigger_id": f"typed.{by}.{number}.{datetime.now(UTC).timestamp()}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return signed(urlencode(form))


def clicked(action: str, value: str, by: UserId) -> bytes:
    action_ts = str(datetime.now(UTC).timestamp())
    pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value, "action_ts": action_ts}
    place = {"container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"}, "channel": {"id": "C1"}}
    return _interacts("block_actions", by, {**place, "actions": [pressed], "trigger_id": f"{by}.{action_ts}"})


def sent_in(by: UserId, number: int) -> bytes:
    """Return a filled-in form for a new promise."""
    at = int((datetime.now(UTC) + timedelta(days=3)).timestamp())
    values = {
        "what": {"what": {"value": f"send the deck {number}"}},
        "due": {"due": {"selected_date_time": at}},
        "requester": {"requester": {"selected_user": BOB}},
    }
    view = {"id": f"V{number}.{at}", "callback_id": "make", "type": "modal", "team_id": TEAM, "blocks": []}
    return _interacts("view_submission", by, {"view": {**view, "private_metadata": "", "state": {"values": values}}})


def opened_home(by: UserId, number: int) -> bytes:
    event = {"type": "app_home_opened", "user": by, "tab": "home", "channel": "D1"}
    body = {"type": "event_callback", "team_id": TEAM, "event": event, "event_id": f"Ev{by}{number}"}
    return signed(json.dumps(body), "application/json")


def _interacts(kind: str, by: UserId, more: dict[str, Any]) -> bytes:
    body = {"type": kind, "team": {"id": TEAM}, "user": {"id": by, "team_id": TEAM}, "api_app_id": "A1", **more}
    return signed(urlencode({"payload": json.dumps(body)}))


#: The request for each of many, how many of them arrive in a second, and the goal against `/promise` (0 is none).
ACTIONS: dict[str, tuple[Callable[[Scene, int], bytes], float, float]] = {
    "a click on *On track*": (lambda s, n: clicked("act.on_track", s.busys[-1 - n].id, BUSY), 50, 1),
    "a click on *Agree*": (lambda s, n: clicked("act.accept_proposal", s.busys[n].id, BOB), 50, 1),
    "`list`": (lambda _, n: typed("list", ANN, n), 20, 0),
    f"`show` of a promise with {ACTS} acts": (lambda s, n: typed(f"show {s.anns[0].number}", ANN, n), 20, 0),
    f"Home with {FEW} open": (lambda _, n: opened_home(ANN, n), 10, 0),
    f"Home with {MANY} open": (lambda _, n: opened_home(BUSY, n), 5, 0),
    "a form opened": (lambda _, n: typed("", ANN, n), 20, 0),
    "a form sent in": (lambda _, n: sent_in(UserId(f"U{n % 50}"), n), 20, 0),
}
