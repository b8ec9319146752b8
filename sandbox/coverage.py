"""Slack features of the sandbox, from the code: `python -m sandbox.coverage` prints docs/sandbox-coverage.md."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from sandbox.api.call import Handler
from sandbox.api.dispatch import METHODS
from sandbox.block_kit.blocks import IN_MESSAGE, IN_VIEW
from sandbox.block_kit.elements import IN_ACTIONS, IN_INPUT

HERE = Path(__file__).parent
_EVERYWHERE = (
    "not_authed, invalid_auth, token_revoked, not_allowed_token_type, missing_scope, ratelimited, internal_error"
)
_INTRODUCTION = """# What of Slack is in the sandbox

Printed by `python -m sandbox.coverage`; a test fails when it is out of date. Arguments that are not supported are
accepted and change nothing. An error is listed where the sandbox gives it; Slack knows more of them.

## Behaviour

| what | here |
|---|---|
| Requests to the app: signed HTTP, form or JSON, 3 s to answer | supported |
| Socket Mode: hello, envelopes, answers in the acknowledgement, disconnect on demand | supported |
| Events: those of the manifest, with x-slack-retry-num and -reason, x-slack-no-retry | supported |
| Events: app_home_opened, app_mention, message.*, member_joined_channel, member_left_channel | supported |
| Events: tokens_revoked, app_uninstalled, user_change | supported |
| Events: team_join, reaction_added, reaction_removed | supported |
| Events: channel_created, _rename, _archive, _unarchive, _shared, _unshared; group_archive, _unarchive | supported |
| Events: files, pins, the rest of channel_* | absent |
| Slash commands, escaped when the manifest says so; not in threads | supported |
| Interactivity: block_actions, view_submission, view_closed, shortcut, message_action | supported |
| Interactivity: block_suggestion (menus that the app fills) | supported |
| Workflow Builder: an app's own steps (`functions`), with function_executed and user_context | supported |
| Workflow Builder: Slack's own steps but a message, triggers, dynamic options | absent |
| trigger_id: once, within 3 s; response_url: 5 times in 30 minutes | supported |
| Modals: stack of three, hash, external_id, errors by field, update, push, clear | supported |
| Scopes of the manifest | supported |
| OAuth v2: consent page, code, token; revoking it | supported |
| OAuth v2: token rotation, when the manifest has it; installation in a whole organisation | supported |
| OAuth v2: user tokens, PKCE | absent |
| Rate limits | supported: on demand, and with `--rate-limits` by count for each method and channel |
| Refusals on demand: any error, invalid_blocks for all blocks or for one kind | supported |
| Latency of the Web API and of requests to the app: 150 ms, `--latency-ms` | supported |
| Membership, archived channels, deactivated people, other bots | supported |
| Group DMs, guests, people of other companies, channels shared with them, channels that turn private | supported |
| Two workspaces that share a channel, one of them the only one of an Enterprise Grid: `--two-workspaces` | supported |
| Grids of several workspaces, user groups | absent |
| Reactions | supported |
| Files, pins, canvases, search, huddles | absent |
"""


def page() -> str:
    errors = Errors()
    rows = "\n".join(
        f"| {name} | {_listed(method.scopes, ' or ')} | {_listed(method.arguments)} | {_listed(method.absent)} "
        f"| {_listed(sorted(errors.of(*_whereabouts(method.handler))))} |"
        for name, method in sorted(METHODS.items())
    )
    return (
        f"{_INTRODUCTION}\n## Methods\n\nEvery one may answer {_EVERYWHERE}.\n\n"
        "| method | scope | arguments | accepted, without effect | errors |\n|---|---|---|---|---|\n"
        f"{rows}\n\n## Block Kit\n\n"
        f"Blocks in messages: {_listed(IN_MESSAGE)}.\n\nBlocks in views: {_listed(IN_VIEW)}.\n\n"
        f"Elements in actions and sections: {_listed(IN_ACTIONS)}.\n\nElements in inputs: {_listed(IN_INPUT)}.\n\n"
        "Each is held to its limits, refuses properties it does not know, and is named in the answer with its place.\n"
    )


class Errors:
    """Return the errors that a function can raise, itself or through its calls, from the source code."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str], ast.AST] = {}
        for path in sorted(HERE.rglob("*.py")):
            module = ".".join(["sandbox", *path.relative_to(HERE).with_suffix("").parts])
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._functions[module, node.name] = node

    def of(self, module: str, name: str) -> set[str]:
        found: set[str] = set()
        todo, seen = [(module, name)], set()
        while todo:
            place = todo.pop()
            if place in seen or place not in self._functions:
                continue
            seen.add(place)
            for call in ast.walk(self._functions[place]):
                if isinstance(call, ast.Call):
                    found |= set(_raised(call))
                    todo += self._places(place[0], call)
        return found

    def _places(self, module: str, call: ast.Call) -> list[tuple[str, str]]:
        """Where the called function may be: here, in the call's own class, or in the one part below the API with it."""
        if isinstance(call.func, ast.Name):
            name = call.func.id
            below = [place for place in self._functions if place[1] == name]
            return [(module, name)] if (module, name) in self._functions else below if len(below) == 1 else []
        if not isinstance(call.func, ast.Attribute):
            return []
        owner, name = call.func.value, call.func.attr
        if isinstance(owner, ast.Name) and owner.id in ("call", "self"):
            return [("sandbox.api.call", name) if owner.id == "call" else (module, name)]
        below = [place for place in self._functions if place[1] == name and not place[0].startswith("sandbox.api")]
        return below if len(below) == 1 else []


def _whereabouts(handler: Handler) -> tuple[str, str]:
    return handler.__module__, getattr(handler, "__name__", "")


def _raised(call: ast.Call) -> Iterator[str]:
    if isinstance(call.func, ast.Name) and call.func.id in ("SlackError", "refused_blocks"):
        for node in ast.walk(call.args[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _listed(names: Iterable[str], joint: str = ", ") -> str:
    return joint.join(names) or "–"


if __name__ == "__main__":
    sys.stdout.write(page())
