"""Slack's payloads as values: the caller, the place and the arguments. No shape of a payload is trusted.

The actor is only ever the user of the signed request, never a value in a button or form.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.drafts import Source
from bot.domain.errors import UnreadableError
from bot.domain.promise import ChannelId, PromiseId, TeamId, UserId, is_blank
from bot.domain.wording import HALF_WIDTH
from bot.language import _
from bot.views.buttons import QUESTION


class PayloadError(Exception):
    """A required field is missing in a request."""


def at(value: Any, *path: str | int) -> Any:
    """Return the value at the end of the path, or None.

    >>> at({"actions": [{"value": "7"}]}, "actions", 0, "value")
    '7'
    """
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    found = at(value, *path)
    return found.replace("\0", "") if isinstance(found, str) else ""  # PostgreSQL stores no NUL


@dataclass(frozen=True, slots=True)
class ModalContext:
    """Where a modal was opened, stored in its private metadata.

    `url` is the response_url of the message it was opened from; `replaces` means that this message is the person's own
    copy and is replaced by the reply. `home` is the place on the Home tab (filter and page) if it was opened there;
    `answered` is the question its button answers (bot.domain.rights.question); `source_ts` and `thread_ts` are those of
    the message that the form was filled from.
    """

    promise_id: str = ""
    channel_id: str = ""
    channel_name: str = ""
    url: str = ""
    replaces: bool = False
    home: str = ""
    asks: bool = False
    answered: str = ""
    source_ts: str = ""
    thread_ts: str = ""

    @property
    def source(self) -> Source | None:
        """Return the message that the form was filled from."""
        return Source(self.source_ts, self.thread_ts) if self.source_ts else None

    def written(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def read(cls, written: str) -> "ModalContext":
        """Parse a context; return an empty one if that fails."""
        if not written:
            return cls()
        try:
            values = json.loads(written)
        except ValueError:
            return cls()
        if not isinstance(values, dict):
            return cls()
        blank = asdict(cls())
        known: dict[str, Any] = {name: values[name] for name in blank if type(values.get(name)) is type(blank[name])}
        return cls(**known)


@dataclass(slots=True)
class Progress:
    """Set when the handler opens a form, for the acknowledgement that is sent while it still works."""

    opens_form: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request of one person."""

    client: AsyncWebClient
    team_id: TeamId
    user_id: UserId
    body: Mapping[str, Any]
    modal: ModalContext
    progress: Progress = field(default_factory=Progress)

    @property
    def text(self) -> str:
        """Return the text after the command, or of a message, in plain digits and marks; empty if none is visible."""
        found = text_at(self.body, "text") or text_at(self.body, "event", "text")
        return "" if is_blank(found) else found.translate(HALF_WIDTH).strip()

    @property
    def trigger_id(self) -> str:
        """Return the unique id of this request."""
        return text_at(self.body, "trigger_id") or text_at(self.body, "event_id")

    @property
    def thread_ts(self) -> str:
        """Return the thread of the message; empty outside a thread."""
        return text_at(self.body, "event", "thread_ts")

    @property
    def action_id(self) -> str:
        return text_at(self.body, "actions", 0, "action_id")

    @property
    def action_value(self) -> str:
        return text_at(self.body, "actions", 0, "value")

    @property
    def answered(self) -> str:
        """Return the question that the clicked button answers, as it was drawn; empty if none."""
        block_id = text_at(self.body, "actions", 0, "block_id")
        return block_id.partition(":")[2] if block_id.startswith(QUESTION) else self.modal.answered

    @property
    def callback_id(self) -> str:
        return text_at(self.body, "view", "callback_id") or text_at(self.body, "callback_id")

    @property
    def view_id(self) -> str:
        return text_at(self.body, "view", "id")

    @property
    def channel_id(self) -> ChannelId:
        """Return the channel of the request; empty if there is none."""
        found = text_at(self.body, "channel_id") or text_at(self.body, "channel", "id")
        found = found or text_at(self.body, "event", "channel")
        return ChannelId(found or text_at(self.body, "container", "channel_id") or self.modal.channel_id)

    @property
    def channel_name(self) -> str:
        found = text_at(self.body, "channel_name") or text_at(self.body, "channel", "name")
        return found or self.modal.channel_name

    @property
    def answer_url(self) -> str:
        """Return Slack's response_url: of the request itself, or of the message from which its modal was opened."""
        return text_at(self.body, "response_url") or self.modal.url

    @property
    def message_ts(self) -> str:
        return text_at(self.body, "container", "message_ts")

    @property
    def is_own_copy(self) -> bool:
        """Return whether only this person sees the clicked message, so that redraws do not reach it."""
        return at(self.body, "container", "is_ephemeral") is True or self.modal.replaces

    @property
    def is_direct(self) -> bool:
        """Return whether it happened in a direct message, where only this person sees Kept's replies."""
        return self.channel_id.startswith("D")

    @property
    def home(self) -> str:
        """Return the place on the person's Home tab where it happened; empty elsewhere."""
        if text_at(self.body, "view", "type") == "home":
            return text_at(self.body, "view", "private_metadata")
        return self.modal.home

    @property
    def name(self) -> str:
        """Return the kind of request for the log; it holds no typed text."""
        kind = text_at(self.body, "command") or self.action_id or self.callback_id
        return kind or text_at(self.body, "event", "type") or text_at(self.body, "type")

    def modal_context(
        self,
        promise_id: PromiseId | str = "",
        *,
        asks: bool = False,
        source: Source | None = None,
        is_private: bool = False,
    ) -> str:
        """Return the private metadata of a modal opened by this request: its ModalContext as JSON.

        With `is_private` it has no channel, so what is recorded belongs to none.
        """
        context = ModalContext(
            promise_id=promise_id,
            channel_id="" if is_private else self.channel_id,
            channel_name="" if is_private else self.channel_name,
            url=self.answer_url,
            replaces=self.is_own_copy,
            home=self.home,
            asks=asks,
            answered=self.answered,
            source_ts=source.ts if source else "",
            thread_ts=source.thread_ts if source else "",
        )
        return context.written()


