"""One thing that the doctor looked at, and what it found."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a finding is to be read; `UNKNOWN` is what could not be checked just now."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was looked at, for programs; `words` and `cure` are sentences for people."""

    check: str
    status: Status
    words: str
    cure: str = ""

    @property
    def line(self) -> str:
        """Return the finding as a line of text."""
        return f"{_LABELS[self.status]} {self.words}" + (f" {self.cure}" if self.cure else "")


_LABELS = {Status.OK: "ok     ", Status.NOTE: "note   ", Status.UNKNOWN: "UNKNOWN", Status.FAULT: "FAULT  "}
