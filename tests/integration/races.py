"""Many people click many buttons concurrently; an audit counts who got which answer."""

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.domain.acts import BY_CLOCK, MAKING, Act
from bot.domain.drafts import Draft
from bot.domain.promise import CLOCK, ChannelId, Due, Origin, Promise, UserId
from bot.domain.rights import allowed_acts, question_id
from bot.domain.transitions import HistoryEntry, clock_act
from bot.ports import Transaction
from bot.storage.tables import acts
from bot.views.buttons import QUESTION
from bot.views.forms import hand_over_form, note_form, terms_form, weight_form
from bot.views.refusing import refusal_form
from handlers.acting import asks_for_words
from handlers.payloads import ModalContext
from tests.integration.front import Answer, Front
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, TEAM, replay
from tests.unit.loop_invariants import check_replay

#: How many requests are under way at any moment, and on how many promises.
CONCURRENT, TOGETHER = 64, 4
#: How far time goes on with each click, and after how many of them the clock looks.
TICK, LOOKS_EVERY = timedelta(seconds=5), 25
#: How often a person clicks twice, and how often they look at the card before.
SECOND_CLICK, LOOKS_FIRST = 0.05, 0.6
ENDS = frozenset({Act.UNDO, Act.REVOKE, Act.RELEASE, Act.DECLINE, Act.WITHDRAW, Act.ACCEPT_DELIVERY})
ACTS = [act for act in Act if act not in MAKING | BY_CLOCK for _ in range(1 if act in ENDS else 25)]
PEOPLE = [ALICE] * 5 + [BOB] * 5 + [CHARLIE] + [DAVE] * 2


@dataclass(frozen=True)
class Click:
    """One press of a button, or one form sent in; the same `key` twice is a double click."""

    key: str
    act: Act
    by: UserId
    promise: Promise
    question_id: str = ""

    @property
    def origin(self) -> str:
        """How the history names it."""
        return f"view:{self.key}" if asks_for_words(self.act) else f"click:{self.key}"


@dataclass
class Answers:
    """The answers sent to Slack after the ack, by click."""

    url: str = ""
    answers_after: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    async def on_answer(self, request: web.Request) -> web.Response:
        self.answers_after.setdefault(request.match_info["key"], []).append(await request.json())
        return web.Response(text="ok")


