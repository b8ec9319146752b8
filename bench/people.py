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
from bot.use_cases.delivery.settings import DeliverySettings

TEAM, ANN, BOB, BUSY = TeamId("T1"), UserId("UANN"), UserId("UBOB"), UserId("UBUSY")
FEW, MANY, ACTS, DIGEST = 20, 500, 50, 200
#: Where most promises are made, and the channel with the digest.
PLACE, CROWDED = ChannelId("C1"), ChannelId("C200")


@dataclass(frozen=True, slots=True)
class Scene:
    """Ann owes FEW promises, one of them with ACTS acts; the busy one owes MANY, each with another date offered.

    Others have kept DIGEST promises in a channel of their own.
    """

    anns: tuple[Promise, ...]
    busys: tuple[Promise, ...]


async def prepared(url: str, offers: int) -> Scene:
    """Fill a database; of the busy one's promises as many as `offers` wait for an answer."""
    clock, messenger = SystemClock(), KnownPeople()
    store = await open_store(url)
    anybody: Any = messenger
    services = build_services(Context(store, clock), anybody, Holidays(clock), DeliverySettings("bench"))
    anns = tuple([await _made(services, ANN, number) for number in range(FEW)])
    busys = tuple([await _made(services, BUSY, number) for number in range(MANY)])
    for number in range(DIGEST):
        await _kept(services, await _made(services, UserId(f"U{number % 50}"), number % 5, CROWDED, f"digest:{number}"))
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


async def _made(services: Services, owner: UserId, number: int, channel: ChannelId = PLACE, key: str = "") -> Promise:
    due = Due(datetime.now(UTC) + timedelta(days=2 + number % 40, minutes=number), "UTC")
    draft = Draft(what=f"write chapter {number} of the report", due=due, requester_id=BOB)
    made = await services.promises.make(TEAM, owner, draft, Origin(channel), key or f"scene:{owner}:{number}")
    return made.promise


async def _kept(services: Services, promise: Promise) -> None:
    now = services.clock.now()
    await services.promises.act(TEAM, promise.id, HistoryEntry(Act.REPORT, promise.owner_id, now))
    await services.promises.act(TEAM, promise.id, HistoryEntry(Act.ACCEPT_DELIVERY, BOB, now))


def typed(text: str, by: UserId, number: int, channel: ChannelId = PLACE) -> bytes:
    form = {
        "command": "/promise",
        "text": text,
        "user_id": by,
        "channel_id": channel,
        "channel_name": "general",
        "team_id": TEAM,
        "trigger_id": f"typed.{by}.{number}.{datetime.now(UTC).timestamp()}",
        "response_url": "http://127.0.0.1:9/unused",
    }
    return signed(urlencode(form))


def clicked(action: str, value: str, by: UserId) -> bytes:
    action_ts = str(datetime.now(UTC).timestamp())
    pressed = {"action_id": action, "block_id": "b", "type": "button", "value": value, "action_ts": action_ts}
    place = {"container": {"type": "message", "message_ts": "1.1", "channel_id": PLACE}, "channel": {"id": "C1"}}
    return _interacts("block_actions", by, {**place, "actions": [pressed], "trigger_id": f"{by}.{action_ts}"})


def sent_in(by: UserId, number: int, to: UserId = BOB) -> bytes:
    """Return a filled-in form for a new promise."""
    at = int((datetime.now(UTC) + timedelta(days=3)).timestamp())
    values = {
        "what": {"what": {"value": f"send the deck {number}"}},
        "due": {"due": {"selected_date_time": at}},
        "requester": {"requester": {"selected_user": to}},
    }
    return _form("make", f"V{number}.{at}", by, values)


def settings_sent_in(by: UserId, number: int) -> bytes:
    """Return the settings, filled in otherwise each time."""
    values = {
        "start": {"start": {"selected_time": "09:00"}},
        "end": {"end": {"selected_time": f"17:{number % 60:02}"}},
        "days": {"days": {"selected_options": [{"value": day} for day in "01234"]}},
        "lead_days": {"lead_days": {"value": str(1 + number % 3)}},
        "daily_cap": {"daily_cap": {"value": "3"}},
    }
    return _form("settings", f"S{number}", by, values)


def _form(name: str, view_id: str, by: UserId, values: dict[str, Any]) -> bytes:
    view = {"id": view_id, "callback_id": name, "type": "modal", "team_id": TEAM, "blocks": []}
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
    f"a digest of {DIGEST} promises": (lambda _, n: typed("digest preview", ANN, n, CROWDED), 5, 0),
    f"settings sent in with {MANY} open": (lambda _, n: settings_sent_in(BUSY, n), 5, 0),
    "a form sent in": (lambda _, n: sent_in(UserId(f"U{n % 50}"), n), 20, 0),
}
