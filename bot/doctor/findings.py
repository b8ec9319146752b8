"""The result of one check of the doctor."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The severity of a finding; `UNKNOWN` means that it could not be checked."""

    OK = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` is the name of the check, for programs; `words` and `cure` are sentences for people."""

    check: str
    status: Status
    words: str
    cure: str = ""

    @property
    def line(self) -> str:
        """Return the finding as a line of text."""
        return f"{_LABELS[self.status]} {self.words}" + (f" {self.cure}" if self.cure else "")


_LABELS = {Status.OK: "ok     ", Status.NOTE: "note   ", Status.UNKNOWN: "UNKNOWN", Status.FAULT: "FAULT  "}
