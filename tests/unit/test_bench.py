"""What `make bench` can run, without running it."""

import asyncio
import importlib
from collections.abc import Callable

import pytest

import bench.__main__ as command_line


@pytest.mark.parametrize("name", command_line.BENCHES)
def test_every_bench_that_is_named_has_figures(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").figures)


async def _in_a_loop() -> list[str]:
    return ["in a loop"]


def _with_a_loop_of_its_own() -> list[str]:
    return asyncio.run(_in_a_loop())


@pytest.mark.parametrize("figures", [_in_a_loop, _with_a_loop_of_its_own])
def test_a_bench_may_be_a_coroutine_function_or_start_a_loop_of_its_own(
    figures: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("bench.pruning"), "figures", figures)

    assert command_line.measured("pruning") == ["in a loop"]