def read_call(body: Mapping[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> Call:
    """Parse a request.

    Raises PayloadError when the user or the workspace is missing.
    """
    if not (isinstance(context.team_id, str) and context.team_id):
        raise PayloadError("no workspace")
    if not (isinstance(context.user_id, str) and context.user_id):
        raise PayloadError("no user")
    modal = ModalContext.read(text_at(body, "view", "private_metadata"))
    return Call(client, TeamId(context.team_id), UserId(context.user_id), body, modal)


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers of promises in a list.

    Raises UnreadableError for anything else.

    >>> numbers_in("#12, 15 and #3"), numbers_in("12 und 15 & 3"), numbers_in("")
    ((12, 15, 3), (12, 15, 3), ())
    """
    words = [word for word in re.split(r"[\s,;&]+|\b(?:and|und)\b", text, flags=re.IGNORECASE) if word]
    if not all(re.fullmatch(r"#?[0-9]{1,9}", word) for word in words):
        raise UnreadableError(_("Write the numbers of promises, like: #12, #15."), "needs")
    return tuple(dict.fromkeys(int(word.lstrip("#")) for word in words))


class Inputs:
    """The values of a submitted modal; block_id and action_id of an input both equal its name."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._values = at(body, "view", "state", "values")
        blocks = at(body, "view", "blocks")
        inputs = [block for block in blocks if text_at(block, "type") == "input"] if isinstance(blocks, list) else []
        self.names = tuple(text_at(block, "block_id") for block in inputs)
        #: Text fields that have to be filled in. Slack refuses an empty one, but accepts spaces.
        texts = [block for block in inputs if text_at(block, "element", "type") == "plain_text_input"]
        self.required = tuple(text_at(block, "block_id") for block in texts if at(block, "optional") is not True)

    def text(self, name: str) -> str:
        """Return what was typed; empty if nothing of it can be seen."""
        found = text_at(self._values, name, name, "value").strip()
        return "" if is_blank(found) else found

    def choice(self, name: str) -> str:
        return text_at(self._values, name, name, "selected_option", "value")

    def choices(self, name: str) -> tuple[str, ...]:
        """Return the values of the checked boxes."""
        found = at(self._values, name, name, "selected_options")
        return tuple(text_at(each, "value") for each in found) if isinstance(found, list) else ()

    def clock(self, name: str) -> time | None:
        """Return a timepicker's time of day."""
        found = text_at(self._values, name, name, "selected_time")
        try:
            return datetime.strptime(found, "%H:%M").time()  # noqa: DTZ007  a time on the wall, in whatever zone
        except ValueError:
            return None

    def number(self, name: str) -> int:
        """Return a whole number; 0 if it is none."""
        found = self.text(name)
        return int(found) if re.fullmatch("[0-9]{1,9}", found) else 0

    def person(self, name: str) -> UserId | None:
        return UserId(text_at(self._values, name, name, "selected_user")) or None

    def people(self, name: str) -> tuple[UserId, ...]:
        found = at(self._values, name, name, "selected_users")
        return tuple(UserId(each) for each in found if isinstance(each, str)) if isinstance(found, list) else ()

    def instant(self, name: str) -> datetime | None:
        """Return a datetimepicker's instant, in UTC."""
        found = at(self._values, name, name, "selected_date_time")
        try:
            return datetime.fromtimestamp(found, UTC) if isinstance(found, int) else None
        except (OverflowError, OSError, ValueError):
            return None
