"""Typed text by the door: a near command is never a promise, and a promise stays one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.acts import State
from bot.domain.promise import Promise, PromiseId
from bot.ports import Side
from tests.integration.front import Answer, Front, front_door
from tests.integration.typed_rows import ROWS
from tests.unit.factories import ALICE, BOB, CHARLIE, DAVE, TEAM

PEOPLE = {"alice": "<@UALICE|alice>", "bob": "<@UBOB|bob>", "cat": "<@UCHARLIE|charlie>"}
TO = {"bob": BOB, "oneself": ALICE, "alone": ALICE}
Row = tuple[str, str, str]
QUIET = [row for row in ROWS if row[1].split()[0] in ("asks", "says", "opens")]
CHANGING = [row for row in ROWS if row not in QUIET]
BATCHES = [QUIET[first : first + 15] for first in range(0, len(QUIET), 15)]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        await door.make("send the status by Friday 17:00", ALICE, BOB)
        await door.make("review the contract by Thursday 12:00", ALICE, BOB)
        await door.make("write the summary by Friday 12:00", BOB, ALICE)
        yield door


async def all_promises(front: Front) -> dict[int, Promise]:
    found = {}
    for who in (ALICE, BOB, CHARLIE):
        for promise in await front.services.promises.listed(TEAM, who, Side.ALL, who):
            found[promise.number] = promise
    return found


async def acts_of(front: Front, promise_id: PromiseId) -> list[tuple[str, str]]:
    history = await front.store.read(TEAM, lambda tx: tx.promises.history(promise_id))
    return [(entry.act.value, entry.note) for entry in history]


def shown(answer: Answer) -> str:
    return "" if not answer.body else str(answer.message).replace("\\n", " ")


def has_buttons(answer: Answer) -> bool:
    elements = [
        e for block in answer.message["blocks"] for e in (*block.get("elements", ()), block.get("accessory", {}))
    ]
    return any(element.get("type") == "button" for element in elements)


def test_there_are_enough_rows_and_none_twice() -> None:
    texts = [text for text, _, _ in ROWS]
    assert len(texts) >= 150
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("rows", BATCHES, ids=[f"{rows[0][0]} … {len(rows)}" for rows in BATCHES])
async def test_what_changes_nothing_is_answered_as_its_row_says(front: Front, rows: list[Row]) -> None:
    """As nothing changes, many are typed one after another."""
    for row in rows:
        await check_row(front, *row)


@pytest.mark.parametrize(("text", "happens", "contains"), CHANGING, ids=[row[0] for row in CHANGING])
async def test_what_is_typed_does_what_its_row_says(front: Front, text: str, happens: str, contains: str) -> None:
    await check_row(front, text, happens, contains)


async def check_row(front: Front, text: str, happens: str, contains: str) -> None:
    before = await all_promises(front)
    counts = {number: len(await acts_of(front, promise.id)) for number, promise in before.items()}
    views = len(front.api.views)
    answer = await front.command(text.format(**PEOPLE))
    after = await all_promises(front)
    kind, _, note = happens.partition(" | ")
    new = [promise for number, promise in after.items() if number not in before]
    acted = {
        number: history[counts[number] :]
        for number, promise in before.items()
        if len(history := await acts_of(front, promise.id)) > counts[number]
    }
    assert contains in shown(answer), text
    verb, _, about = kind.partition(" ")
    if verb in ("asks", "says", "opens"):
        assert (new, acted) == ([], {}), text
        assert (len(front.api.views) > views) == (verb == "opens"), text
        assert verb != "asks" or has_buttons(answer), text
    elif verb in ("promises", "requests"):
        (made,) = new
        assert acted == {}
        assert (made.state is State.REQUESTED) == (verb == "requests")
        assert verb == "requests" or made.requester_id == TO[about]
        assert made.origin.is_private == (about == "alone")
        assert note in ("", made.terms.what)
    else:
        assert new == []
        assert {number: [act for act, _ in acts] for number, acts in acted.items()} == {int(about): [verb]}
        assert note in ("", acted[int(about)][0][1])


async def test_a_question_about_a_move_proposes_it_by_one_click(front: Front) -> None:
    answer = await front.command("mvoe 1 friday 6pm, because legal is late")
    run = next(
        b
        for block in answer.message["blocks"]
        for b in block.get("elements", ())
        if b.get("action_id") == "typed.run.0"
    )
    await front.click("typed.run.0", run["value"], own=True)
    (promise,) = [p for p in await front.promises_of(ALICE) if p.number == 1]
    assert promise.proposal is not None
    assert (promise.proposal.reason, promise.proposal.due.local.strftime("%a %H:%M")) == ("legal is late", "Fri 18:00")
    assert front.api.answers[-1]["replace_original"] is True


async def test_no_it_is_a_new_promise_records_it_once(front: Front) -> None:
    answer = await front.command("list the open bugs by Friday")
    new = next(
        b
        for block in answer.message["blocks"]
        for b in block.get("elements", ())
        if b.get("action_id") == "typed.promise"
    )
    for _ in range(2):
        await front.click("typed.promise", new["value"], own=True)
    made = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert [promise.terms.what for promise in made] == ["list the open bugs"]


async def test_only_for_me_takes_a_promise_out_of_the_channel(front: Front) -> None:
    answer = await front.command("tidy the wiki by Friday")
    alone = next(
        b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("action_id") == "make.alone"
    )
    await front.click("make.alone", alone["value"], own=True)
    made = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert [(promise.origin.is_private, promise.terms.what) for promise in made] == [(True, "tidy the wiki")]
    assert (await front.now_of(replaced(alone["value"], made[0]))).state is State.UNDONE
    front.clock.move(timedelta(minutes=10))


def replaced(promise_id: str, like: Promise) -> Promise:
    """The promise of an id, as far as it is needed to look it up."""
    return like.__class__(**{**{f: getattr(like, f) for f in like.__dataclass_fields__}, "id": PromiseId(promise_id)})


async def test_to_whom_is_answered_by_one_of_two_buttons(front: Front) -> None:
    answer = await front.command("review <@UBOB|bob>'s PR by Friday")
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    assert [b["text"]["text"] for b in buttons] == ["To bob", "To myself"]
    await front.click("make.candidate.0", buttons[0]["value"], own=True)
    made = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert [(promise.requester_id, promise.terms.what) for promise in made] == [(BOB, "review @bob's PR")]


async def test_every_moment_that_the_words_may_mean_has_its_button(front: Front) -> None:
    answer = await front.command("<@UBOB|bob> send it Friday 12am")
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    shown = [b["text"]["text"] for b in buttons]
    assert [label[-9:] for label in shown] == ["00:00 CET", "12:00 CET", "00:00 CET", " the form"]
    await front.click("make.candidate.2", buttons[2]["value"], own=True)
    (made,) = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert made.terms.due.local.strftime("%a %H:%M") == "Sat 00:00"


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("review <@UBOB|bob>'s PR Friday 12am", {"To bob": "review @bob's PR", "To myself": "review @bob's PR"}),
        ("bob send the plan Friday 12am", {"To bob": "send the plan", "To myself": "bob send the plan"}),
    ],
)
async def test_who_is_asked_after_the_date_if_both_are_doubtful(front: Front, typed: str, what: dict[str, str]) -> None:
    for place, (label, task) in enumerate(what.items()):
        answer = await front.command(typed)
        dates = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if "action_id" in b]
        await front.click("make.candidate.1", dates[1]["value"], own=True, ts=f"7.{place}")
        asked = front.api.answers[-1]
        buttons = [b for block in asked["blocks"] for b in block.get("elements", ()) if "action_id" in b]
        assert asked["replace_original"] is True
        assert [b["text"]["text"] for b in buttons] == list(what)
        assert len(await all_promises(front)) == 3 + place
        await front.click(f"make.candidate.{place}", buttons[place]["value"], own=True, ts=f"7.{place}")
        made = max(await front.promises_of(ALICE), key=lambda promise: promise.number)
        to = BOB if label == "To bob" else ALICE
        assert (made.requester_id, made.terms.what, made.terms.due.local.hour) == (to, task, 12)


async def test_the_form_for_a_date_is_filled_with_the_person_in_doubt(front: Front) -> None:
    answer = await front.command("review <@UBOB|bob>'s PR")
    (form,) = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if "action_id" in b]
    await front.click("make.form", form["value"], own=True)
    assert BOB in [b["element"].get("initial_user") for b in front.api.views[-1]["blocks"] if b["type"] == "input"]


async def test_a_reminder_to_oneself_stays_private_when_its_date_or_its_people_are_asked_about(front: Front) -> None:
    for place, typed in enumerate(["call the bank Friday 12am", "review <@UBOB|bob>'s PR by Friday"]):
        answer = await front.command(f"remind me to {typed}")
        buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if "action_id" in b]
        await front.click("make.candidate.1", buttons[1]["value"], own=True, ts=f"7.{place}")
        made = max(await front.promises_of(ALICE), key=lambda promise: promise.number)
        assert (made.number, made.requester_id, made.origin.is_private) == (4 + place, ALICE, True)


async def test_the_form_for_a_reminder_to_oneself_records_it_as_private(front: Front) -> None:
    answer = await front.command("remind me to call the bank")
    (form,) = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if "action_id" in b]
    await front.click("make.form", form["value"], own=True)
    assert "C1" not in front.api.views[-1]["private_metadata"]


async def test_what_is_said_to_be_done_and_is_closed_is_shown(front: Front) -> None:
    await front.command("cancel 2")
    answer = await front.command("I'm done with 2")
    assert "Did you mean to see *#2 review the contract*?" in answer.body


async def test_a_name_without_its_at_sign_is_asked_about(front: Front) -> None:
    answer = await front.command("Bob send the plan by Friday 5pm")
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    assert [b["text"]["text"] for b in buttons] == ["To bob", "To myself"]
    assert len(await all_promises(front)) == 3
    await front.click("make.candidate.0", buttons[0]["value"], own=True)
    made = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert [(promise.requester_id, promise.terms.what) for promise in made] == [(BOB, "send the plan")]


async def test_which_of_two_people_of_one_name_is_asked(front: Front) -> None:
    await knows_two_bobs(front)
    answer = await front.command("bob send the plan by Friday 5pm")
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    assert [b["text"]["text"] for b in buttons] == ["To Bob Brown", "To Bob Green", "To myself"]
    assert len(await all_promises(front)) == 3
    await front.click("make.candidate.1", buttons[1]["value"], own=True)
    made = [promise for promise in await front.promises_of(ALICE) if promise.number > 3]
    assert [(promise.requester_id, promise.terms.what) for promise in made] == [(DAVE, "send the plan")]


async def test_which_of_two_people_of_one_name_is_asked_for_something(front: Front) -> None:
    await knows_two_bobs(front)
    answer = await front.command("bob send me the plan by Friday 5pm")
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    assert [b["text"]["text"] for b in buttons] == ["Ask Bob Brown", "Ask Bob Green", "I promise it"]
    await front.click("make.candidate.2", buttons[2]["value"], own=True)
    assert "To Bob Green" in str(front.api.answers[-1])
    assert len(await all_promises(front)) == 3
    await front.click("make.candidate.1", buttons[1]["value"], own=True)
    (asked,) = await front.promises_of(DAVE)
    assert (asked.state, asked.requester_id, asked.terms.what) == (State.REQUESTED, ALICE, "send me the plan")


async def knows_two_bobs(front: Front) -> None:
    for who, name in ((BOB, "Bob Brown"), (DAVE, "Bob Green")):
        known = await front.services.people.of(TEAM, who)
        front.messenger.people[who] = replace(known, name=name)
        await front.services.people.refresh(TEAM, who)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("bob send me the plan by Friday 5pm", ["Ask bob", "I promise it"]), ("alice send the plan by Friday 5pm", None)],
)
async def test_a_name_without_its_at_sign_may_be_asked_for_it_or_be_ones_own(
    front: Front, text: str, expected: list[str] | None
) -> None:
    answer = await front.command(text)
    buttons = [b for block in answer.message["blocks"] for b in block.get("elements", ()) if b.get("type") == "button"]
    shown = [b["text"]["text"] for b in buttons]
    assert (shown == expected) if expected else (len(await all_promises(front)) == 4)
