"""Use what the recipes of CONTRIBUTING added, in their tree: `python -m tests.unit.recipe_checks FOLDER check_act`."""

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.config import load
from bot.domain import commands
from bot.domain.acts import Act
from bot.domain.agenda.facts import Case
from bot.domain.agenda.nudges import nudges
from bot.domain.due_dates import Deadline, read_deadline
from bot.domain.kinds import Kind
from bot.domain.outcomes import Past, account_of
from bot.domain.people import Person
from bot.domain.preferences import Preferences, changes_between
from bot.domain.reading.recurrence import SIGNS
from bot.domain.transitions import perform
from bot.domain.webhooks import CallState, WebhookCall, events_of, payload
from bot.domain.working_time import WorkingHours
from bot.language import _ as translated
from bot.language import offered, reading_in
from bot.storage.engine import open_store
from bot.storage.preferences import preferences_from, preferences_json
from bot.views.buttons import LABELS, all_buttons
from bot.views.did import answer
from bot.views.help import all_commands
from bot.views.notices import notice
from bot.views.nudges import nudge
from bot.views.promise_card import promise_details
from bot.views.settings import settings_form
from bot.views.timeline import NEXT, WILL
from handlers.acting import asks_for_words
from handlers.payloads import Inputs
from handlers.routes import ROUTES
from handlers.settings import _chosen
from tests.unit.factories import ALICE, BOB, FRIDAY, MONDAY, TEAM, entry, promised
from tests.unit.test_total_tables import ALL, EXCEPTIONS, test_a_table_sorts_all_that_there_is

SOON = MONDAY + timedelta(hours=1)


def check_act(_: Path) -> None:
    cheer = Act("cheer")
    before = promised()
    after = perform(before, entry(cheer, BOB))
    history = (entry(Act.PROMISE, ALICE, MONDAY, what="send the deck", due=before.terms.due), entry(cheer, BOB))
    assert not asks_for_words(cheer)
    assert "cheer" in str(all_buttons(before, BOB, SOON)) + str(answer(cheer, after, BOB, SOON, "").blocks).lower()
    assert "cheered" in str(promise_details(after, history, ALICE, SOON).blocks)
    assert "cheered" in str(notice(after, history, "a2", ALICE, SOON).blocks)
    account_of(Past(after, history))


def check_message(_: Path) -> None:
    eve, promise = Kind("eve"), promised()
    found = [each.at for each in nudges(Case(promise), ALICE, SOON) if each.kind is eve]
    assert found == [FRIDAY - timedelta(days=1)]
    assert "Ready for tomorrow?" in nudge(eve, promise, ALICE, SOON).text
    assert eve in WILL
    assert eve in NEXT


def check_setting(_: Path) -> None:
    tea: Any = {"likes_tea": True}
    chosen = replace(Preferences(), **tea)
    assert preferences_from(preferences_json(chosen)) == chosen
    assert changes_between(Preferences(), chosen) == "likes tea: no → yes"
    form = settings_form(Person(TEAM, ALICE, "Alice", MONDAY), "")
    assert "likes_tea" in str(form)
    assert asyncio.run(_sent_in(form)) == chosen


async def _sent_in(form: Any) -> Preferences:
    """Return what the form saves with the box checked, and the rest as it is drawn."""
    values = {
        "start": {"selected_time": "09:00"},
        "end": {"selected_time": "18:00"},
        "days": {"selected_options": [{"value": str(day)} for day in range(5)]},
        "lead_days": {"value": "1"},
        "daily_cap": {"value": "4"},
        "likes_tea": {"selected_options": [{"value": "yes"}]},
    }
    state = {"values": {name: {name: value} for name, value in values.items()}}
    chosen, faults = await _chosen(_NoCalendars(), Inputs({"view": {**form, "state": state}}))  # type: ignore[arg-type]
    assert not faults
    return chosen


class _NoCalendars:
    """Stands in for the services: a form without a country asks them for none."""

    def __init__(self) -> None:
        self.calendars = self

    def named(self, words: str) -> str:
        return words


def check_process_setting(_: Path) -> None:
    settings: Any = load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, Path(".env.example"))
    assert settings.kept_tea == 7
    assert "KEPT_TEA=7" in Path(".env.example").read_text(encoding="utf-8")


def check_command(_: Path) -> None:
    assert [handle.__name__ for pattern, handle in ROUTES if pattern.fullmatch("tea")] == ["on_tea"]
    assert "tea" in commands.COMMANDS
    assert "have a cup" in str(all_commands())


def check_column(folder: Path) -> None:
    colour: Any = {"colour": "green"}
    assert asyncio.run(_stored(folder / "kept.db", colour)) == "green"


async def _stored(path: Path, changes: Any) -> str:
    store = await open_store(f"sqlite:///{path}")
    promise = promised(**changes)
    first = entry(Act.PROMISE, ALICE, MONDAY, what="send the deck", due=promise.terms.due)
    await store.write(TEAM, lambda tx: tx.promises.add(promise, first))
    found: Any = await store.read(TEAM, lambda tx: tx.promises.get(promise.id))
    await store.close()
    return str(found.colour)


def check_event(_: Path) -> None:
    accepted = entry(Act.ACCEPT_PROPOSAL, BOB)
    assert events_of(accepted, promised()) == ("promise.accept_proposal", "promise.moved")
    call = WebhookCall("c1", "w1", promised().id, 3, "promise.moved", CallState.PENDING, MONDAY, MONDAY)
    assert payload(call, promised(), accepted)["type"] == "promise.moved"
    assert "`promise.moved`" in Path("docs/api.md").read_text(encoding="utf-8")


def check_language(_: Path) -> None:
    read = read_deadline("vrijdag", MONDAY, WorkingHours("Europe/Berlin"), "nl")
    assert isinstance(read, Deadline)
    assert read.at.date() == FRIDAY.date()
    assert "nl" in SIGNS


def check_sentences(_: Path) -> None:
    with reading_in("nl"):
        assert LABELS[Act.ACCEPT_REQUEST] == "Accept"
        assert translated(LABELS[Act.ACCEPT_REQUEST]) == "Aannemen"
    assert "nl" not in offered()


if __name__ == "__main__":
    for name in sys.argv[2:]:
        globals()[name](Path(sys.argv[1]))
    for table in ALL.keys() - EXCEPTIONS:
        test_a_table_sorts_all_that_there_is(table)