@contextlib.asynccontextmanager
async def answers() -> AsyncIterator[Answers]:
    received, app = Answers(), web.Application()
    app.router.add_post("/{key}", received.on_answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        received.url = f"http://{host}:{port}"
        yield received
    finally:
        await runner.cleanup()


@dataclass
class Race:
    """Random clicks on promises that are made a few at a time, so that many meet on each of them."""

    front: Front
    received: Answers
    seed: int
    made: list[Promise] = field(default_factory=list)
    acked: list[tuple[Click, Answer]] = field(default_factory=list)
    by_clock: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.front.drains = False

    async def run(self, promises: int, clicks_each: int) -> None:
        for _ in range(promises // TOGETHER):
            together = [await self._make() for _ in range(TOGETHER)]
            targets = [promise for promise in together for _ in range(clicks_each)]
            self.random.shuffle(targets)
            waiting = iter(targets)
            await asyncio.gather(*(self._person(waiting) for _ in range(CONCURRENT)))
            await self.front.background.drain(PATIENCE_S)

    async def _make(self) -> Promise:
        asks, due_at = (
            self.random.random() < 0.4,
            self.front.clock.now() + timedelta(minutes=self.random.randint(6, 40)),
        )
        draft = Draft("send the deck", Due(due_at, "UTC"), None if asks else BOB, ALICE if asks else None, asks=asks)
        place, by = Origin(ChannelId("C1"), is_private=self.random.random() < 0.2), BOB if asks else ALICE
        made = await self.front.services.promises.make(TEAM, by, draft, place, f"made:{len(self.made)}")
        self.made.append(made.promise)
        return made.promise

    async def _person(self, targets: Iterator[Promise]) -> None:
        last: Click | None = None
        for promise in targets:
            self.front.clock.move(TICK)
            last = last if last and self.random.random() < SECOND_CLICK else await self._chosen(promise)
            sent = self._form(last) if asks_for_words(last.act) else self._button(last)
            self.acked.append((last, await sent))
            if self.random.randrange(LOOKS_EVERY) == 0:
                done = await self.front.services.promises.run_due()
                self.by_clock += done

    async def _chosen(self, promise: Promise) -> Click:
        """A button of the card as it was just now, which many others see too; or any button that ever was."""
        key, act, by = self.front.trigger(), self.random.choice(ACTS), self.random.choice(PEOPLE)
        if self.random.random() < LOOKS_FIRST:
            seen = await self.front.now_of(promise)
            may = allowed_acts(seen, by, self.front.clock.now())
            act = self.random.choice([each for each in ACTS if each in may] or ACTS)
            return Click(key, act, by, seen, question_id(seen))
        return Click(key, act, by, promise)

    async def _button(self, click: Click) -> Answer:
        block_id = f"{QUESTION}{click.promise.number}:{click.question_id}" if click.question_id else "b"
        action = {"action_id": f"act.{click.act}", "block_id": block_id, "type": "button", "value": click.promise.id}
        more = {
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": False},
            "channel": {"id": "C1", "name": "general"},
            "response_url": f"{self.received.url}/{click.key}",
            "trigger_id": click.key,
            "actions": [action],
        }
        return await self.front.interact("block_actions", click.by, more)

    async def _form(self, click: Click) -> Answer:
        source = ModalContext(
            click.promise.id, "C1", "general", f"{self.received.url}/{click.key}", answered=click.question_id
        ).written()
        if click.act in (Act.PROPOSE, Act.COUNTER, Act.EDIT):
            view = terms_form(click.promise, click.act, source)
        elif click.act is Act.HAND_OVER:
            view = hand_over_form(click.promise, source)
        elif click.act is Act.REJECT_PROPOSAL:
            view = refusal_form(click.promise, click.by, source)
        elif click.act is Act.ADJUST:
            view = weight_form(click.promise, source)
        else:
            view = note_form(click.promise, click.act, source)
        due_at = self.front.clock.now() + timedelta(minutes=self.random.randint(1, 90))
        values = {
            "due": {"selected_date_time": int(due_at.timestamp())},
            "what": {"value": f"part {click.key}"},
            "reason": {"value": "because"},
            "note": {"value": "so far"},
            "heir": {"selected_user": self.random.choice([CHARLIE, DAVE])},
            "rating": {"selected_option": {"value": "met"}},
            "hours": {"value": str(self.random.randint(1, 40))},
        }
        return await self.front.submit(view, values, click.by, click.key)


def refusals(click: Click, answer: Answer, answers_after: list[dict[str, Any]]) -> list[str]:
    """Return the refusals among the answers; the answer to a success always has a button."""
    in_ack = json.loads(answer.body).get("errors", {}).values() if answer.body else ()
    later = [each["text"] for each in answers_after if _is_no(each)]
    return [*in_ack, *later]


def _is_no(answers_after: dict[str, Any]) -> bool:
    """Return whether it refused: without a button, or with another way; an offer of help needs no answer."""
    if answers_after["text"].startswith("Told "):
        return False
    return answers_after["text"].startswith("Only ") or not any(
        block["type"] == "actions" for block in answers_after["blocks"]
    )


async def audit(race: Race) -> Counter[str]:
    """Holds every answer against every row.

    Raises AssertionError when a transition was made twice, a row was lost, or a person got no answer.
    """
    received: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for made in race.made:
        promise, history, seqs = await race.front.store.read(TEAM, lambda tx, made=made: _stored(tx, made))
        assert seqs == list(range(1, promise.seq + 1)), "a row of the history is lost"
        check_replay(promise, made, history)
        for place, entry in enumerate(history):
            if entry.by == CLOCK:
                assert clock_act(replay(made, history[:place]), entry.at) is entry.act, "the clock acted twice"
        rows.update(entry.origin for entry in history[1:] if entry.by != CLOCK)
        received.update(f"row of {entry.act}" for entry in history)
        received["rows of the clock"] += sum(entry.by == CLOCK for entry in history)
    assert received["rows of the clock"] == race.by_clock
    assert max(rows.values()) == 1, "one click made two transitions"
    _check_answers(race, rows, received)
    return received


def _check_answers(race: Race, rows: Counter[str], received: Counter[str]) -> None:
    presses: dict[str, list[tuple[Click, Answer]]] = {}
    for click, answer in race.acked:
        assert answer.status == 200
        presses.setdefault(click.key, []).append((click, answer))
    for key, pressed in presses.items():
        click = pressed[0][0]
        # Answers by response_url are one list for both presses of a double click.
        answers_after = [text for _, answer in pressed for text in refusals(click, answer, [])]
        answers_after += refusals(click, Answer(200, "", {}), race.received.answers_after.get(key, []))
        assert all(text.endswith(".") and "went wrong" not in text for text in answers_after), answers_after
        successes = len(pressed) - len(answers_after)
        # A proposal's form may change the estimate too, as an act of its own.
        made = [rows.pop(origin, 0) for origin in (click.origin, f"{click.origin}:weight")]
        assert (successes > 0) == (1 in made), (click, answers_after)
        received.update({"presses": len(pressed), "refusals": len(answers_after), "successes": successes})
        received["busy"] += sum("just now" in text for text in answers_after)
    assert not rows, f"a row that nobody clicked for: {sorted(rows)}"


def _stored(tx: Transaction, made: Promise) -> tuple[Promise, tuple[HistoryEntry, ...], list[int]]:
    promise = tx.promises.get(made.id)
    assert promise is not None
    of_this = select(acts.c.seq).where(acts.c.team_id == TEAM, acts.c.promise_id == made.id).order_by(acts.c.seq)
    connection = tx.promises._connection  # type: ignore[attr-defined]  # no port returns the numbers of rows
    return promise, tx.promises.history(made.id), list(connection.execute(of_this).scalars())
