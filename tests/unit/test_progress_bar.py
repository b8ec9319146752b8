"""Long work shows a bar on a terminal, and nothing where a program or a log reads."""

import io

import pytest

from bot.progress_bar import progress_bar


class Stream(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_bar_is_drawn_on_a_terminal_alone(is_terminal: bool) -> None:
    stream = Stream(is_terminal=is_terminal)
    with progress_bar("Copying", stream) as progress:
        for done in range(0, 1001, 100):
            progress(done, 1000)
    drawn = stream.getvalue()
    assert ("Copying" in drawn, "100%" in drawn) == (is_terminal, is_terminal)
    assert is_terminal or drawn == ""


def test_work_of_no_steps_ends_its_bar_all_the_same() -> None:
    with progress_bar("Copying", Stream(is_terminal=True)) as progress:
        progress(0, 0)
