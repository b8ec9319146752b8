"""Second thoughts about a date, in one line, for its owner alone."""

from bot.domain.promise import Promise
from bot.domain.realism import Doubt
from bot.views.words import when


def doubt_words(doubt: Doubt, promise: Promise) -> str:
    """One line under a receipt; it blocks nothing."""
    reasons = []
    if doubt.others:
        reasons.append(f"you already owe {doubt.others} others that week")
    if doubt.ratio:
        reasons.append(f"your last {doubt.deliveries} took {doubt.ratio:.1f} × the promised time")
    better = when(doubt.better.at, doubt.better.zone)
    return f"Only you see this: {', and '.join(reasons)}. Would {better} be safer?"
