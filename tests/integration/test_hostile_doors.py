"""Each request through each door is answered, without a fault of ours, in a time that grows with it.

KEPT_LONG=1 sends 100,000 texts; bench/hostile.py prints the milliseconds.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.growth import assert_grows_linearly
from tests.hostile import DOORS, forget_answers, hostile_text, prepare
from tests.integration.front import Front, front_door
from tests.patience import IS_LONG

TEXTS = 100_000 if IS_LONG else 150
#: So many texts meet one database: promises that are made of them would make it grow.
EACH = 2_000
#: A sample for each kind of repetition that was ever slow.
SLOW_ONCE = ["1 needs 1", "1 needs 1 ", " ", "needs #1 ", "@a ", "<@U1|", "&lt;", "1", "a, ", "by friday ", "\n"]


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    async with front_door(tmp_path) as door:
        yield door


async def test_hostile_texts_are_answered_at_every_door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance, doors = random.Random(23), itertools.cycle(DOORS)
    for start in range(0, TEXTS, EACH):
        folder = tmp_path / str(start)
        folder.mkdir()
        async with front_door(folder) as front:
            await prepare(front)
            for _ in range(min(EACH, TEXTS - start)):
                name, text = next(doors), hostile_text(chance)
                answer = await DOORS[name](front, text)
                log = "".join(capsys.readouterr())
                assert answer.status == 200, (name, text[:200])
                assert "Traceback" not in log, (name, text[:200], log)
                assert "failed " not in log, (name, text[:200], log)
                forget_answers(front)


@pytest.mark.parametrize("name", DOORS)
def test_twice_the_text_takes_a_door_about_twice_as_long(name: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = front_door(tmp_path)
        front = runner.run(opened.__aenter__())
        try:
            runner.run(prepare(front))
            for atom in SLOW_ONCE:
                assert_grows_linearly(lambda text: runner.run(DOORS[name](front, text)), atom, longest=4_000)
        finally:
            runner.run(opened.__aexit__(None, None, None))
