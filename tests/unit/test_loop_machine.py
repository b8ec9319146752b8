"""The loop under random use: thousands of conversations of a stateful Hypothesis machine."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.domain.acts import Act, State
from bot.domain.promise import Promise
from bot.domain.transitions import HistoryEntry, perform
from tests.unit.loop_desk import Drawer
from tests.unit.loop_machine import LoopMachine

IS_LONG = bool(os.environ.get("KEPT_LONG"))
#: The same conversations each time in the suite, others each time in a long run.
RUNS = settings(
    max_examples=5_000 if IS_LONG else 100,
    stateful_step_count=20,
    derandomize=not IS_LONG,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_anybody_does_the_promise_holds() -> None:
    LoopMachine.reached.clear()
    run_state_machine_as_test(LoopMachine, settings=RUNS)
    never = set(Act) - set(LoopMachine.reached)
    assert len(never) <= (0 if IS_LONG else 2), f"this showed nothing of {never}"


def keeps_the_proposal_at_the_report(promise: Promise, entry: HistoryEntry) -> Promise:
    after = perform(promise, entry)
    return replace(after, proposal=promise.proposal) if entry.act is Act.REPORT else after


def binds_before_the_other_side_agrees(promise: Promise, entry: HistoryEntry) -> Promise:
    after = perform(promise, entry)
    return replace(after, terms=after.proposed_terms()) if entry.act is Act.COUNTER else after


def lets_the_proposer_accept(promise: Promise, entry: HistoryEntry) -> Promise:
    proposal = promise.proposal
    if entry.act is Act.ACCEPT_PROPOSAL and proposal and entry.by == proposal.by:
        return perform(promise, replace(entry, by=proposal.to))
    return perform(promise, entry)


def reopens_what_is_kept(promise: Promise, entry: HistoryEntry) -> Promise:
    is_kept = entry.act is Act.REOPEN and promise.state is State.KEPT
    return perform(replace(promise, state=State.REPORTED) if is_kept else promise, entry)


def forgets_to_count_the_terms(promise: Promise, entry: HistoryEntry) -> Promise:
    after = perform(promise, entry)
    return replace(after, terms=replace(after.terms, version=1))


class Forgetful(Drawer):
    """Writes the history down without the answers it was given."""

    def noted(self, entry: HistoryEntry) -> HistoryEntry:
        return replace(entry, rating="")


BROKEN: list[Callable[[Promise, HistoryEntry], Promise]] = [
    keeps_the_proposal_at_the_report,
    binds_before_the_other_side_agrees,
    lets_the_proposer_accept,
    reopens_what_is_kept,
    forgets_to_count_the_terms,
]
#: No need to find the shortest conversation that shows it.
FIRST = settings(RUNS, max_examples=1_000, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_loop_that_breaks_one_rule_is_found_out(broken: Callable[[Promise, HistoryEntry], Promise]) -> None:
    class Broken(LoopMachine):
        perform = staticmethod(broken)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Broken, settings=FIRST)


def test_a_history_that_leaves_something_out_is_found_out() -> None:
    class Broken(LoopMachine):
        def new_desk(self) -> Forgetful:
            return Forgetful()

    with pytest.raises(AssertionError, match="replayed differently"):
        run_state_machine_as_test(Broken, settings=FIRST)
