"""What admins decided for their workspace, in sentences."""

from collections.abc import Sequence

from bot.domain.retention import Retention
from bot.ports import Message
from bot.ports.retention import Choice
from bot.views.blocks import section
from bot.views.replies import sentence
from bot.views.words import person, said, when


def retention_told(kept: Retention) -> Message:
    """Return for how long what is over is kept."""
    return sentence(
        f"Words are deleted {kept.words_days} days after a promise ends, and the promise itself after "
        f"{kept.promises_days} days; the figures of records stay. An admin changes it: "
        f"/promise settings retention {kept.written()}"
    )


def listening_told(*, is_allowed: bool) -> Message:
    if is_allowed:
        return sentence("Kept may listen in channels where somebody turns it on.")
    return sentence("Kept listens in no channel of this workspace any more.")


def audit_list(choices: Sequence[Choice]) -> Message:
    """Return what admins chose, the latest first."""
    if not choices:
        return sentence("No admin has changed anything for the workspace yet.")
    lines = [
        f"{when(each.at, 'UTC')}: {person(each.by)} set {each.name} to “{said(each.value, 100)}”" for each in choices
    ]
    return Message("What admins changed for the workspace.", [section("\n".join(lines))])
