"""Files that ship with the code: at the top of a checkout, under bot/shipped in an installed wheel.

pyproject.toml (tool.hatch.build.targets.wheel.force-include) puts them there; a test keeps the two lists equal.
"""

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Files and folders that messages and commands refer to, named as at the top of the checkout.
NAMES = ("manifest.yaml", ".env.example", "README.md", "CHANGELOG.md", "UPGRADING.md", "SECURITY.md", "docs", "deploy")


def path_of(name: str) -> Path:
    """Return the path of a shipped file.

    Raises FileNotFoundError when the installation lacks it.
    """
    for folder in (HERE / "shipped", HERE.parent):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"This installation of Kept lacks {name}: install it again from its wheel.")


def text_of(name: str) -> str:
    """Return the text of a shipped file."""
    return path_of(name).read_text(encoding="utf-8")


def _manifest() -> dict[str, Any]:
    import yaml  # a megabyte, which only an app that workspaces install needs

    manifest: dict[str, Any] = yaml.safe_load(text_of("manifest.yaml"))
    return manifest


def bot_scopes() -> tuple[str, ...]:
    """Return the scopes that the app requests, in the manifest's order."""
    return tuple(_manifest()["oauth_config"]["scopes"]["bot"])


def manifest_for(public_url: str, *, for_many: bool = False) -> str:
    """Return the app manifest, as YAML, for requests over HTTP to this address instead of Socket Mode.

    With `for_many` it is for an app that workspaces and organisations install themselves.
    """
    import yaml

    manifest = _manifest()
    address = public_url.rstrip("/") + "/slack/events"
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    manifest["settings"]["event_subscriptions"]["request_url"] = address
    manifest["settings"]["interactivity"]["request_url"] = address
    manifest["settings"]["socket_mode_enabled"] = False
    if for_many:
        manifest["oauth_config"]["redirect_urls"] = [public_url.rstrip("/") + "/slack/oauth_redirect"]
        manifest["settings"]["org_deploy_enabled"] = True
        manifest["settings"]["event_subscriptions"]["bot_events"].append("team_access_revoked")
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
