"""The sandbox keeps to itself: its secrets are known to everybody, and what it takes and makes late is pretended."""

from pathlib import Path

from bot.config import load
from bot.sandboxed import sandboxed
from tests.e2e.sandboxed_kept import SIGNING_SECRET, sandboxed_kept
from tests.ports import free_port


async def test_a_web_page_that_leads_its_name_to_this_machine_reaches_nothing(tmp_path: Path) -> None:
    async with sandboxed_kept(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET) as place:
        for path in ("/planned", "/healthz", "/slack/events", "/mine/T1/x.csv"):
            for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:3000"):
                async with place.session.get(place.bot_url + path, headers={"Host": host}) as answer:
                    assert answer.status == 400
            async with place.session.get(place.bot_url + path) as answer:
                assert answer.status != 400


def test_the_sandbox_runs_on_a_database_of_its_own_whatever_is_set(tmp_path: Path) -> None:
    """`kept run` refuses it before; this holds even where that check were forgotten."""
    environ = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/real.db",
        "PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
    }
    with sandboxed(load(environ, tmp_path / "no-such-file")) as pretend:
        assert pretend.database.endswith("/sandbox.db")
        assert str(tmp_path) not in pretend.database
