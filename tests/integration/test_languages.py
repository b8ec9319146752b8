"""Each reader reads their own language: as in Slack, or as they chose; a channel reads the workspace's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.people import Person
from bot.domain.preferences import Preferences
from bot.domain.promise import UserId
from tests.integration.front import Front, front_door
from tests.integration.test_settings import filled
from tests.patience import PATIENCE_S
from tests.unit.factories import ALICE, BOB, TEAM

NEWCOMER = UserId("UNEW")


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


@pytest.fixture(autouse=True)
def _waits_for_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a language may take longer than a person would wait for it."""
    monkeypatch.setattr("handlers.languages.PATIENCE_S", PATIENCE_S)


async def is_german(front: Front, *people: UserId) -> None:
    """Slack shows itself to these people in German."""
    for person in people:
        known = await front.services.people.of(TEAM, person)
        front.messenger.people[person] = replace(known, locale="de-DE")
        await front.services.people.refresh(TEAM, person)


async def test_a_reply_is_in_the_language_of_the_persons_slack(front: Front) -> None:
    await is_german(front, ALICE)
    made = await front.command(f"<@{BOB}|bob> die Präsentation bis Freitag 17 Uhr schicken", ALICE)
    assert "Festgehalten. #1: Zusage von" in made.text
    assert "Nothing is late." in (await front.command("list late", BOB)).text
    refused = await front.command("show 99", ALICE)
    assert "Es gibt keine Zusage #99, die du sehen kannst." in refused.text


async def test_a_message_is_in_its_readers_language(front: Front) -> None:
    await is_german(front, BOB)
    await front.make(by=ALICE, to=BOB)
    await front.send()
    assert "hat dir „send the deck“ zugesagt" in front.messenger.sent_to(BOB)[0].text
    assert "promised" in front.messenger.sent_to("C1")[0].text


async def test_the_setting_goes_first_and_the_channels_is_the_workspaces(front: Front) -> None:
    await is_german(front, ALICE)
    await front.command("settings", ALICE)
    form = front.api.views[-1]
    assert form["title"]["text"] == "Einstellungen"
    chosen = filled(language={"selected_option": {"value": "en"}})
    await front.submit(form, chosen, ALICE)
    assert "Saved. You work" in front.api.answers[-1]["text"]
    assert "Nothing is late." in (await front.command("list late", ALICE)).text
    front.messenger.people[ALICE] = replace(front.messenger.people[ALICE], is_admin=True)
    await front.services.preference_changes.choose_for_all(TEAM, ALICE, Preferences(language="de"))
    assert "Nichts ist überfällig." in (await front.command("list late", BOB)).text
    await front.make(by=ALICE, to=BOB)
    await front.send()
    assert "Zusage von" in front.messenger.sent_to("C1")[0].text


async def test_a_newcomers_first_reply_is_in_their_language(front: Front) -> None:
    front.messenger.people[NEWCOMER] = Person(TEAM, NEWCOMER, "Nina", front.clock.now(), locale="de-DE")
    assert "Bis wann?" in (await front.command(f"<@{BOB}|bob> die Präsentation schicken", NEWCOMER)).text
