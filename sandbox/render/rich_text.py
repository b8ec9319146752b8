"""rich_text blocks as HTML."""

from typing import Any

from markupsafe import Markup, escape

from sandbox.render.emoji import with_emoji
from sandbox.render.mrkdwn import Mrkdwn, link

_STYLES = (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("code", "code"))


def rich_text(part: dict[str, Any], mrkdwn: Mrkdwn) -> Markup:
    """One part of a rich_text block."""
    elements = part.get("elements", [])
    match part.get("type"):
        case "rich_text_list":
            return _list(part, mrkdwn)
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(_inline(elements, mrkdwn))
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(Markup("").join(_one(each, mrkdwn) for each in elements))
        case _:
            return Markup("<p>{}</p>").format(_inline(elements, mrkdwn))


def _list(part: dict[str, Any], mrkdwn: Mrkdwn) -> Markup:
    tag = "ol" if part.get("style") == "ordered" else "ul"
    items = Markup("").join(
        Markup("<li>{}</li>").format(_inline(each.get("elements", []), mrkdwn)) for each in part.get("elements", [])
    )
    indent = min(int(part.get("indent", 0)), 8)
    return Markup('<{tag} class="indent-{indent}">{items}</{tag}>').format(tag=tag, indent=indent, items=items)


def _inline(elements: list[dict[str, Any]], mrkdwn: Mrkdwn) -> Markup:
    return Markup("").join(_styled(each, _one(each, mrkdwn)) for each in elements)


def _one(element: dict[str, Any], mrkdwn: Mrkdwn) -> Markup:
    match element.get("type"):
        case "user":
            return mrkdwn.user(str(element.get("user_id")))
        case "channel":
            return mrkdwn.channel(str(element.get("channel_id")))
        case "broadcast":
            return Markup('<span class="mention all">@{}</span>').format(element.get("range"))
        case "link":
            address = str(element.get("url", ""))
            return Markup(link(address, str(element.get("text") or address)))  # noqa: S704 (link escapes)
        case "emoji":
            return escape(with_emoji(f":{element.get('name')}:"))
        case "date":
            pattern = str(element.get("format", "{date}"))
            return mrkdwn.date(int(element["timestamp"]), pattern, "", str(element.get("fallback", "")))
        case _:
            return Markup("<br>").join(escape(line) for line in str(element.get("text", "")).split("\n"))


def _styled(element: dict[str, Any], shown: Markup) -> Markup:
    style = element.get("style")
    for name, tag in _STYLES:
        if isinstance(style, dict) and style.get(name):
            shown = Markup("<{tag}>{shown}</{tag}>").format(tag=tag, shown=shown)
    return shown
