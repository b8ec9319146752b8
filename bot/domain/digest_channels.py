"""The channels of a workspace in which digests are allowed, as an admin chose."""

import re
from dataclasses import dataclass

from bot.domain.errors import UnreadableError
from bot.domain.promise import ChannelId
from bot.language import _

#: The name of the admin setting.
DIGEST_CHANNELS = "digests"
#: The choice that allows digests in every public channel.
ANYWHERE = "anywhere"
_CHANNEL = re.compile(r"<#([A-Z0-9]{1,30})(?:\|[^<>]{0,100})?>")
_BETWEEN_NAMES = re.compile(r"(?:only|in|and|[\s,])*", re.IGNORECASE)
#: Maximum number of channels that an admin may name.
MAX_CHANNELS = 20


@dataclass(frozen=True, slots=True)
class DigestChannels:
    """The channels that may have a digest; None for all public ones."""

    only: tuple[ChannelId, ...] | None = None

    def allow(self, channel_id: ChannelId) -> bool:
        return self.only is None or channel_id in self.only

    def written(self) -> str:
        """Return the form in which the choice is stored.

        >>> DigestChannels().written(), DigestChannels((ChannelId("C1"), ChannelId("C2"))).written()
        ('anywhere', 'C1 C2')
        """
        return ANYWHERE if self.only is None else " ".join(self.only)

    @classmethod
    def stored(cls, written: str) -> "DigestChannels":
        """Return the choice that was stored."""
        return cls() if written == ANYWHERE else cls(tuple(map(ChannelId, written.split())))


def read_digest_channels(text: str) -> DigestChannels:
    """Return what an admin typed, with channels as Slack sends them.

    Raises UnreadableError for anything else.

    >>> read_digest_channels("only <#C1|general> and <#C2|team>").only
    ('C1', 'C2')
    >>> read_digest_channels("anywhere").only is None
    True
    """
    if text.strip().lower() == ANYWHERE:
        return DigestChannels()
    channels = tuple(dict.fromkeys(map(ChannelId, _CHANNEL.findall(text))))
    if not channels or not _BETWEEN_NAMES.fullmatch(_CHANNEL.sub("", text)):
        raise UnreadableError(
            _("Write it like `settings digests only #general #team`, or `settings digests anywhere`.")
        )
    if len(channels) > MAX_CHANNELS:
        raise UnreadableError(_("Name {most_channels} channels at most.").format(most_channels=MAX_CHANNELS))
    return DigestChannels(channels)
