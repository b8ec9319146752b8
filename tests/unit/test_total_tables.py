"""Each table that sorts acts, kinds, states or refusals sorts all of them, or names those it covers and why."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import pytest

import bot
import handlers
from bot.domain.acts import BY_CLOCK, MAKING, OPEN_STATES, Act, State
from bot.domain.kinds import Kind
from bot.domain.outcomes import Outcome

#: Modules with side effects, or with none of these tables.
PASSED_OVER = ("migrations", "__main__", "bot.setting_names", "bot.config")
PEOPLES_ACTS = set(Act) - MAKING - BY_CLOCK
NUDGES = {kind for kind in Kind if kind.is_nudge}
#: Tables of exactly these; a new member of the enum has to be thought of here or there.
OF_THESE: dict[str, set[Any]] = {
    "bot.views.buttons.LABELS": PEOPLES_ACTS,
    "bot.views.nudges.WHY": NUDGES,
    "bot.views.timeline.NEXT": NUDGES,
    "bot.views.record._NAMES": set(Outcome) - {Outcome.RELEASED},  # a release counts neither for nor against
    "bot.views.story._PLAIN": set(Act) - {Act.PROMISE, Act.REQUEST, Act.MISS, Act.EDIT, Act.ADJUST},  # worded apart
    "bot.domain.workflow_steps.LET_GO": set(State) - OPEN_STATES - {State.KEPT},  # why it will not be kept
    "bot.views.notices._REPORTS": {
        Act.ON_TRACK,
        Act.AT_RISK,
        Act.PROPOSE,
        Act.COUNTER,
        Act.HAND_OVER,
    },  # an owner's word
}
#: Exceptions to a table or a rule that is total: what they lack is as it is there.
EXCEPTIONS = {
    *("bot.domain.act_errors.NEED_WORDS", "bot.views.forms.NEED_WORDS"),  # the other acts may do without
    *(
        "bot.views.buttons._HAND_OVER_LABELS",
        "bot.views.buttons._CONFIRMATIONS",
        "bot.views.did._ALONE",
        "bot.views.did._ASKED",
        "bot.views.did._LATE",
    ),
    *(
        "bot.views.did._HINTS",
        "bot.views.did._INSTEAD",
        "bot.views.nudges._ELSE",
        "bot.views.nudges._QUESTIONS",
        "bot.views.forms._TITLES",
    ),
    *(
        "bot.storage.rows._ACT_WRITTEN",
        "bot.storage.rows._MARKED",
        "bot.understand.ERRORS",
        "handlers.threads._COMMANDS",
        "bot.views.threads._NOTED",
    ),
    # A reply that fits none of a reader's likely answers is not understood.
    *(f"bot.domain.likely_answers.{name}" for name in ("_ASKED", "_ANSWERER", "_OWNER", "_RECEIVER", "_REQUESTER")),
    "bot.views.forms._NOTES",  # which acts have a form at all is decided in handlers.acting, exhaustively
}


def tables() -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Every module's own table keyed by the members of one enum; the reader's units of time are none of these."""
    for package in (bot, handlers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if any(name in module.name for name in (*PASSED_OVER, "bot.domain.reading")):
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, Mapping) and value and len({type(key) for key in value}) == 1:
                    yield from [(f"{module.name}.{name}", value)] if isinstance(next(iter(value)), Enum) else []


ALL = dict(tables())


@pytest.mark.parametrize("name", sorted(ALL.keys() - EXCEPTIONS))
def test_a_table_sorts_all_that_there_is(name: str) -> None:
    table = ALL[name]
    assert set(table) == OF_THESE.get(name, set(type(next(iter(table)))))


def test_every_table_that_is_named_exists() -> None:
    assert {*OF_THESE, *EXCEPTIONS} <= ALL.keys()


def test_the_tables_of_acts_and_kinds_are_found() -> None:
    named = {"bot.domain.acts.RULE_OF", "bot.domain.kinds.KINDS", "bot.domain.outcomes._STEPS", "bot.views.did._NEXT"}
    assert named <= ALL.keys()
