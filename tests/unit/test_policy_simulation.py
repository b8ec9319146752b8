"""The table of docs/reminders.md is what the simulation prints."""

from bench.simulate import BEGIN, END, PAGE, simulated, table


def test_the_table_in_the_documentation_is_up_to_date() -> None:
    between = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert between.strip() == table(), "run `make simulate`"


def test_reminders_bring_dates_up_early_that_would_have_been_missed_in_silence() -> None:
    (with_them, _), (without, _) = simulated(speaks=True), simulated(speaks=False)
    assert with_them.fates["raised early", True] > 2 * without.fates["raised early", True]
