"""Settings of a sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TEAM_ID = "T0SANDBOX"
TEAM_DOMAIN = "sandbox"
TEAM_NAME = "Sandbox"
APP_ID = "A0SANDBOX"
BOT_USER_ID = "U0000BOT"
BOT_ID = "B0000BOT"


@dataclass(frozen=True)
class Credentials:
    """The secrets an app is given; made up, and good on this machine only."""

    bot_token: str = "xoxb-sandbox"  # noqa: S105 (a made-up token for loopback)
    app_token: str = "xapp-sandbox"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    verification_token: str = "sandbox-verification"  # noqa: S105
    client_id: str = "sandbox.client"
    client_secret: str = "sandbox-client-secret"  # noqa: S105

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Credentials":
        named = {name: environ.get(f"SANDBOX_{name.upper()}") for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in named.items() if value})


@dataclass(frozen=True)
class Settings:
    port: int = 4000
    app_url: str = "http://127.0.0.1:3000/slack/events"
    manifest: Path | None = None
    planned_url: str | None = None
    progress_url: str | None = None
    credentials: Credentials = field(default_factory=Credentials)
    parent: int | None = None
    story: str | None = None
    #: The app is installed by a click, into either of two workspaces that share a channel.
    two_workspaces: bool = False
    #: Where the app begins its installation.
    install_url: str | None = None
    #: The file in which the world is kept between starts.
    world: Path | None = None
    #: The clock begins at an hour when people are at work.
    in_hours: bool = False
    #: How long the Web API and the way to the app take, both ways together, as on a real network.
    latency_s: float = 0.15
    #: The Web API refuses what is above Slack's rates.
    rate_limits: bool = False
    event_retries_s: tuple[float, ...] = (0.0, 60.0, 300.0)
    #: How long the app has to answer, and a trigger lives. Slack gives three seconds.
    answer_within_s: float = 3.0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
