"""Every name that Slack may answer has its class, and every class that reaches people has its sentence."""

import json
from pathlib import Path

import pytest

from bot.ports import Fault
from bot.slack_errors import FAULTS, UNCLEAR
from bot.views.refusals import REPORT, WHY, why

#: The errors that Slack's reference lists for each method by which a message is posted, changed or looked for.
LISTED: dict[str, str] = json.loads((Path(__file__).parents[1] / "corpus" / "slack_errors.json").read_text())
SENT = (Fault.PERSON_GONE, Fault.PLACE_GONE, Fault.NOT_SET_UP, Fault.FORM)


@pytest.mark.parametrize("method", LISTED)
def test_every_error_in_slacks_reference_has_one_class(method: str) -> None:
    unknown = set(LISTED[method].split()) - set(FAULTS) - UNCLEAR
    assert not unknown


def test_no_name_is_both_a_refusal_and_unclear() -> None:
    assert not set(FAULTS) & UNCLEAR


def test_every_class_stands_in_the_table() -> None:
    assert set(FAULTS.values()) == set(Fault)


@pytest.mark.parametrize("error", [name for name, fault in FAULTS.items() if fault in SENT])
def test_every_refusal_that_people_see_has_a_sentence_of_its_own(error: str) -> None:
    assert error in WHY
    assert error not in WHY[error].reason


def test_a_name_that_slack_adds_later_is_shown_as_it_is() -> None:
    found = why("brand_new_refusal")
    assert "brand_new_refusal" in found.reason
    assert found.cure == REPORT
