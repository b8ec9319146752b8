"""What `make bench` can run, without running it."""

import importlib

import pytest

import bench.__main__ as command_line


@pytest.mark.parametrize("name", command_line.BENCHES)
def test_every_bench_that_is_named_has_figures(name: str) -> None:
    assert callable(importlib.import_module(f"bench.{name}").figures)
