"""A world kept between starts and carried as a file; sentences for ports that are taken."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

from .conftest import REPOSITORY, Sandbox, a_sandbox, free_port, listens, until


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_", "KEPT_"))}


@contextmanager
def kept(port: int, bot_port: int, *options: str, host: str = "127.0.0.1") -> Iterator[Sandbox]:
    environ = (
        CLEAN
        | {"HOST": host}
        | {"SANDBOX_PORT": str(port), "PORT": str(bot_port), "SANDBOX_ANSWER_WITHIN_S": str(PATIENCE_S)}
    )
    process = subprocess.Popen([sys.executable, "-m", "bot", "run", *options], cwd=REPOSITORY, env=environ)
    try:
        until(lambda: listens(port) and listens(bot_port, host))
        yield Sandbox(port, process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def refused(command: list[str], **environ: str) -> str:
    """Return the output of a command that cannot start; it ends by itself, without a traceback."""
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=REPOSITORY,
        env=CLEAN | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    return ended.stderr.strip()


def test_a_world_that_is_kept_goes_on_where_it_ended(tmp_path: Path) -> None:
    ports, home = (free_port(), free_port()), tmp_path / "mine"
    with kept(*ports, "--keep", str(home)) as first:
        first.post("/clock", {"to": "2027-01-04T09:00:00+00:00"})
        first.command("@client send the deck by Friday 5pm", channel="project-deck")
        until(lambda: [each for each in first.messages("bob", "project-deck") if "send the deck" in each["text"]])
        first.get("/control/settled")
    assert {path.name for path in home.iterdir()} >= {"world.json", "sandbox.db"}
    assert (home / "world.json").stat().st_mode & 0o077 == 0
    with kept(*ports, "--keep", str(home)) as second:
        assert second.get("/clock")["now"].startswith("2027-01-04T09:")
        assert "send the deck" in second.messages("bob", "project-deck")[-1]["text"]
        assert "send the deck" in str(second.command("list", channel="project-deck")["ack"])


def test_a_world_is_exported_and_put_in_the_place_of_another(tmp_path: Path) -> None:
    with a_sandbox(free_port()) as one, a_sandbox(free_port()) as other:
        shown = one.post("/control/message", {"user": "alice", "channel": "leads", "text": "for the leads"})
        one.post("/control/reaction", {"user": "bob", "channel": "leads", "ts": shown["ts"], "name": "eyes"})
        one.post(
            "/control/person", {"user": "gina", "real_name": "Gina Guest", "guest": "multi", "channels": ["quiet"]}
        )
        one.post("/clock", {"to": "2027-01-04T09:00:00+00:00"})
        world = one.get("/control/world")
        assert other.post("/control/world", {"sandbox_world": 0})["http_status"] == 404
        assert other.post("/control/world", world)["ok"]
        seen = other.messages("alice", "leads")[0]
        assert (seen["text"], seen["reactions"][0]["users"]) == ("for the leads", ["U0000BOB"])
        assert other.messages("gina", "quiet") == []
        assert other.get("/clock")["now"].startswith("2027-01-04T09:00")
    broken = tmp_path / "world.json"
    broken.write_text("{}", encoding="utf-8")
    assert "holds no world of the sandbox" in refused(["sandbox", "--port", str(free_port()), "--world", str(broken)])


def test_a_second_kept_on_the_same_ports_is_shown_how_to_run_alongside_the_first() -> None:
    port, bot_port, host = free_port(), free_port(), "::1" if has_ipv6() else "127.0.0.1"
    with kept(port, bot_port, host=host) as first:
        shown = refused(["bot", "run"], SANDBOX_PORT=str(port), PORT=str(bot_port), HOST=host)
        assert shown.startswith(f"SANDBOX_PORT {port} is taken by the sandbox of another Kept (its bot: http://")
        assert f"SANDBOX_PORT={port}" not in shown
        assert shown.endswith("make run")
        alone = refused(["bot", "run"], SANDBOX_PORT=str(free_port()), PORT=str(bot_port), HOST=host)
        assert alone.startswith(f"PORT {bot_port} is taken by another program. ")
        assert "/promise" in str(first.command("/promise help")), "the sandbox reaches the bot at its HOST"


def test_a_port_that_a_foreign_program_holds_is_named_in_one_sentence() -> None:
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", 0))
        foreign.listen()
        port = str(foreign.getsockname()[1])
        assert refused(["sandbox", "--port", port]) == (
            f"Port {port} is taken by another program: --port or SANDBOX_PORT chooses another."
        )
        assert f"SANDBOX_PORT {port} is taken by another program. Stop that one" in refused(
            ["bot", "run"], SANDBOX_PORT=port, PORT=str(free_port())
        )


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_localhost_is_the_sandbox_over_ipv6_too_or_the_port_is_taken() -> None:
    with a_sandbox(free_port()) as sandbox:
        there = Sandbox(sandbox.port, sandbox.process)
        there.url = f"http://[::1]:{sandbox.port}"
        assert there.get("/healthz")["sandbox"] == sandbox.get("/healthz")["sandbox"]
    with socket.socket(socket.AF_INET6) as foreign:
        foreign.bind(("::1", 0))
        foreign.listen()
        port = foreign.getsockname()[1]
        assert refused(["sandbox", "--port", str(port)]).startswith(f"Port {port} is taken by another program")
        shown = refused(["bot", "run"], SANDBOX_PORT=str(port), PORT=str(free_port()))
        assert shown.startswith(f"SANDBOX_PORT {port} is taken by another program"), "an address of the two is enough"
