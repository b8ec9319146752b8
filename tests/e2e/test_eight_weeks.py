"""Eight weeks of a small team in the sandbox: what the channel reads, what each one reads of their own record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.e2e.sandboxed_kept import SIGNING_SECRET, SandboxedKept, sandboxed_kept, until, words

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
WEEKS = 8


async def test_a_team_of_eight_weeks_reads_its_digests_and_records(tmp_path: Path) -> None:
    async with sandboxed_kept(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET) as place:
        await place.move_to(MONDAY)
        await place.command("alice", "digest here weekly 16:30 friday")
        for week in range(WEEKS):
            await a_week(place, MONDAY + timedelta(weeks=week), week)

        posts = await digests(place)
        assert len(posts) == WEEKS
        assert "1 missed" in posts[-1]["text"]
        assert charts(posts[-1]) == ["The last eight weeks"]
        await place.command("alice", "stats")
        record = await until(lambda: record_shown(place, "alice"), "the record")
        assert charts(record) == ["The last eight weeks"]


async def a_week(place: SandboxedKept, monday: datetime, week: int) -> None:
    """Alice keeps one promise; Carla lets one pass in silence."""
    await place.move_to(monday)
    kept = await promised(place, "alice", f"@bob write report {week} by Wednesday 12:00")
    late = await promised(place, "client", f"@bob clean table {week} by Thursday 12:00")
    await place.command("alice", f"done {kept}")
    await place.command("bob", f"accept {kept}")
    await place.move_to(monday + timedelta(days=4, hours=5))
    await until(lambda: missed(place, week), f"the miss of week {week}")
    await until(lambda: warned(place, late), f"the last chance of week {week}")
    await place.move_to(monday + timedelta(days=4, hours=9))
    await until(lambda: posted(place, week + 1), f"the digest of week {week}")


async def promised(place: SandboxedKept, who: str, words_: str) -> str:
    receipt = await place.command(who, words_)
    return receipt.partition("#")[2].partition("*")[0].partition(":")[0].strip()


async def missed(place: SandboxedKept, week: int) -> bool:
    return f"clean table {week}" in await place.command("client", "list missed")


async def warned(place: SandboxedKept, number: str) -> bool:
    """Look a minute later, as that much lies between two messages to one person; only who has missed is warned."""
    await place.wait(timedelta(minutes=1))
    await place.get("/control/settled")
    received = {who: [one["text"] for one in await place.dms(who)] for who in ("client", "alice")}
    assert not [text for text in received["alice"] if text.startswith("The digest would")]
    return f"The digest would list #{number} as missed. An update now changes that." in received["client"]


async def posted(place: SandboxedKept, count: int) -> bool:
    return len(await digests(place)) >= count


async def digests(place: SandboxedKept) -> list[dict[str, Any]]:
    seen = await place.messages("bob", "project-deck")
    return [each for each in seen if each["text"].startswith("Promises in this channel")]


async def record_shown(place: SandboxedKept, user: str) -> dict[str, Any] | None:
    seen = await place.messages(user, "project-deck")
    return next((each for each in seen if each["is_ephemeral"] and "Kept: " in words(each)), None)


def charts(message: dict[str, Any]) -> list[str]:
    return [block["title"] for block in message["blocks"] if block["type"] == "data_visualization"]
