"""Hasty input by the door: nothing becomes a promise that its writer did not promise."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.front import Answer, Front, front_door
from tests.unit.factories import ALICE, BOB, CHARLIE

NAMES = {"@bob": f"<@{BOB}|bob>", "@charlie": f"<@{CHARLIE}|charlie>"}


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    """Alice promised Bob the contract (#1) and the minutes (#2); Bob promised her the login fix (#3)."""
    async with front_door(tmp_path) as door:
        await door.make("send the contract by Friday 17:00")
        await door.make("write the minutes by Thursday 17:00")
        await door.make("fix the login by Wednesday 15:00", BOB, ALICE)
        yield door


async def typed(front: Front, text: str) -> Answer:
    for name, mention in NAMES.items():
        text = text.replace(name, mention)
    return await front.command(text)


def labels(answer: Answer) -> list[str]:
    blocks: list[dict[str, Any]] = answer.message["blocks"]
    elements = [each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})]
    return [each["text"]["text"] for each in elements if each.get("type") == "button"]


ASKED = [
    ("@bob I can't do it by Friday", "may slip", "No, it is a new promise"),
    ("sorry, won't be able to send the contract by friday", "*#1 send the contract* may slip", "Say so"),
    ("not going to make friday", "one of these may slip", "No, it is a new promise"),
    ("ich schaffe den vertrag nicht bis freitag", "one of these may slip", "Say so"),
    ("can you send me the deck by friday?", "Whom do you ask for this?", "Choose whom to ask"),
    ("I need the numbers by friday", "Whom do you ask for this?", "I promise it"),
    ("kannst du mir das deck bis freitag schicken?", "Whom do you ask for this?", "Choose whom to ask"),
    ("@bob owes me the numbers by friday", "Do you ask", "Ask bob"),
    ("@bob said he'll send the numbers by friday", "Do you ask", "Ask bob"),
    ("@bob need the numbers by friday", "Do you ask", "I promise it"),
    ("@bob hat mir das deck bis freitag versprochen", "Do you ask", "Ask bob"),
    ("@bob's deck by friday", "To whom do you promise this?", "To bob"),
    ("@bob deck maybe friday", "do you mean Fri 27 Nov, 18:00", "Open the form"),
    ("@bob hopefully by friday the deck", "do you mean Fri 27 Nov, 18:00", "Open the form"),
    ("@bob send the deck bi-weekly on friday", "repeats in a way that I can’t follow", "Open the form"),
    ("out friday", "Did you mean *away friday*?", "Note my days off"),
    ("I'm out next week", "Did you mean *away next week*?", "Note my days off"),
    ("sick today", "Did you mean *away today*?", "Note my days off"),
    ("the contract will be late", "*#1 send the contract* may slip", "Say so"),
    ("I sent the contract", "report *#1 send the contract* as done", "Report it"),
    ("contract done", "report *#1 send the contract* as done", "Report it"),
    ("late on 1", "*#1 send the contract* may slip", "Say so"),
    ("can we push the contract to thursday?", "move *#1 send the contract* to *Thu 26 Nov, 18:00 CET*", "Propose it"),
    ("1 blocked by 3", "or about *#1 send the contract*", "A new promise"),
    ("1 -> thursday", "or about *#1 send the contract*", "Propose it"),
    ("done 1 and 2", "report one of these as done", "Report it"),
    ("ask bob to send the numbers by friday", "Did you mean *ask @bob to send the numbers by friday*?", "Ask them"),
    ("aks @bob deck by friday", "Did you mean *ask @bob deck by friday*?", "Ask them"),
    ("remind @bob about 3", "Is “remind @bob about 3” a new promise?", "Ask them"),
]


@pytest.mark.parametrize(("text", "says", "button"), ASKED)
async def test_a_slip_is_asked_about_and_changes_nothing(front: Front, text: str, says: str, button: str) -> None:
    before = await front.promises_of(ALICE), await front.promises_of(BOB)
    answer = await typed(front, text)
    assert says in answer.text
    assert button in labels(answer)
    assert (await front.promises_of(ALICE), await front.promises_of(BOB)) == before


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("find out why users can't log in by friday", "find out why users can't log in"),
        ("can't-login bug by friday", "can't-login bug"),
        ("holiday plan by friday", "holiday plan"),
        ("7 slides by friday", "7 slides"),
        ("I need to send the deck by friday", "send the deck"),
        ("/promise send the deck by friday", "send the deck"),
        ("remind me in 2h to check the build", "check the build"),
        ("@bob deck by friday cc @charlie", "deck"),
        ("@bob (cc @charlie) the deck by friday", "the deck"),
    ],
)
async def test_what_is_certain_is_recorded_without_a_question(front: Front, text: str, what: str) -> None:
    assert "Recorded" in (await typed(front, text)).text
    newest = max(await front.promises_of(ALICE), key=lambda promise: promise.number)
    assert newest.terms.what == what
    assert newest.watchers == ((CHARLIE,) if "cc" in text else ())


@pytest.mark.parametrize("text", ["done1", "done: 1", "done#1", "/promise done 1"])
async def test_a_command_without_its_space_is_run(front: Front, text: str) -> None:
    assert "Delivered *#1*" in (await typed(front, text)).text


async def test_the_button_of_days_off_notes_them(front: Front) -> None:
    answer = await typed(front, "I'm out friday")
    (button,) = [
        each
        for block in answer.message["blocks"]
        for each in block.get("elements", ())
        if each.get("value") == "away friday"
    ]
    await front.click(button["action_id"], button["value"])
    assert "Noted: you are away Fri 27 Nov" in front.api.answers[-1]["text"]
