"""The main job, from the outside: promised, both sides warned before the deadline, renegotiated, missed, reported."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.sandboxed_kept import SIGNING_SECRET, SandboxedKept, buttons, sandboxed_kept, until, words

#: When both Berlin and New York are at work.
MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
A_MINUTE = timedelta(seconds=61)
WAYS = {"http": {"SLACK_SIGNING_SECRET": SIGNING_SECRET}, "socket": {"SLACK_APP_TOKEN": "xapp-sandbox"}}


@pytest.mark.parametrize("way", WAYS)
async def test_a_promise_is_spoken_of_before_its_deadline_and_renegotiated(way: str, tmp_path: Path) -> None:
    async with sandboxed_kept(tmp_path, **WAYS[way]) as place:
        await place.move_to(MONDAY)
        receipt = await place.command("alice", "@bob send the deck by Friday 5pm")
        assert "#1" in receipt
        assert "send the deck" in receipt
        await place.reads("dave", "project-deck", "send the deck")
        await place.gets("bob", "send the deck")

        await both_sides_are_warned(place)
        moved = await a_new_date_is_agreed(place)
        await silence_is_a_miss(place, moved)
        await a_workflow_goes_on_once_its_promise_is_kept(place)


async def both_sides_are_warned(place: SandboxedKept) -> None:
    warnings = [plan for plan in await place.planned() if plan["kind"] in ("check_in", "heads_up")]
    assert len(warnings) == 2
    await place.move_to(datetime.fromisoformat(warnings[-1]["at"]) + timedelta(seconds=1))
    check_in = await place.gets("alice", "on track", "send the deck")
    heads_up = await place.gets("bob", "still suit you", "send the deck")
    assert {"act.on_track", "act.propose_at"} <= buttons(check_in)
    assert {"nudge.suits", "act.more"} <= buttons(heads_up)
    assert await place.now() < min(datetime.fromisoformat(plan["at"]) for plan in await due(place))


async def due(place: SandboxedKept) -> list[dict[str, str]]:
    return [plan for plan in await place.planned() if plan["kind"] == "due_now"]


async def a_new_date_is_agreed(place: SandboxedKept) -> datetime:
    before = (await due(place))[0]["at"]
    later = (datetime.fromisoformat(before) + timedelta(days=3)).replace(second=0, microsecond=0)
    check_in = await place.gets("alice", "on track", "send the deck")
    await place.choose("alice", check_in, "act.propose_at", "Another date")
    form = await place.form("alice")
    sent = await place.submit("alice", form, due=int(later.timestamp()), reason="the numbers come on Thursday")
    assert not sent["errors"], sent
    await place.wait(A_MINUTE)  # bob has just read the heads-up, and two messages to one person are a minute apart
    offer = await place.gets("bob", "the numbers come on Thursday")
    await place.click("bob", offer, "act.accept_proposal")
    await place.gets("alice", "agreed to the change")
    assert datetime.fromisoformat((await due(place))[0]["at"]) == later
    await until(lambda: no_longer_asks(place), "the answered question being redrawn")
    return later


async def no_longer_asks(place: SandboxedKept) -> bool:
    answered = await place.gets("bob", "the numbers come on Thursday")
    return "act.accept_proposal" not in buttons(answered)


async def silence_is_a_miss(place: SandboxedKept, deadline: datetime) -> None:
    assert "digest" in (await place.command("dave", "digest here daily 17:00")).lower()
    await place.move_to(deadline + timedelta(seconds=1))
    await place.gets("alice", "Is it done", "send the deck")
    await place.move_to(deadline + timedelta(minutes=17))
    received = await place.gets("bob", "passed")
    assert "send the deck" in words(received)
    coming = await until(lambda: next_digest(place), "the next digest being planned")
    await place.move_to(datetime.fromisoformat(coming["at"]) + timedelta(seconds=1))
    digest = await place.reads("dave", "project-deck", "issed", "send the deck", "still open")
    assert "#1" in words(digest)


async def a_workflow_goes_on_once_its_promise_is_kept(place: SandboxedKept) -> None:
    makes = {"step": "make_promise", "inputs": {"what": "tidy the folder", "due": "in 3 days"}}
    waits = {"step": "wait_for_promise", "inputs": {"promise": "{{1.promise}}"}}
    shows = {"step": "message", "inputs": {"channel": "project-deck", "text": "#{{2.number}} is tidy"}}
    await place.post("/control/workflow", user="alice", steps=[makes, waits, shows])
    await until(lambda: is_at(place, "done", "running", "ahead"), "the workflow waiting")
    await place.command("alice", "done 2")  # promised to herself, so it is kept
    await until(lambda: is_at(place, "done", "done", "done"), "the workflow going on")
    await place.reads("dave", "project-deck", "#2 is tidy")


async def is_at(place: SandboxedKept, *steps: str) -> bool:
    runs = (await place.get("/control/workflows"))["runs"]
    return [step["at"] for step in runs[0]["steps"]] == list(steps)


async def next_digest(place: SandboxedKept) -> dict[str, str] | None:
    """The first that is still to come: the clock may have leapt over one that is being sent."""
    now = await place.now()
    digests = [plan for plan in await place.planned() if plan["kind"] == "digest"]
    return next((plan for plan in digests if datetime.fromisoformat(plan["at"]) > now), None)
