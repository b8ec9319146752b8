"""For each broken state a doctor with the guard of that state taken out, which must miss it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from types import ModuleType
from typing import Any

import aiohttp
import pytest

import bot.doctor
from bot.doctor import Finding, Status, address, database, machine, slack_requests, tokens
from bot.doctor.slack_requests import Answer

Mutant = Callable[[pytest.MonkeyPatch], None]


def without(table: Any, *names: object) -> Mutant:
    """Take entries out of a table."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        for name in names:
            patch.delitem(table, name)

    return mutate


def instead(module: ModuleType, name: str, value: object) -> Mutant:
    """Put something in the place of a function or constant."""
    return lambda patch: patch.setattr(module, name, value)


async def _takes_all_for_slacks(answer: aiohttp.ClientResponse) -> Answer:
    """Read every answer as a refusal, as the doctor did before it knew a 429 from a bad token."""
    return Answer({"ok": False, "error": str(answer.status)})


async def _finds_no_one_away(_api_url: str, _method: str, _token: str) -> Answer:
    return Answer({"ok": False, "error": "None"})


async def _is_content(*_: object) -> None:
    """Find nothing to object to."""


async def _finds_no_address(*_: object) -> list[Finding]:
    return [Finding("address", Status.OK, "")]


def _finds_app_token_well(_answer: Answer) -> Finding:
    return Finding("app token", Status.OK, "")


def _finds_nothing(*_: object) -> Sequence[Finding]:
    return []


async def _judges_no_refusal(_settings: object, _answer: Answer) -> Finding:
    return Finding("bot token", Status.OK, "")


_ANY_ANSWER_IS_SLACKS = instead(slack_requests, "_judged", _takes_all_for_slacks)
_APP_TOKEN_IS_WELL = instead(tokens, "_app_token", _finds_app_token_well)
_NO_ADDRESS = instead(bot.doctor, "check_address", _finds_no_address)
_NO_SCOPES = instead(tokens, "manifest_scopes", lambda: (frozenset(), frozenset()))
_ANY_CLOCK = instead(tokens, "MAX_OFF", timedelta(days=1))
_NO_STOPS = instead(database, "_stops", _finds_nothing)

#: By the name of the state in broken_states.STATES; total by test.
MUTANTS: dict[str, Mutant] = {
    "the bot token is wrong": without(tokens.REFUSALS, "invalid_auth"),
    "the app was removed": without(tokens.REFUSALS, "account_inactive"),
    "the token was revoked": without(tokens.REFUSALS, "token_revoked"),
    "the token has expired": without(tokens.REFUSALS, "token_expired"),
    "an unknown refusal": instead(tokens, "_bot_token", _judges_no_refusal),
    "keys of the organisation": without(tokens.REFUSALS, "ekm_access_denied"),
    "slack limits us": _ANY_ANSWER_IS_SLACKS,
    "slack has a fault": _ANY_ANSWER_IS_SLACKS,
    "a proxy answers": _ANY_ANSWER_IS_SLACKS,
    "slack is out of reach": instead(tokens, "ask", _finds_no_one_away),
    "another workspace's token": instead(tokens, "check_only_for", _is_content),
    "a scope is missing": _NO_SCOPES,
    "an optional scope is missing": _NO_SCOPES,
    "the clock is 40 minutes ahead": _ANY_CLOCK,
    "the clock is 40 minutes behind": _ANY_CLOCK,
    "the clock drifts": instead(tokens, "MAX_OFF", timedelta(minutes=5)),
    "the app token is wrong": _APP_TOKEN_IS_WELL,
    "the app token lacks its scope": _APP_TOKEN_IS_WELL,
    "slack limits the app token": _APP_TOKEN_IS_WELL,
    "no public address": _NO_ADDRESS,
    "the public address is out of reach": _NO_ADDRESS,
    "the proxy finds no kept": instead(address, "BEHIND_PROXY", address.REDIRECTED),
    "something else is there": without(address.ANSWERS, 404),
    "the address redirects": instead(address, "REDIRECTED", address.BEHIND_PROXY),
    "the proxy refuses bodies": without(address.ANSWERS, 413),
    "the disk is nearly full": instead(machine, "MIN_ROOM", 0),
    "messages were too long": without(database.CURES, "msg_too_long"),
    "messages lacked a scope": without(database.CURES, "missing_scope"),
    "messages failed otherwise": instead(database, "_failures", _finds_nothing),
    "events were set aside": instead(database, "_events", _finds_nothing),
    "a workspace is paused": _NO_STOPS,
    "a person is out of reach": _NO_STOPS,
    "a channel is out of reach": _NO_STOPS,
}
