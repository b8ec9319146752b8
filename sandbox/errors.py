"""Errors with Slack's names."""

from typing import Any


class SlackError(Exception):
    """A refusal of the Web API: `{"ok": false, "error": name, …}`."""

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(name)
        self.name = name
        self.extra = extra

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.name, **self.extra}


def refused_blocks(name: str, problems: list[str]) -> SlackError:
    """The refusal of blocks or of a view, with a sentence for each fault, as Slack words it."""
    return SlackError(
        name, errors=problems, response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]}
    )


class UnknownHereError(Exception):
    """The control API was asked about a person, place or thing that is not here."""
