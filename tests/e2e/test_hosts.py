"""Beside the sandbox the bot’s own port is for this machine: its secrets are known to everybody, and so is its port."""

from pathlib import Path

from tests.e2e.town import SIGNING_SECRET, town


async def test_a_web_page_that_leads_its_name_to_this_machine_reaches_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, SLACK_SIGNING_SECRET=SIGNING_SECRET) as place:
        for path in ("/planned", "/healthz", "/slack/events", "/mine/T1/x.csv"):
            for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:3000"):
                async with place.session.get(place.bot_url + path, headers={"Host": host}) as answer:
                    assert answer.status == 400
            async with place.session.get(place.bot_url + path) as answer:
                assert answer.status != 400
