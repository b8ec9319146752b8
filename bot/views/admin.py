"""Messages about an admin's decisions for the workspace."""

from collections.abc import Sequence

from bot.domain.retention import Retention
from bot.ports import Message
from bot.ports.retention import Choice
from bot.views.blocks import section
from bot.views.replies import sentence
from bot.views.words import one_line, person, when


def retention_text(kept: Retention) -> Message:
    """Return how long closed promises are kept."""
    return sentence(
        f"Words are deleted {kept.words_days} days after a promise ends, and the promise itself after "
        f"{kept.promises_days} days. The figures of records stay. An admin changes it: "
        f"`/promise settings retention {kept.written()}`"
    )


def listening_text(*, is_allowed: bool) -> Message:
    if is_allowed:
        return sentence("Kept may listen in channels where somebody turns it on.")
    return sentence("Kept listens in no channel of this workspace any more.")


def audit_list(choices: Sequence[Choice]) -> Message:
    """Return the admins' decisions, the latest first."""
    if not choices:
        return sentence("No admin has changed anything for the workspace yet.")
    lines = [
        f"{when(each.at, 'UTC')}: {person(each.by)} set {each.name} to “{one_line(each.value, 100)}”"
        for each in choices
    ]
    return Message("What admins changed for the workspace.", [section("\n".join(lines))])
