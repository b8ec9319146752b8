"""Every delivery in words: one place that says which view speaks for which kind."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.asides import Aside
from bot.domain.chains import Shock
from bot.domain.clashes import Clash
from bot.domain.deciding import Entry
from bot.domain.digests import Chance, DigestContent, DigestSetting
from bot.domain.habits import Absence
from bot.domain.promise import Promise, UserId
from bot.domain.reminders import Kind
from bot.ports import Delivery, Message
from bot.views.absences import status_question
from bot.views.asides import with_asides
from bot.views.catch_up import catch_up
from bot.views.chains import chain_word
from bot.views.clashes import clash_word
from bot.views.digest import channel_digest, digest_details, last_chance
from bot.views.nudges import notice, nudge
from bot.views.promise_card import outcome_post, promise_card
from bot.views.replies import recorded
from bot.views.trouble import trouble


class BlockKitVoice:
    """The Voice port in Slack's Block Kit. Speaking twice of the same things gives the same message."""

    def speak(self, delivery: Delivery, promise: Promise, history: Sequence[Entry], now: datetime) -> Message:
        """Raises ValueError for a kind that speaks of no single promise."""
        match delivery.kind:
            case (
                Kind.MIDWAY
                | Kind.CHECK_IN
                | Kind.ASK_AGAIN
                | Kind.HEADS_UP
                | Kind.NO_WORD
                | Kind.LAST_CALL
                | Kind.DUE_NOW
                | Kind.OVERDUE
            ):
                return nudge(delivery.kind, promise, UserId(delivery.to), now)
            case Kind.NOTICE:
                return notice(promise, history, delivery.occasion, UserId(delivery.to), now)
            case Kind.CARD:
                return promise_card(promise, None, now)
            case Kind.RECEIPT:
                return recorded(promise, now)
            case Kind.OUTCOME:
                return outcome_post(promise, now)
            case (
                Kind.REFRESH
                | Kind.DIGEST
                | Kind.DETAILS
                | Kind.LAST_CHANCE
                | Kind.CHAIN
                | Kind.CATCH_UP
                | Kind.TROUBLE
                | Kind.CLASH
                | Kind.AWAY
            ):
                raise ValueError(f"A {delivery.kind.value} speaks of more than one promise, or of none.")
            case _:
                assert_never(delivery.kind)

    def digest(self, setting: DigestSetting, content: DigestContent, now: datetime) -> Message:
        return channel_digest(content, setting, now)

    def beside(self, message: Message, asides: Sequence[Aside], promise: Promise) -> Message:
        return with_asides(message, asides, promise)

    def clash(self, promise: Promise, found: Clash, viewer: UserId) -> Message:
        return clash_word(promise, found, viewer)

    def away(self, delivery: Delivery, absence: Absence) -> Message:
        return status_question(absence, delivery.occasion)

    def chain(self, shock: Shock) -> Message:
        return chain_word(shock)

    def digest_details(self, content: DigestContent, now: datetime) -> Message:
        return digest_details(content, now)

    def last_chance(self, chance: Chance, now: datetime) -> Message:
        return last_chance(chance, now)

    def catch_up(self, told: Sequence[tuple[Delivery, Promise]], now: datetime) -> Message:
        return catch_up(told, now)

    def trouble(self, delivery: Delivery, promises: Sequence[Promise], now: datetime) -> Message:
        return trouble(delivery, promises, now)
