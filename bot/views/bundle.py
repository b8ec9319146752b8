"""Gathered messages: one line and the useful buttons per promise, however many messages were due."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.agenda import precedence
from bot.domain.kinds import Kind
from bot.domain.occasions import OfAct
from bot.domain.promise import PromiseId, UserId
from bot.language import N_, _
from bot.ports import Gathering, IncludedRow, Message
from bot.views.asides import with_asides
from bot.views.blocks import context, section
from bot.views.brief import WHY, brief_blocks, brief_text
from bot.views.buttons import apart
from bot.views.limits import MESSAGE_BLOCKS, MESSAGE_CHARACTERS, compact_json
from bot.views.notices import notice
from bot.views.nudges import nudge_entry
from bot.views.phrases import shrunk

#: How many entries the notification text names.
SPOKEN = 3
_AWAY = N_("*I was away for a while.* Here is what I would have said, all together:")
_AWAY_WHY = N_("What has been settled since is left out.")
_WHY = N_("What I have for you at about the same time comes as one message. `/promise settings` sets how many a day.")


def bundle(gathering: Gathering, now: datetime) -> Message:
    """Return several rows for one person as one message, under the lists of the morning if it is a brief."""
    message, viewer = gathering.message, UserId(gathering.message.to)
    was_away = message.kind is Kind.CATCH_UP
    entries = list(entries_of(gathering.included, viewer, now))
    lead = (
        [section(_(_AWAY) if was_away else _("*{count} things in one message:*").format(count=len(entries)))]
        if was_away or len(entries) > 1
        else []
    )
    day = brief_blocks(gathering.brief, viewer) if gathering.brief else []
    of_several = _(_WHY) if len(entries) > 1 else ""
    why = _(_AWAY_WHY) if was_away else _(WHY) if message.kind is Kind.BRIEF else of_several
    parts = [_("I was away for a while.")] if was_away else []
    parts += [brief_text(gathering.brief)] if gathering.brief and not gathering.brief.is_empty else []
    text = " ".join([*parts, *([spoken(entries)] if entries else [])])

    def with_first(count: int) -> Message:
        rest = len(entries) - count
        more = _("… and {count} more: `/promise list` shows all of them.").format(count=rest) + " " if rest else ""
        foot = [context(f"{more}{why}")] if more or why else []
        blocks = (dict(block) for entry in entries[:count] for block in entry.blocks)
        return Message(text, apart([*day, *lead, *blocks, *foot]))

    count = min(len(entries), MESSAGE_BLOCKS)
    while not _fits(shown := with_first(count)) and count:
        count -= 1
    return shown


def entries_of(entries: Sequence[IncludedRow], viewer: UserId, now: datetime) -> Iterator[Message]:
    """Yield one entry per promise, in the order given; news of it comes before a nudge about it."""
    rows: dict[PromiseId, list[IncludedRow]] = {}
    for each in entries:
        rows.setdefault(each.promise.id, []).append(each)
    for of_one in rows.values():
        one = min(of_one, key=lambda each: _rank(each, viewer))
        if one.is_older:
            yield shrunk(one.promise, viewer, now)
            continue
        if one.row.kind is Kind.NOTICE:
            news = notice(one.promise, one.history, one.row.occasion, viewer, now)
            entry = Message(news.text, [block for block in news.blocks if block["type"] != "context"])
        else:
            entry = nudge_entry(one.row, one.promise, viewer, now)
        yield with_asides(entry, one.asides, one.promise)


def spoken(entries: Sequence[Message]) -> str:
    """Return the notification text of several entries: the first in full, the others counted."""
    more = len(entries) - len(entries[:SPOKEN])
    return " ".join(
        [*(entry.text for entry in entries[:SPOKEN]), *([_("And {count} more.").format(count=more)] if more else [])]
    )


def _fits(message: Message) -> bool:
    """Return whether Slack takes a message. What is written for it is never shorter than what Slack counts."""
    if len(message.blocks) > MESSAGE_BLOCKS:
        return False
    return len(message.written_blocks) <= MESSAGE_CHARACTERS or len(compact_json(message.blocks)) <= MESSAGE_CHARACTERS


def _rank(one: IncludedRow, viewer: UserId) -> tuple[int, int, int]:
    """Return the sort key of rows about one promise: news first, and of it what the agenda chooses, too."""
    if one.row.kind is not Kind.NOTICE:
        return one.row.kind.rule.rank, 0, 0
    seq = OfAct.read(one.row.occasion).seq
    if seq > len(one.history):
        return one.row.kind.rule.rank, 1, -seq
    entry = one.history[seq - 1]
    return one.row.kind.rule.rank, precedence(entry.act, entry.at, one.promise, viewer), -seq
