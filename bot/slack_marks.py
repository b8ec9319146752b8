"""The opaque ids that a message carries in its metadata, and how it is found by them."""

from typing import Any

#: The event type under which they travel.
METADATA = "kept_delivery"


def metadata_of(marks: str) -> dict[str, Any] | None:
    """Return the metadata of a message: its own id, and those of what it gathers; None without any."""
    own, *gathered = marks.split() or [""]
    about = {"about": " ".join(gathered)} if gathered else {}
    return {"event_type": METADATA, "event_payload": {"id": own} | about} if own else None


def marked(page: Any, mark: str) -> str:
    """Return the ts of the message on a page of messages that carries the id, or nothing."""
    for message in page.get("messages") or ():
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("id") == mark or mark in str(payload.get("about", "")).split():
            return str(message["ts"])
    return ""
