"""The text of a message or a view as its reader sees it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

DATE = re.compile(r"<!date\^\d+\^[^|]+\|([^>]+)>")


def texts_in(shown: Any) -> str:
    """Return the text as a reader sees it: line by line, buttons in brackets, dates by their fallback."""
    blocks = shown["blocks"] if isinstance(shown, Mapping) else shown.blocks
    return DATE.sub(r"\1", "\n".join(line for block in blocks for line in _lines(block)))


def _lines(block: Mapping[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "section" | "header":
            neighbour = f" {_element(block['accessory'])}" if "accessory" in block else ""
            yield f"{block['text']['text']}{neighbour}"
        case "context":
            yield from (element["text"] for element in block["elements"])
        case "actions":
            yield " ".join(_element(each) for each in block["elements"])
        case "rich_text":
            yield block["elements"][0]["elements"][0]["text"]
        case "input":
            hint = f" – {block['hint']['text']}" if "hint" in block else ""
            yield f"{block['label']['text']} ({'optional' if block['optional'] else 'needed'}){hint}"


def _element(each: Mapping[str, Any]) -> str:
    """A button in brackets, a menu as its options."""
    if each["type"] == "button":
        return f"[{each['text']['text']}]"
    return f"[⋯ {', '.join(option['text']['text'] for option in each['options'])}]"
