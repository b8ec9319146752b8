"""The command line: one function per command; the work is in the module that it imports."""

import asyncio
import importlib.metadata
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.config import Mode, Settings, check_sandbox, load, sources
from bot.domain.errors import KeptError
from bot.progress_bar import progress_bar

app = typer.Typer(
    name="kept",
    help="The Slack bot that makes promises between colleagues hold.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(
    name="keys", help="The keys that encrypt workspaces' tokens and webhooks' secrets.", no_args_is_help=True
)
app.add_typer(keys)


def main() -> None:
    """The console script. A refusal of Kept is one sentence and exit status 2, never a traceback."""
    try:
        app()
    except KeptError as fault:
        typer.echo(str(fault), err=True)
        sys.exit(2)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kept {importlib.metadata.version('kept')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and stop.")
    ] = False,
) -> None:
    """Parse the options before the command."""


@app.command()
def run(
    story: Annotated[
        str, typer.Option(help="In the sandbox, tell this story first: ten_minutes, three_weeks or eight_weeks.")
    ] = "",
    keep: Annotated[
        Path | None,
        typer.Option(help="In the sandbox, keep everything in this folder, and go on from there next time."),
    ] = None,
    two_workspaces: Annotated[
        bool, typer.Option("--two-workspaces", help="In the sandbox, install Kept into two workspaces yourself.")
    ] = False,
) -> None:
    """Run the bot: in Socket Mode, over HTTP, or with the sandbox when neither Slack nor a database is set."""
    settings = load()
    check_sandbox(settings)
    from bot.tracing import traced

    with traced(os.environ):
        _serve(settings, story, keep, two_workspaces=two_workspaces)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date (done at every start, too)."""
    from bot.storage.engine import upgrade_database

    with progress_bar("Migrating") as progress:
        upgrade_database(load().database, progress)
    typer.echo("The database is up to date.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Copy the whole database into one file while Kept runs."""
    from bot.storage.backup import back_up

    with progress_bar("Copying") as progress:
        rows = back_up(load().database, file, progress)
    typer.echo(f"{file} holds {rows} rows. Keep it as safe as the database itself.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `kept backup` wrote.")]) -> None:
    """Fill an empty database from a backup; an older one is brought up to date on the way."""
    from bot.clock import SystemClock
    from bot.storage.backup import restore_backup

    with progress_bar("Restoring") as progress:
        rows = restore_backup(load().database, file, progress, SystemClock().now())
    typer.echo(f"Restored {rows} rows. Start Kept with `kept run`.")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines.")] = False,
) -> None:
    """Check the settings, the database and Slack, and print the cure of each fault; nothing is changed.

    The exit status is 0 when all is well, 1 for a fault, 2 for settings that are refused, and 3 when something could
    not be checked.
    """
    from bot.doctor import examine, exit_code

    settings = load()
    check_sandbox(settings)
    found = asyncio.run(examine(settings, sources()))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(finding.line for finding in found))
    raise typer.Exit(exit_code(found))


@app.command()
def manifest(
    public_url: Annotated[
        str, typer.Option(help="For requests over HTTP: the address that Slack reaches, as https://kept.example.com.")
    ] = "",
    many: Annotated[
        bool, typer.Option(help="Beside --public-url: for an app that workspaces install themselves.")
    ] = False,
) -> None:
    """Print the app manifest to paste at Slack: for Socket Mode, or with --public-url for HTTP."""
    from bot.shipped import manifest_for, text_of

    if many and not public_url:
        raise typer.BadParameter("--many needs --public-url: workspaces come back there after they agreed.")
    typer.echo(manifest_for(public_url, for_many=many) if public_url else text_of("manifest.yaml"), nl=False)


@app.command()
def settings() -> None:
    """Print every setting with its meaning, unit and default: the file to copy to .env."""
    from bot.shipped import text_of

    typer.echo(text_of(".env.example"), nl=False)


@app.command()
def sandbox() -> None:
    """Run the pretend Slack alone, for a bot started elsewhere."""
    from bot.sandboxed import run_sandbox

    raise typer.Exit(run_sandbox(load()))


@app.command()
def export(
    team: Annotated[str, typer.Argument(help="The workspace's id, as T0123.")],
    person: Annotated[str, typer.Argument(help="The person's id, as U0123.")],
    everything: Annotated[bool, typer.Option("--all", help="Everything that is stored of them, as JSON.")] = False,
) -> None:
    """Print all promises that a person ever owed, as CSV."""
    from bot.export import export_person

    with progress_bar("Reading") as progress:
        found = asyncio.run(export_person(load(), team, person, progress, everything=everything))
    typer.echo(found, nl=False)


@app.command()
def forget(
    team: Annotated[str, typer.Argument(help="The workspace's id, as T0123.")],
    person: Annotated[str, typer.Argument(help="The person's id, as U0123.")],
) -> None:
    """Forget a person: delete their name, words and settings; the other side's record stays, without a name."""
    from bot.export import delete_person

    typer.echo(asyncio.run(delete_person(load(), team, person)))


@app.command()
def mcp() -> None:
    """Serve an assistant on this machine over stdio: its tools are calls of the Kept at KEPT_ADDRESS, by KEPT_TOKEN."""
    try:
        from handlers.assistant.stdio import run_stdio
    except ImportError as error:
        from handlers.api.lazy_app import MISSING

        raise KeptError(MISSING) from error
    run_stdio(os.environ)


@keys.command("new")
def new_key() -> None:
    """Print a fresh key for KEPT_ENCRYPTION_KEYS."""
    from bot.storage.encryption import new_encryption_key

    typer.echo(new_encryption_key())


@keys.command("rotate")
def rotate_keys() -> None:
    """Encrypt workspaces' tokens and webhooks' secrets with the first of KEPT_ENCRYPTION_KEYS, while Kept runs."""
    from bot.key_rotation import rotate

    typer.echo(asyncio.run(rotate(load())))


@app.command()
def understand(
    phrase: Annotated[bool, typer.Option(help="The text is the deadline's words alone.")] = False,
) -> None:
    """Read JSON lines {"text", "now", "tz"} and print what is parsed from each."""
    from bot.understand import understand_lines

    understand_lines(sys.stdin, sys.stdout, phrase)


def _serve(settings: Settings, story: str, keep: Path | None, *, two_workspaces: bool) -> None:
    from bot.logs import configure
    from bot.process import serve
    from bot.sandboxed import SandboxError, sandboxed
    from handlers.socket import LineDeadError

    configure(settings.log_format, settings.log_level)
    if settings.mode is not Mode.SANDBOX:
        try:
            asyncio.run(serve(settings))
        except LineDeadError as fault:  # a new process may succeed, so the status asks for a restart
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
        return
    try:
        with sandboxed(settings, story, keep, two_workspaces=two_workspaces) as pretend:
            asyncio.run(serve(pretend))
    except SandboxError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
