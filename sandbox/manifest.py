"""An app's requirements: read from its manifest, or sensible defaults."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.settings import APP_ID


class ManifestError(Exception):
    """A file that is no app manifest."""


@dataclass(frozen=True)
class Command:
    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = True


@dataclass(frozen=True)
class Shortcut:
    name: str
    callback_id: str
    kind: str  # "global" or "message"
    description: str = ""


@dataclass(frozen=True)
class Function:
    """A step for Workflow Builder: its inputs and outputs by name, each with its type."""

    title: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    description: str = ""

    def described(self, name: str) -> dict[str, Any]:
        """Return it as an event contains it."""
        return {
            "id": f"Fn{name.upper()[:9]}",
            "callback_id": name,
            "title": self.title,
            "description": self.description,
            "type": "app",
            "input_parameters": [{"name": each, "type": kind} for each, kind in self.inputs.items()],
            "output_parameters": [{"name": each, "type": kind} for each, kind in self.outputs.items()],
            "app_id": APP_ID,
        }


@dataclass(frozen=True)
class Manifest:
    """An app's settings. `scopes` None means that no scope is ever missing."""

    app_name: str = "Kept"
    bot_name: str = "kept"
    commands: tuple[Command, ...] = (Command("/promise", "Promise something to somebody", "@who what by when"),)
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] = frozenset({"app_home_opened", "app_mention", "message.im"})
    home_tab: bool = True
    redirect_urls: tuple[str, ...] = ()
    rotates_tokens: bool = False
    functions: dict[str, Function] = field(default_factory=dict)

    def command(self, name: str) -> Command | None:
        return next((command for command in self.commands if command.name == name), None)


def read_manifest(path: Path | None) -> Manifest:
    """The manifest in that YAML or JSON file.

    Raises: ManifestError when the file is no mapping.
    """
    if path is None:
        return Manifest()
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ManifestError(f"{path} is no app manifest: export it again from your app's settings.")
    return _manifest(content)


def _manifest(content: dict[str, Any]) -> Manifest:
    features = content.get("features") or {}
    settings = content.get("settings") or {}
    oauth = content.get("oauth_config") or {}
    app_name = (content.get("display_information") or {}).get("name", "App")
    bot = features.get("bot_user") or {}
    return Manifest(
        app_name=app_name,
        bot_name=str(bot.get("display_name", app_name)).lower().replace(" ", "_"),
        commands=tuple(_command(each) for each in features.get("slash_commands") or ()),
        shortcuts=tuple(_shortcut(each) for each in features.get("shortcuts") or ()),
        scopes=frozenset((oauth.get("scopes") or {}).get("bot") or ()),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled", False)),
        redirect_urls=tuple(oauth.get("redirect_urls") or ()),
        rotates_tokens=bool(settings.get("token_rotation_enabled", False)),
        functions={str(name): _function(each) for name, each in (content.get("functions") or {}).items()},
    )


def _function(each: dict[str, Any]) -> Function:
    inputs, outputs = each.get("input_parameters") or {}, each.get("output_parameters") or {}
    return Function(
        title=str(each.get("title", "")),
        inputs={str(name): str(kind["type"]) for name, kind in inputs.items()},
        outputs={str(name): str(kind["type"]) for name, kind in outputs.items()},
        description=str(each.get("description", "")),
    )


def _command(each: dict[str, Any]) -> Command:
    return Command(
        name=str(each["command"]),
        description=str(each.get("description", "")),
        usage_hint=str(each.get("usage_hint", "")),
        should_escape=bool(each.get("should_escape", False)),
    )


def _shortcut(each: dict[str, Any]) -> Shortcut:
    return Shortcut(str(each["name"]), str(each["callback_id"]), str(each["type"]), str(each.get("description", "")))
