"""A promise in a private place shows nowhere else: not its words, not its number, not its owner."""

import json
import os
from collections.abc import Iterator
from datetime import time, timedelta
from random import Random

from bot.domain.acts import Act
from bot.domain.chains import MOVES, UpstreamChange, suggested, visible_and_hidden
from bot.domain.digests import Cadence, DigestSetting, LastChance, at_stake, digest, period_of
from bot.domain.figures import RecordAccess, record_of, team_record, visible_pasts, weeks
from bot.domain.outcomes import Past, accounts_of
from bot.domain.promise import ChannelId, Origin, UserId
from bot.domain.working_time import WorkingHours
from bot.views.chains import chain_word, dependents
from bot.views.digest import channel_digest, digest_details, last_chance
from bot.views.record import team_message
from tests.unit.factories import BOB, CHARLIE, MONDAY, TEAM
from tests.unit.histories import random_past

WORKSPACES = 10_000 if os.environ.get("KEPT_LONG") else 100
C1, C2 = ChannelId("C1"), ChannelId("C2")
PLACES = [(Origin(C1), 3), (Origin(C2), 2), (Origin(C1, is_private=True), 2), (Origin(ChannelId("D1"), True), 2)]


def workspace(random: Random) -> list[Past]:
    """A dozen promises; the owner of a private one has no other, so that even a name would be a leak."""
    pasts = []
    for number in range(700, 712):
        origin = random.choices([place for place, _ in PLACES], [weight for _, weight in PLACES])[0]
        owner = UserId(f"USECRET{number}" if origin.is_private else f"UPUBLIC{number % 6}")
        made_at = MONDAY + timedelta(hours=random.randint(0, 500))
        what = f"secret-{number}" if origin.is_private else f"public-{number}"
        pasts.append(random_past(random, number, made_at, what, owner_id=owner, origin=origin))
    return pasts


def mentions_elsewhere(pasts: list[Past], random: Random) -> Iterator[str]:
    """Everything that people who are no party may come to read."""
    end = MONDAY + timedelta(hours=random.randint(24, 700))
    start = end - timedelta(days=random.choice((1, 7)))
    cadence = random.choice(list(Cadence))
    setting = DigestSetting(
        TEAM, C1, cadence, time(16), "UTC", CHARLIE, MONDAY, start, of_members=random.random() < 0.5
    )
    period = period_of(setting, end)
    content = digest(pasts, period, setting.zone)
    for message in (channel_digest(content, setting, end), digest_details(content, end)):
        yield message.text + json.dumps(message.blocks)
    for owner, promises in at_stake(pasts, period).items():
        chance = last_chance(LastChance(owner, C1, setting.zone, end, promises), end)
        yield chance.text + json.dumps(chance.blocks)
    public = [past for past in pasts if not past.promise.origin.is_private]
    team = team_record(public)
    message = team_message((team, weeks(accounts_of(public), end, "UTC")) if team else None)
    yield message.text + json.dumps(message.blocks)


def shown_up_the_chain(pasts: list[Past], random: Random) -> Iterator[str]:
    """Return the messages to the owner of a promise that depends on one they may not know of."""
    upstream = [past.promise for past in pasts if past.promise.origin.is_private]
    downstream = [past.promise for past in pasts if not past.promise.origin.is_private]
    for below in upstream:
        shown_anyway = {below.owner_id, below.requester_id, below.proposal and below.proposal.heir}
        for above in (each for each in downstream if each.owner_id not in shown_anyway):
            change = UpstreamChange(
                below,
                above,
                random.choice(sorted({*MOVES, Act.AT_RISK, Act.MISS, Act.REVOKE, Act.RELEASE})),
                suggested(below, above, WorkingHours()),
            )
            message = chain_word(change)
            shown = [block for block in message.blocks if block["type"] != "actions"]
            yield message.text + json.dumps(shown)
            yield json.dumps(dependents(*visible_and_hidden([below], above.owner_id)))


def test_nothing_of_a_private_promise_travels_up_a_chain_but_that_it_moved() -> None:
    random = Random(9)
    for _ in range(WORKSPACES // 10):
        pasts = workspace(random)
        numbers = [past.promise.number for past in pasts if past.promise.origin.is_private]
        for text in shown_up_the_chain(pasts, random):
            assert "secret" not in text.lower()
            assert not any(f"#{number}" in text for number in numbers)


def test_no_private_promise_leaks_by_word_number_or_owner() -> None:
    random, sent = Random(7), 0
    for _ in range(WORKSPACES):
        pasts = workspace(random)
        secret = [past.promise.number for past in pasts if past.promise.origin.is_private]
        for text in mentions_elsewhere(pasts, random):
            sent += "public-" in text
            assert "secret" not in text.lower()
            assert not any(f"#{number}" in text for number in secret)
    assert sent > WORKSPACES / 2


def test_figures_seen_by_others_are_made_of_public_promises_alone() -> None:
    random = Random(8)
    for _ in range(WORKSPACES // 10):
        pasts = workspace(random)
        public = [past for past in pasts if not past.promise.origin.is_private]
        opened = visible_pasts(pasts, CHARLIE, RecordAccess.OPENED)
        assert record_of(accounts_of(opened)) == record_of(accounts_of(public))
        assert set(visible_pasts(pasts, BOB, RecordAccess.SHARED)) == set(pasts)
