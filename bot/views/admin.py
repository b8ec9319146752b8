"""Messages about an admin's decisions for the workspace."""

from collections.abc import Sequence

from bot.domain.digest_channels import DIGEST_CHANNELS, DigestChannels
from bot.domain.retention import Retention
from bot.language import _, ngettext
from bot.ports import Message
from bot.ports.retention import Change
from bot.views.blocks import section, text_message
from bot.views.replies import sentence
from bot.views.words import one_line, person, when


def retention_text(kept: Retention) -> Message:
    """Return how long closed promises are kept."""
    return sentence(
        _(
            "Words are deleted {words_days} days after a promise ends, and the promise itself after "
            "{promises_days} days. The figures of records stay. An admin changes it: `/promise settings "
            "retention {written}`"
        ).format(words_days=kept.words_days, promises_days=kept.promises_days, written=kept.written())
    )


def listening_text(*, is_allowed: bool) -> Message:
    if is_allowed:
        return sentence(_("Kept may listen in channels where somebody turns it on."))
    return sentence(_("Kept listens in no channel of this workspace any more."))


def digests_text(channels: DigestChannels, ended: int = 0) -> Message:
    """Return in which channels digests may be posted, and how many were ended by that."""
    where = _("any public channel") if channels.only is None else _named(channels)
    gone = ngettext(" I ended {count} digest elsewhere.", " I ended {count} digests elsewhere.", ended) if ended else ""
    how = _("`/promise settings digests only #general`, or `anywhere`")
    text = _("Digests may be posted in {where}.{gone} An admin changes it: {how}.").format(
        where=where, gone=gone, how=how
    )
    return text_message(text)


def audit_list(changes: Sequence[Change]) -> Message:
    """Return the admins' decisions with what was in force before, the latest first."""
    if not changes:
        return sentence(_("No admin has changed anything for the workspace yet."))
    lines = [
        _("{when}: {by} changed {what}").format(
            when=when(each.choice.at, "UTC"), by=person(each.choice.by), what=_what(each)
        )
        for each in changes
    ]
    return Message(_("What admins changed for the workspace."), [section(line) for line in lines])


def _what(change: Change) -> str:
    name, before, after = change.choice.name, change.before, change.choice.value
    if name == DIGEST_CHANNELS:
        before, after = _named(DigestChannels.stored(before)), _named(DigestChannels.stored(after))
        return f"{name}: {before} → {after}"
    return f"{name}: {f'{one_line(before, 100)} → ' if before else ''}{one_line(after, 200)}"


def _named(channels: DigestChannels) -> str:
    return channels.written() if channels.only is None else ", ".join(f"<#{each}>" for each in channels.only)
