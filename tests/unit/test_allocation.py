"""Garbage that has survived a collection, in a process that runs on."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot import allocation
from bot.allocation import return_freed_memory


class _Ring:
    """An object in a cycle: only the garbage collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def _old_garbage() -> "weakref.ref[_Ring]":
    """Make a cycle that survives a full collection, and drop it."""
    ring = _Ring()
    gc.collect()
    return weakref.ref(ring)


@pytest.fixture(autouse=True)
def _no_automatic_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def test_old_garbage_is_freed_when_memory_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation, "QUICKLY_COLLECTED", 100_000_000)
    garbage = _old_garbage()
    assert garbage() is not None
    return_freed_memory()
    assert garbage() is None


def test_nothing_is_collected_while_so_much_is_in_use_that_it_would_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation, "QUICKLY_COLLECTED", 1)
    garbage = _old_garbage()
    return_freed_memory()
    assert garbage() is not None
