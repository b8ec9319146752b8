"""Rendering of all deliveries: maps each kind to its view."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.asides import Aside
from bot.domain.chains import UpstreamChange
from bot.domain.clashes import Clash
from bot.domain.digests import DigestContent, DigestSetting, LastChance
from bot.domain.habits import Absence
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct, asked_as
from bot.domain.promise import Promise, UserId
from bot.domain.recurring import Series
from bot.domain.transitions import HistoryEntry
from bot.ports import Delivery, Gathering, Message
from bot.views.absences import status_question
from bot.views.asides import with_asides
from bot.views.bundle import bundle
from bot.views.chains import chain_word
from bot.views.clashes import clash_word
from bot.views.digest import channel_digest, digest_details, last_chance
from bot.views.notices import notice
from bot.views.nudges import nudge
from bot.views.phrases import shrunk
from bot.views.promise_card import outcome_post, promise_card
from bot.views.recurring import series_over, with_series
from bot.views.replies import recorded
from bot.views.trouble import trouble
from bot.views.words import in_words


class BlockKitRenderer:
    """The Renderer port in Slack's Block Kit. The same input gives the same message."""

    def render(self, delivery: Delivery, promise: Promise, history: Sequence[HistoryEntry], now: datetime) -> Message:
        """Render a message about one promise. Raises ValueError for a kind that is not about one."""
        match delivery.kind:
            case Kind.NOTICE:
                return notice(promise, history, delivery.occasion, UserId(delivery.to), now)
            case Kind.CARD:
                return promise_card(promise, None, now)
            case Kind.RECEIPT:
                return recorded(promise, now)
            case Kind.OUTCOME:
                return outcome_post(promise, now)
            case Kind.SNOOZED:
                kind = asked_as(delivery.kind, delivery.occasion)
                return nudge(kind, promise, UserId(delivery.to), now, delivery.id)
            case kind if kind.is_nudge:
                return nudge(kind, promise, UserId(delivery.to), now, delivery.id)
            case _:
                raise ValueError(f"A {delivery.kind.value} speaks of more than one promise, or of none.")

    def shrunk(self, promise: Promise, viewer: UserId, now: datetime) -> Message:
        return shrunk(promise, viewer, now)

    def localised(self, message: Message, zone: str, now: datetime) -> Message:
        text = in_words(message.text, zone, now)
        return message if text == message.text else message.with_text(text)

    def digest(self, setting: DigestSetting, content: DigestContent, now: datetime) -> Message:
        return channel_digest(content, setting, now)

    def add_asides(self, message: Message, asides: Sequence[Aside], promise: Promise) -> Message:
        return with_asides(message, asides, promise)

    def recurring(self, message: Message, series: Series, delivery: Delivery) -> Message:
        is_first = delivery.kind is Kind.RECEIPT or (
            delivery.kind is Kind.NOTICE and delivery.occasion == str(OfAct(1))
        )
        return with_series(message, series, may_end=is_first and delivery.to in series.parties)

    def series_over(self, series: Series, reader: UserId) -> Message:
        return series_over(series, reader)

    def clash(self, promise: Promise, found: Clash, viewer: UserId) -> Message:
        return clash_word(promise, found, viewer)

    def away(self, delivery: Delivery, absence: Absence) -> Message:
        return status_question(absence, delivery.occasion)

    def chain(self, change: UpstreamChange) -> Message:
        return chain_word(change)

    def digest_details(self, content: DigestContent, now: datetime) -> Message:
        return digest_details(content, now)

    def last_chance(self, chance: LastChance, now: datetime) -> Message:
        return last_chance(chance, now)

    def gathered(self, gathering: Gathering, now: datetime) -> Message:
        return bundle(gathering, now)

    def trouble(self, delivery: Delivery, promises: Sequence[Promise], now: datetime) -> Message:
        return trouble(delivery, promises, now)
