"""Faults on demand: what shall go wrong with the next calls of a method."""

from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    RATE_LIMITED = "ratelimited"
    TIMEOUT = "timeout"  # the answer never comes; the call is not done
    TIMEOUT_AFTER = "timeout_after"  # the call is done, its answer never comes
    SERVER_ERROR = "500"
    DROP = "drop"  # the connection breaks; the call is not done
    DROP_AFTER = "drop_after"  # the call is done, then the connection breaks
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 (an error's name)
    INTERNAL_ERROR = "internal_error"
    INVALID_BLOCKS = "invalid_blocks"  # only calls that carry blocks meet it
    REFUSED = "refused"  # with the name of any of Slack's errors


@dataclass
class Fault:
    """`method` "*" stands for every method; `times` counts down to nothing."""

    method: str
    kind: FaultKind
    times: int = 1
    retry_after_s: int = 1
    error: str = ""
    with_block: str = ""
    """Only calls with a block of this type meet the fault."""

    def meets(self, method: str, block_types: frozenset[str]) -> bool:
        if self.method not in (method, "*"):
            return False
        if self.with_block:
            return self.with_block in block_types
        return self.kind is not FaultKind.INVALID_BLOCKS or bool(block_types)


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)

    def take(self, method: str, block_types: frozenset[str] = frozenset()) -> Fault | None:
        """The fault that this call meets, counted as spent."""
        for fault in self.planned:
            if fault.meets(method, block_types):
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
