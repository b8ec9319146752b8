"""Workflows in the sandbox: their steps reach the app and end once, and Kept's own go on when a promise is kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from sandbox.workflows import offered
from tests.browsers import pytestmark

from .conftest import Sandbox, until
from .test_page import visit
from .test_with_kept import running_kept

__all__ = ["pytestmark"]


@pytest.fixture(scope="module")
def kept() -> Iterator[Sandbox]:
    with running_kept() as sandbox:
        yield sandbox


def steps(kept: Sandbox) -> list[dict[str, Any]]:
    """The steps of the workflow that was started last."""
    found: list[dict[str, Any]] = kept.get("/control/workflows")["runs"][0]["steps"]
    return found


def how_far(kept: Sandbox) -> list[str]:
    return [step["at"] for step in steps(kept)]


async def test_a_workflow_makes_a_promise_waits_and_goes_on_when_it_is_kept(browser: Browser, kept: Sandbox) -> None:
    page = await visit(browser, kept, "alice", "general")
    await page.get_by_role("button", name="Workflows").click()
    await page.locator(".workflow-1").evaluate("each => { each.open = true }")  # closed where others have run before
    await page.get_by_test_id("workflow-1").get_by_label("What").fill("send the figures")
    await page.get_by_test_id("workflow-1").get_by_role("button", name="Run as @alice").click()
    run = page.get_by_test_id("run").first
    await expect(run.get_by_role("listitem").nth(1)).to_contain_text("waits")
    assert how_far(kept) == ["done", "running", "ahead"]
    number = steps(kept)[0]["outputs"]["number"]
    kept.command(f"done {number}")
    kept.get("/control/settled")
    assert how_far(kept) == ["done", "running", "ahead"], "reported is not kept yet"
    kept.command(f"accept {number}", "client")
    await expect(run.get_by_role("listitem").nth(2)).to_contain_text("done")
    sent = page.get_by_test_id("message").filter(has_text=f"Promise #{number} is kept: “send the figures”.")
    await expect(sent).to_be_visible()


def test_a_workflow_that_asks_stops_with_the_reason_when_the_request_is_declined(kept: Sandbox) -> None:
    form = {"what": "review the plan", "due": "tomorrow 17:00", "who": "bob"}
    kept.post("/control/workflow", {"user": "alice", "title": offered()[1]["title"], "form": form})
    until(lambda: how_far(kept) == ["done", "running", "ahead"])
    assert kept.post("/control/world", kept.get("/control/world"))["ok"]
    assert how_far(kept) == ["done", "running", "ahead"], "a world that is kept keeps its workflows"
    number = steps(kept)[0]["outputs"]["number"]
    kept.command(f"decline {number}", "bob")
    until(lambda: how_far(kept) == ["done", "failed", "ahead"])
    assert steps(kept)[1]["error"] == "The request was declined."


def test_slack_takes_the_end_of_a_step_once_and_as_declared_and_only_from_its_app(kept: Sandbox) -> None:
    waits = {"step": "wait_for_promise", "inputs": {"promise": "{{1.promise}}"}}
    makes = {"step": "make_promise", "inputs": {"what": "tidy up", "due": "tomorrow 17:00"}}
    kept.post("/control/workflow", {"user": "bob", "steps": [makes, waits]})
    until(lambda: how_far(kept) == ["done", "running"])
    first, second = (step["execution_id"] for step in steps(kept))
    end = "functions.completeSuccess"
    assert kept.api(end, function_execution_id=first, outputs={})["error"] == "execution_not_in_running_state"
    assert kept.api(end, function_execution_id="Fx404", outputs={})["error"] == "function_execution_not_found"
    assert kept.api(end, function_execution_id=second, outputs={})["error"] == "parameter_validation_failed"
    assert kept.api("functions.completeError", function_execution_id=second, error="no")["ok"]
    assert how_far(kept) == ["done", "failed"]
    unknown = kept.post("/control/workflow", {"steps": [{"step": "make_tea"}]})
    assert (unknown["http_status"], "make_tea" in unknown["error"]) == (404, True)
