"""The benches that `make bench` can run, without running them."""

import asyncio
import importlib
from collections.abc import Callable

import pytest

import bench.__main__ as command_line
from bench.figures import Figure, table, worse


@pytest.mark.parametrize("name", [*command_line.BENCHES, command_line.SOAK])
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


def figure(ratio: float, goal: str, peers: float = 1) -> Figure:
    return Figure("what is measured", "ms", ratio, peers, ratio if peers else 0, goal)


@pytest.mark.parametrize(
    ("was", "now", "is_named"),
    [
        (figure(1, "≤ 2"), figure(1.5, "≤ 2"), True),
        (figure(1, "≤ 2"), figure(1.2, "≤ 2"), False),
        (figure(3, "≥ 2"), figure(2, "≥ 2"), True),
        (figure(3, "≥ 2"), figure(4, "≥ 2"), False),
        (figure(0, "0", peers=0), figure(1, "0", peers=0), True),
        (figure(80, "≤ 90 MB", peers=0), figure(120, "≤ 90 MB", peers=0), True),
        (figure(1, ""), figure(9, ""), False),
    ],
)
def test_a_figure_that_is_worse_than_before_is_named(was: Figure, now: Figure, is_named: bool) -> None:
    assert bool(worse([now], [was])) is is_named


def test_a_figure_without_a_peer_shows_neither_a_peer_nor_a_ratio() -> None:
    assert table([figure(80, "≤ 90 MB", peers=0)]).splitlines()[-1] == "| what is measured | 80 ms |  |  | ≤ 90 MB |  |"
