"""Readiness check: can this process write to the database now? Answers in time even if the database hangs."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger("kept")

#: How long to wait for the database: /readyz itself answers within two seconds.
WITHIN_S = 1.5

Check = Callable[[], Awaitable[None]]


class DatabaseCheck:
    """Checks that the database answers and accepts writes, one check at a time."""

    def __init__(self, answers: Check, records: Check, within_s: float = WITHIN_S) -> None:
        self._answers = answers
        self._records = records
        self._within_s = within_s
        self._asking: asyncio.Task[str] | None = None

    async def state(self) -> str:
        """Return "ok" or the fault. While a check hangs, later callers wait for the same one."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="readiness")
        done, _ = await asyncio.wait({self._asking}, timeout=self._within_s)
        return self._asking.result() if done else f"does not answer within {self._within_s:g} s"

    async def _ask(self) -> str:
        fault = "does not answer"
        try:
            await self._answers()
            fault = "cannot be written: nothing could be recorded"
            await self._records()
        except Exception as error:  # noqa: BLE001  readiness is a question: whatever the fault, the answer is "no"
            log.warning("database is not ready", fault=fault, error=type(error).__name__)
            return fault
        return "ok"
