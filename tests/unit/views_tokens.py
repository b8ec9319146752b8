"""The views of tokens and webhooks, filled with one and the same words."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.access_tokens import MAX_TOKENS, AccessToken, Scope
from bot.domain.promise import PromiseId, UserId
from bot.domain.webhooks import MAX_WEBHOOKS, CallState, Webhook, WebhookCall
from bot.views.tokens import token_made, tokens_form
from bot.views.webhooks import attempts_view, webhook_added, webhooks_form
from tests.unit.factories import ALICE, MONDAY

SOON = MONDAY + timedelta(minutes=1)


def tokens(words: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    name = words[:60] or "x"
    own = [AccessToken(f"{each:016x}", ALICE, name, "", frozenset(), ALICE, MONDAY) for each in range(MAX_TOKENS)]
    for_all = [replace(each, person=UserId(""), scopes=frozenset(Scope), last_used_at=SOON) for each in own]
    yield "tokens", tokens_form(own, "x" * 3000)
    yield "tokens of the workspace", tokens_form(for_all, "x" * 3000, is_own=False)
    yield "a new token", token_made(name, "kept_T1_" + "0" * 81)
    hook = Webhook("W1", ALICE, (f"https://example.com/{words}" + "x" * 500)[:500], "whsec_" + "x" * 44, ALICE, MONDAY)
    yield "webhooks", webhooks_form([hook] * MAX_WEBHOOKS, "x" * 3000)
    yield "webhooks of the workspace", webhooks_form([], "x" * 3000, is_own=False)
    yield "a new webhook", webhook_added(hook)
    called = WebhookCall(
        "C1", "W1", PromiseId("P1"), 2, "promise.report", CallState.PENDING, MONDAY, SOON, tried_at=SOON
    )
    calls = [replace(called, state=state, error=words[:60], tries=9) for state in CallState] * 5
    yield "attempts of a webhook", attempts_view(hook, calls, is_test=True)
    yield "no attempts of a webhook", attempts_view(hook, [])
