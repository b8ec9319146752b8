"""Second thoughts about a date, in one line, for its owner alone."""

from bot.domain.promise import Promise
from bot.domain.realism import Doubt
from bot.ports import Message
from bot.views.blocks import Block, context
from bot.views.words import when


def with_doubt(message: Message, doubt: Doubt | None, promise: Promise) -> Message:
    """The receipt with one line more; it blocks nothing."""
    return Message(message.text, [*message.blocks, *_line(doubt, promise)]) if doubt else message


def _line(doubt: Doubt, promise: Promise) -> list[Block]:
    reasons = []
    if doubt.others:
        reasons.append(f"you already owe {doubt.others} others that week")
    if doubt.ratio:
        reasons.append(f"your last {doubt.deliveries} took {doubt.ratio:.1f} × the promised time")
    better = when(doubt.better.at, doubt.better.zone)
    text = f"Only you see this: {', and '.join(reasons)}. Would {better} be safer?"
    return [context(f"{text} `/promise move {promise.number} to …` asks for it.")]
