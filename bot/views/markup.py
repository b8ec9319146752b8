"""Convert Slack's markup in typed text back to the text that people saw while typing."""

import re
from collections.abc import Iterator, Mapping

from bot.domain.promise import UserId

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_MARKED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
#: A cut text may have lost the semicolon of its last entity.
_ENTITY = re.compile(r"&(?:lt|gt|amp)(?:;|$)")


def plain(text: str, names: Mapping[UserId, str] | None = None) -> str:
    """Return the text as its writer saw it; `names` are for people whom Slack mentions by id only.

    >>> plain("tell <@U1|tom> &amp; <#C1|sales> about <https://a.example/?x=1|the page>")
    'tell @tom & #sales about the page (https://a.example/?x=1)'
    """

    def words(marked: re.Match[str]) -> str:
        sigil, body, label = marked[1], marked[2], marked[3] or ""
        if sigil == "@":
            return f"@{label or (names or {}).get(UserId(body), body)}"
        if sigil == "#":
            return f"#{label or body}"
        if sigil == "!":
            return label or f"@{body}"
        address = body.removeprefix("mailto:")
        return f"{label} ({address})" if label and label not in address else label or address

    return _ENTITY.sub(lambda entity: _ENTITIES[entity[0].rstrip(";") + ";"], _MARKED.sub(words, text))


def unnamed(text: str) -> tuple[UserId, ...]:
    """Return everyone whom the text mentions by id only."""
    return tuple(UserId(mention[1]) for mention in MENTION.finditer(text) if not mention[2])


def mentioned(text: str) -> Iterator[UserId]:
    """Yield the people a text mentions, in order."""
    return (UserId(mention[1]) for mention in MENTION.finditer(text))
