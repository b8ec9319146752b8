"""The command line: one function per command; the work is in the module that it imports.

Made with Click, which is in memory anyway: Uvicorn imports it.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bot.config import Mode, Settings, check_sandbox, load, sources
from bot.domain.errors import KeptError
from bot.progress_bar import progress_bar


class Commands(click.Group):
    """Commands in the order of this file, each listed with the whole first paragraph of its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.short_help = cmd.short_help or " ".join((cmd.help or "").partition("\n\n")[0].split())
        super().add_command(cmd, name)


def main() -> None:
    """The console script. A refusal of Kept is one sentence and exit status 2, never a traceback."""
    try:
        app()
    except KeptError as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)


@click.group(name="kept", cls=Commands, no_args_is_help=True)
@click.version_option(package_name="kept", message="kept %(version)s", help="Print the version and stop.")
def app() -> None:
    """The Slack bot that makes promises between colleagues hold."""


@app.command()
@click.option(
    "--story", default="", help="In the sandbox, tell this story first: ten_minutes, three_weeks or eight_weeks."
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    help="In the sandbox, keep everything in this folder, and go on from there next time.",
)
@click.option("--two-workspaces", is_flag=True, help="In the sandbox, install Kept into two workspaces yourself.")
def run(story: str, keep: Path | None, two_workspaces: bool) -> None:
    """Run the bot: in Socket Mode, over HTTP, or with the sandbox when neither Slack nor a database is set."""
    from bot.allocation import configure_allocator
    from bot.tracing import traced
    from bot.unused_modules import leave_out

    configure_allocator()
    leave_out()
    settings = load()
    check_sandbox(settings)

    with traced(os.environ):
        _serve(settings, story, keep, two_workspaces=two_workspaces)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date (done at every start, too)."""
    from bot.storage.engine import upgrade_database

    with progress_bar("Migrating") as progress:
        upgrade_database(load().database, progress)
    click.echo("The database is up to date.")


@app.command()
@click.argument("file", type=click.Path(path_type=Path), help="The file to write; it must not exist yet.")
def backup(file: Path) -> None:
    """Copy the whole database into one file while Kept runs."""
    from bot.storage.backup import back_up

    with progress_bar("Copying") as progress:
        rows = back_up(load().database, file, progress)
    click.echo(f"{file} holds {rows} rows. Keep it as safe as the database itself.")


@app.command()
@click.argument("file", type=click.Path(path_type=Path), help="A file that `kept backup` wrote.")
def restore(file: Path) -> None:
    """Fill an empty database from a backup; an older one is brought up to date on the way."""
    from bot.clock import SystemClock
    from bot.storage.backup import restore_backup

    with progress_bar("Restoring") as progress:
        rows = restore_backup(load().database, file, progress, SystemClock().now())
    click.echo(f"Restored {rows} rows. Start Kept with `kept run`.")


@app.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of lines.")
def doctor(as_json: bool) -> None:
    """Check the settings, the database and Slack, and print the cure of each fault; nothing is changed.

    The exit status is 0 when all is well, 1 for a fault, 2 for settings that are refused, and 3 when something could
    not be checked.
    """
    from bot.doctor import examine, exit_code

    settings = load()
    check_sandbox(settings)
    found = asyncio.run(examine(settings, sources()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(finding.line for finding in found))
    sys.exit(exit_code(found))


@app.command()
@click.option(
    "--public-url",
    default="",
    help="For requests over HTTP: the address that Slack reaches, as https://kept.example.com.",
)
@click.option("--many", is_flag=True, help="Beside --public-url: for an app that workspaces install themselves.")
def manifest(public_url: str, many: bool) -> None:
    """Print the app manifest to paste at Slack: for Socket Mode, or with --public-url for HTTP."""
    from bot.shipped import manifest_for, text_of

    if many and not public_url:
        raise click.BadParameter("--many needs --public-url: workspaces come back there after they agreed.")
    click.echo(manifest_for(public_url, for_many=many) if public_url else text_of("manifest.yaml"), nl=False)


@app.command()
def settings() -> None:
    """Print every setting with its meaning, unit and default: the file to copy to .env."""
    from bot.shipped import text_of

    click.echo(text_of(".env.example"), nl=False)


@app.command()
def sandbox() -> None:
    """Run the pretend Slack alone, for a bot started elsewhere."""
    from bot.sandboxed import run_sandbox

    sys.exit(run_sandbox(load()))


@app.command()
@click.argument("team", help="The workspace's id, as T0123.")
@click.argument("person", help="The person's id, as U0123.")
@click.option("--all", "everything", is_flag=True, help="Everything that is stored of them, as JSON.")
def export(team: str, person: str, everything: bool) -> None:
    """Print all promises that a person ever owed, as CSV."""
    from bot.export import export_person

    with progress_bar("Reading") as progress:
        found = asyncio.run(export_person(load(), team, person, progress, everything=everything))
    click.echo(found, nl=False)


@app.command()
@click.argument("team", help="The workspace's id, as T0123.")
@click.argument("person", help="The person's id, as U0123.")
def forget(team: str, person: str) -> None:
    """Forget a person: delete their name, words and settings; the other side's record stays, without a name."""
    from bot.export import delete_person

    click.echo(asyncio.run(delete_person(load(), team, person)))


@app.command()
def mcp() -> None:
    """Serve an assistant on this machine over stdio: its tools are calls of the Kept at KEPT_ADDRESS, by KEPT_TOKEN."""
    try:
        from handlers.assistant.stdio import run_stdio
    except ImportError as error:
        from handlers.api.lazy_app import MISSING

        raise KeptError(MISSING) from error
    run_stdio(os.environ)


@app.command()
@click.option("--phrase", is_flag=True, help="The text is the deadline's words alone.")
def understand(phrase: bool) -> None:
    """Read JSON lines {"text", "now", "tz"} and print what is parsed from each."""
    from bot.understand import understand_lines

    understand_lines(sys.stdin, sys.stdout, phrase)


@app.group(cls=Commands, no_args_is_help=True)
def keys() -> None:
    """The keys that encrypt workspaces' tokens and webhooks' secrets."""


@keys.command("new")
def new_key() -> None:
    """Print a fresh key for KEPT_ENCRYPTION_KEYS."""
    from bot.storage.encryption import new_encryption_key

    click.echo(new_encryption_key())


@keys.command("rotate")
def rotate_keys() -> None:
    """Encrypt workspaces' tokens and webhooks' secrets with the first of KEPT_ENCRYPTION_KEYS, while Kept runs."""
    from bot.key_rotation import rotate

    click.echo(asyncio.run(rotate(load())))


def _serve(settings: Settings, story: str, keep: Path | None, *, two_workspaces: bool) -> None:
    from bot.allocation import freeze_modules
    from bot.logs import configure
    from bot.process import serve
    from handlers.socket import ConnectionDeadError

    freeze_modules()
    configure(settings.log_format, settings.log_level)
    if settings.mode is not Mode.SANDBOX:
        try:
            asyncio.run(serve(settings))
        except ConnectionDeadError as fault:  # a new process may succeed, so the status asks for a restart
            click.echo(str(fault), err=True)
            sys.exit(1)
        return
    from bot.sandboxed import SandboxError, sandboxed  # with PyYAML, which takes a megabyte

    try:
        with sandboxed(settings, story, keep, two_workspaces=two_workspaces) as pretend:
            asyncio.run(serve(pretend))
    except SandboxError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)
