"""Slack's mrkdwn as HTML. Whatever a person or an app wrote is escaped; only our own tags come out."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox.render.dates import formatted
from sandbox.render.emoji import with_emoji
from sandbox.workspace import Kind, User, Workspace

# While the text is worked on, finished HTML is kept aside and a hole stands in its place: \ue000NUMBER\ue001. No hole
# may get into an address or another reference, where its HTML would break out of an attribute.
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_REFERENCE = re.compile("<([^<>\n\ue000\ue001]+)>")
_BARE_LINK = re.compile("\\bhttps?://[^\\s<>|\ue000\ue001]*[^\\s<>|.,;:!?)\"'’\ue000\ue001]")
_BARE_PLACE = re.compile(r"(?<![\w&#@/])([#@])([\w-]+)")
_HOLE = re.compile("\ue000(\\d+)\ue001")
_STYLES = (
    (re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\w~])"), r"<s>\1</s>"),
)
_SAFE_SCHEMES = ("http", "https", "mailto", "tel", "slack")


class Mrkdwn:
    """Renders for one viewer: dates in that person's zone, places by what that person may see."""

    def __init__(self, workspace: Workspace, viewer: User, seconds: Callable[[], float]) -> None:
        self._workspace = workspace
        self._viewer = viewer
        self._seconds = seconds

    def html(self, text: str, *, verbatim: bool = False) -> Markup:
        kept: list[str] = []

        def keep(markup: str) -> str:
            kept.append(markup)
            return f"\ue000{len(kept) - 1}\ue001"

        text = _HOLE.sub("", text)
        text = _CODE.sub(lambda found: keep(_code(found)), text)
        text = _REFERENCE.sub(lambda found: keep(self._reference(found[1])), text)
        if not verbatim:
            text = _BARE_LINK.sub(lambda found: keep(link(unescape(found[0]), unescape(found[0]))), text)
            text = _BARE_PLACE.sub(lambda found: keep(self._bare(found)), text)
        text = str(escape(with_emoji(unescape(text))))
        for pattern, replacement in _STYLES:
            text = pattern.sub(replacement, text)
        text = _lines(text)
        while _HOLE.search(text):
            text = _HOLE.sub(lambda found: kept[int(found[1])], text)
        return Markup(text)  # noqa: S704 (every part was escaped above)

    def user(self, user_id: str, label: str = "") -> Markup:
        user = self._workspace.users.get(user_id)
        name = user.name if user else label or user_id
        mine = " me" if user_id == self._viewer.id else ""
        title = user.real_name if user else ""
        return Markup('<span class="mention{}" title="{}">@{}</span>').format(mine, title, name)

    def channel(self, channel_id: str, label: str = "") -> Markup:
        channel = self._workspace.channels.get(channel_id)
        if channel is None or channel.kind is Kind.DIRECT:
            return Markup('<span class="mention">#{}</span>').format(label or "unknown")
        if not channel.readable_by(self._viewer):
            return Markup('<span class="mention">🔒 private channel</span>')
        address = f"?as={self._viewer.name}&c={channel.id}"
        shown = "the conversation" if channel.kind is Kind.GROUP else f"#{channel.name}"
        return Markup('<a class="mention" href="{}">{}</a>').format(address, shown)

    def date(self, epoch: int, pattern: str, address: str, fallback: str) -> Markup:
        shown = formatted(epoch, pattern, self._viewer.tz, self._seconds())
        stamp = Markup('<time datetime="{}" title="{}">{}</time>').format(epoch, fallback, shown)
        return Markup('<a href="{}" rel="noopener" target="_blank">{}</a>').format(address, stamp) if address else stamp

    def _reference(self, inner: str) -> str:
        body, _, label = inner.partition("|")
        body, label = unescape(body), unescape(label)
        if body.startswith("@"):
            return str(self.user(body[1:], label))
        if body.startswith("#"):
            return str(self.channel(body[1:], label))
        if body.startswith("!date^"):
            return str(self._date(body, label))
        if body.startswith("!"):
            return Markup('<span class="mention all">@{}</span>').format(label or body[1:].partition("^")[0])
        return link(body, label or body)

    def _date(self, body: str, fallback: str) -> Markup:
        epoch, _, rest = body.removeprefix("!date^").partition("^")
        pattern, _, address = rest.partition("^")
        if not epoch.lstrip("-").isdigit():
            return escape(fallback)
        return self.date(int(epoch), pattern, address if _is_safe(address) else "", fallback)

    def _bare(self, found: re.Match[str]) -> str:
        """Return Slack's form of a typed @everyone or #place where it is not forbidden."""
        sign, name = found.groups()
        if sign == "@":
            known = name in ("everyone", "here", "channel")
            return Markup('<span class="mention all">@{}</span>').format(name) if known else escape(found[0])
        channel = self._workspace.channel_named(name, self._viewer.team)
        public = channel is not None and channel.kind is Kind.PUBLIC
        return self.channel(channel.id) if channel and public else escape(found[0])


def link(address: str, label: str) -> str:
    if not _is_safe(address):
        return escape(label)
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(address, with_emoji(label))


def _is_safe(address: str) -> bool:
    try:
        return urlsplit(address).scheme in _SAFE_SCHEMES
    except ValueError:
        return False


def _code(found: re.Match[str]) -> str:
    block, inline = found.groups()
    if block is not None:
        return Markup("<pre>{}</pre>").format(unescape(block.strip("\n")))
    return Markup("<code>{}</code>").format(unescape(inline))


def _lines(text: str) -> str:
    """Lines broken, and runs of lines that begin with > made into quotations."""
    parts: list[str] = []
    quoted: list[str] = []

    def end_quote() -> None:
        if quoted:
            parts.append(f"<blockquote>{'<br>'.join(quoted)}</blockquote>")
            quoted.clear()

    for line in text.split("\n"):
        if line.startswith("&gt;"):
            quoted.append(line.removeprefix("&gt;").lstrip())
        else:
            end_quote()
            parts.append(line if not parts or parts[-1].endswith("</blockquote>") else f"<br>{line}")
    end_quote()
    return "".join(parts)
