"""`python -m sandbox`: runs a pretend Slack on this machine."""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox import saved_world
from sandbox.manifest import ManifestError
from sandbox.server import bound, serve
from sandbox.settings import Credentials, Settings
from sandbox.world import World


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A pretend Slack with a web page.")
    _add_installing(parser)
    parser.add_argument("--port", type=int, default=int(environ.get("SANDBOX_PORT", "4000")))
    parser.add_argument("--app-url", default=environ.get("SANDBOX_APP_URL", Settings.app_url))
    parser.add_argument("--manifest", type=Path, help="the app's manifest: commands, shortcuts, scopes, events")
    parser.add_argument("--planned-url", help="where the app lists what it plans to say, as JSON")
    parser.add_argument("--progress-url", help="where the app counts what has happened, as JSON: the guide asks it")
    parser.add_argument(
        "--story",
        metavar="NAME",
        help="play a story (ten_minutes, three_weeks, eight_weeks) as soon as the app answers and a page is open",
    )
    parser.add_argument("--world", type=Path, metavar="FILE", help="keep the world in this file between starts")
    parser.add_argument("--in-hours", action="store_true", help="begin when the teammates are at work")
    parser.add_argument(
        "--latency-ms",
        type=float,
        default=float(environ.get("SANDBOX_LATENCY_MS", "150")),
        help="how long a call of the Web API and a request to the app take on the way",
    )
    parser.add_argument("--rate-limits", action="store_true", help="refuse what is above Slack's rates")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="stop when this parent process ends")
    parser.add_argument(
        "--event-retries",
        default="0,60,300",
        metavar="SECONDS",
        help="the pauses before an event is delivered again (default: as Slack, 0,60,300)",
    )
    parser.add_argument(
        "--answer-within",
        type=float,
        default=float(environ.get("SANDBOX_ANSWER_WITHIN_S", Settings.answer_within_s)),
        metavar="SECONDS",
        help="how long the app has to answer, and a trigger lives (default: as Slack, 3)",
    )
    return parser


def _add_installing(parser: argparse.ArgumentParser) -> None:
    """Add what an app is installed by."""
    parser.add_argument(
        "--two-workspaces",
        action="store_true",
        help="two workspaces that share a channel, one of them of an Enterprise Grid, into which the app is installed",
    )
    parser.add_argument("--install-url", help="where the app begins its installation, as http://…/slack/install")


def _settings(arguments: list[str]) -> Settings:
    environ = os.environ
    chosen = _parser(environ).parse_args(arguments)
    return Settings(
        port=chosen.port,
        app_url=chosen.app_url,
        manifest=chosen.manifest,
        planned_url=chosen.planned_url,
        progress_url=chosen.progress_url,
        credentials=Credentials.from_environment(environ),
        parent=chosen.with_parent,
        story=chosen.story,
        world=chosen.world,
        in_hours=chosen.in_hours,
        two_workspaces=chosen.two_workspaces,
        install_url=chosen.install_url,
        answer_within_s=chosen.answer_within,
        latency_s=chosen.latency_ms / 1000,
        rate_limits=chosen.rate_limits,
        event_retries_s=tuple(float(each) for each in chosen.event_retries.split(",") if each),
    )


def main(arguments: list[str] | None = None) -> int:
    settings = _settings(sys.argv[1:] if arguments is None else arguments)
    try:
        world = World(settings)
        if settings.world and settings.world.exists():
            saved_world.restore_at_start(world, settings.world)
        listeners = bound(settings.port)
    except (ManifestError, saved_world.NoWorldError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"The sandbox is at http://localhost:{settings.port} (the app: {settings.app_url})\n")
    sys.stdout.flush()
    asyncio.run(serve(world, listeners))
    return 0


if __name__ == "__main__":
    sys.exit(main())
