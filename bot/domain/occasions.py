"""Occasions of messages as typed values: with promise, kind and recipient they make a delivery unique.

Each value is written with `str()` and parsed by its class's `read`, which raises ValueError for another form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from bot.domain.acts import Act
from bot.domain.kinds import Kind
from bot.domain.promise import ChannelId, PromiseId, UserId

_THREAD, _UPSTREAM, _PERSON, _PLACE = "thread:", "up:", "person:", "place:"
_MESSAGE = "after "


@dataclass(frozen=True, slots=True)
class OfAct:
    """The promise's act number `seq`: the occasion of every notice."""

    seq: int

    def __str__(self) -> str:
        return f"a{self.seq}"

    @classmethod
    def read(cls, written: str) -> Self:
        return cls(int(_after("a", written)))


@dataclass(frozen=True, slots=True)
class OfMessage:
    """The message by which an older one is outdated: the occasion of a redraw that no act asks for."""

    message_id: str

    def __str__(self) -> str:
        return f"{_MESSAGE}{self.message_id}"

    @classmethod
    def is_of(cls, written: str) -> bool:
        """Return whether an occasion is of this class."""
        return written.startswith(_MESSAGE)


@dataclass(frozen=True, slots=True)
class OfTerms:
    """The version of the terms in force; `step` counts repeated messages about them."""

    version: int
    step: int = 0

    def __str__(self) -> str:
        return f"v{self.version}:{self.step}" if self.step else f"v{self.version}"

    @classmethod
    def read(cls, written: str) -> Self:
        version, _, step = _after("v", written).partition(":")
        return cls(int(version), int(step or 0))


@dataclass(frozen=True, slots=True)
class OnDemand:
    """A nudge requested by a click: the version of the terms, the kind of question, and the time of the click."""

    version: int
    asks: Kind
    clicked_at: datetime

    def __str__(self) -> str:
        return f"v{self.version}:{self.asks}:{self.clicked_at.timestamp():.6f}"

    @classmethod
    def read(cls, written: str) -> Self:
        version, asks, clicked_at = _after("v", written).split(":")
        return cls(int(version), Kind(asks), datetime.fromtimestamp(float(clicked_at), UTC))


@dataclass(frozen=True, slots=True)
class OfClash:
    """A deadline on a day off: the version of the terms, and the people who are off with their reasons."""

    version: int
    off: tuple[str, ...]

    @classmethod
    def of(cls, version: int, off: Iterable[tuple[UserId, str]]) -> Self:
        return cls(version, tuple(sorted(f"{who}.{reason}" for who, reason in off)))

    def __str__(self) -> str:
        return f"v{self.version}:{'+'.join(self.off)}"

    @classmethod
    def read(cls, written: str) -> Self:
        version, _, off = _after("v", written).partition(":")
        return cls(int(version), tuple(off.split("+")))


@dataclass(frozen=True, slots=True)
class Upstream:
    """An act on a promise that another one depends on."""

    promise_id: PromiseId
    seq: int
    act: Act

    def __str__(self) -> str:
        return f"{_UPSTREAM}{self.promise_id}:{self.seq}:{self.act}"

    @classmethod
    def read(cls, written: str) -> Self:
        promise_id, seq, act = _after(_UPSTREAM, written).split(":")
        return cls(PromiseId(promise_id), int(seq), Act(act))


@dataclass(frozen=True, slots=True)
class InThread:
    """A message in the thread under `ts`."""

    ts: str

    def __str__(self) -> str:
        return f"{_THREAD}{self.ts}"

    @classmethod
    def read(cls, written: str) -> Self:
        return cls(_after(_THREAD, written))

    @classmethod
    def ts_of(cls, written: str) -> str:
        """Return the thread of an InThread occasion; empty for any other."""
        return cls.read(written).ts if written.startswith(_THREAD) else ""


@dataclass(frozen=True, slots=True)
class OfPost:
    """The digest of a channel that is posted at an instant."""

    post_at: datetime
    channel_id: ChannelId

    def __str__(self) -> str:
        return f"{self.post_at.isoformat()}|{self.channel_id}"

    @classmethod
    def read(cls, written: str) -> Self:
        post_at, _, channel = written.partition("|")
        return cls(datetime.fromisoformat(post_at), ChannelId(channel))


@dataclass(frozen=True, slots=True)
class PersonUnreachable:
    """A person to whom nothing can be sent."""

    person: UserId

    def __str__(self) -> str:
        return f"{_PERSON}{self.person}"

    @classmethod
    def read(cls, written: str) -> Self:
        return cls(UserId(_after(_PERSON, written)))


#: In place of an error: another company reads the channel now, so its digest leaves out what members promise elsewhere.
SHARED = "shared"


@dataclass(frozen=True, slots=True)
class PlaceUnreachable:
    """A channel that refuses messages with `error`, since a day."""

    channel_id: ChannelId
    error: str
    since: date

    def __str__(self) -> str:
        return f"{_PLACE}{self.channel_id}:{self.error}:{self.since.isoformat()}"

    @classmethod
    def read(cls, written: str) -> Self:
        channel_id, error, since = _after(_PLACE, written).split(":")
        return cls(ChannelId(channel_id), error, date.fromisoformat(since))


def asked_as(kind: Kind, occasion: str) -> Kind:
    """Return the kind of question of a nudge: its own kind, or for one requested by a click that of its occasion."""
    return OnDemand.read(occasion).asks if kind in (Kind.SNOOZED, Kind.ASKED) else kind


def version_of(occasion: str) -> int:
    """Return the version of the terms from the occasion of a nudge or a clash."""
    return int(_after("v", occasion).partition(":")[0])


def _after(prefix: str, written: str) -> str:
    if not written.startswith(prefix):
        raise ValueError(f"{written!r} is no occasion that begins with {prefix!r}.")
    return written.removeprefix(prefix)
