# ruff: noqa: RUF009  each call in a default returns a field, as dataclasses.field does
"""Settings of the process, read once from the environment and .env, then immutable.

`.env.example` explains each setting; a test keeps the two in step.
"""

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from bot.domain.errors import KeptError
from bot.domain.networks import checked_networks
from bot.secret import SecretStr
from bot.setting_names import misspelt
from bot.setting_rules import SLACK_API_URL, contradictions, host_of, is_loopback

#: The database if DATABASE_URL is not set.
DEFAULT_DATABASE = "sqlite:///kept.db"
#: Length of a key in KEPT_ENCRYPTION_KEYS.
KEY_BYTES = 32


class ConfigError(KeptError):
    """All faults found in the settings, one sentence each in `faults`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(f"Kept cannot start with these settings:\n{lines}\n.env.example explains each of them.")


class Mode(StrEnum):
    """How Slack and Kept reach each other."""

    SOCKET = "socket"
    HTTP = "http"
    SANDBOX = "sandbox"


class InstallBy(StrEnum):
    """Who of a workspace may install Kept, as far as Slack lets them."""

    ANYONE = "anyone"
    ADMINS = "admins"


class LogFormat(StrEnum):
    """Log lines for people, or JSON for machines."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """The least severe level that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise ValueError("must be a whole number from 0 (any free port) to 65535.")
    return int(text)


def _token(prefix: str, where: str) -> Callable[[str], str]:
    def check(token: str) -> str:
        if not token.startswith(prefix):
            raise ValueError(f"must begin with {prefix}: copy it from {where} in your app's settings at Slack.")
        return token

    return check


def _web_url(url: str) -> str:
    if not url.startswith(("http://", "https://")) or not host_of(url):
        raise ValueError("must be a web address such as https://kept.example.com.")
    return url


def _base_url(url: str) -> str:
    if not _web_url(url).startswith("https://") and not is_loopback(url):
        raise ValueError("must begin with https://, for the bot token travels there.")
    return url.rstrip("/") + "/"


def _database_url(url: str) -> str:
    kind, separator, _ = url.partition("://")
    if not separator or kind.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("must begin with sqlite:// or postgresql://.")
    return url


def _long_enough(secret: str) -> str:
    if len(secret) < 16:
        raise ValueError("must have at least 16 characters: `openssl rand -hex 32` makes a good one.")
    return secret


def _keys(keys: str) -> str:
    """Check that each key between the commas is 32 bytes in URL-safe base64, as Fernet takes them."""
    for key in keys.split(","):
        try:
            is_key = len(base64.b64decode(key.strip(), altchars=b"-_", validate=True)) == KEY_BYTES
        except ValueError:
            is_key = False
        if not is_key:
            raise ValueError("must hold keys as `kept keys new` prints them, separated by commas.")
    return keys


def _team_ids(text: str) -> str:
    ids = [each.strip() for each in text.split(",")]
    if not all(each[:1] in ("T", "E") and each.isascii() and each.isalnum() for each in ids):
        raise ValueError("must hold ids of workspaces (T…) or organisations (E…), separated by commas.")
    return ",".join(ids)


def _one_of(choices: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        if text.lower() not in set(choices):
            raise ValueError(f"must be one of {', '.join(choices)}.")
        return choices(text.lower())

    return read


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ValueError("must be a whole number; 0 is no limit.")
    return int(text)


def _setting(read: Callable[[str], object] = str, default: object = None) -> Any:
    """Return a field that `read` makes of the text; it raises ValueError with the rest of a sentence."""
    return field(default=default, metadata={"read": read})


def _secret(check: Callable[[str], str] = str) -> Any:
    return field(default=None, metadata={"read": lambda text: SecretStr(check(text)), "is_secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One field for each line of `.env.example`, under the same name in lower case; secrets do not print.

    A dataclass, because pydantic takes 8 MB of every process; only who uses the API needs it.
    """

    slack_bot_token: SecretStr | None = _secret(_token("xoxb-", "OAuth & Permissions"))
    slack_app_token: SecretStr | None = _secret(_token("xapp-", "Basic Information → App-Level Tokens"))
    slack_signing_secret: SecretStr | None = _secret()
    slack_client_id: str | None = _setting()
    slack_client_secret: SecretStr | None = _secret()
    slack_api_url: str = _setting(_base_url, SLACK_API_URL)
    database_url: SecretStr | None = _secret(_database_url)
    host: str = _setting(default="127.0.0.1")
    port: int = _setting(_port, 3000)
    sandbox_port: int = _setting(_port, 4000)
    public_url: str | None = _setting(_web_url)
    log_format: LogFormat = _setting(_one_of(LogFormat), LogFormat.TEXT)
    log_level: LogLevel = _setting(_one_of(LogLevel), LogLevel.INFO)
    kept_clock_url: str | None = _setting(_web_url)
    kept_limit_person: int = _setting(_count, 30)
    kept_limit_channel: int = _setting(_count, 100)
    kept_secret: SecretStr | None = _secret(_long_enough)
    kept_metrics_token: SecretStr | None = _secret(_long_enough)
    kept_install_teams: str | None = _setting(_team_ids)
    kept_install_by: InstallBy = _setting(_one_of(InstallBy), InstallBy.ANYONE)
    kept_webhook_networks: str | None = _setting(checked_networks)
    kept_encryption_keys: SecretStr | None = _secret(_keys)
    #: Names of the settings that were given a value.
    given: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    @property
    def mode(self) -> Mode:
        """Return the mode. Socket Mode wins if both are set up: it needs no public address."""
        if self.slack_app_token:
            return Mode.SOCKET
        return Mode.HTTP if self.slack_signing_secret else Mode.SANDBOX

    @property
    def is_for_many(self) -> bool:
        """Return whether workspaces install Kept by OAuth, instead of one given bot token."""
        return self.slack_client_id is not None

    @property
    def encryption_keys(self) -> tuple[str, ...]:
        """Return the keys for workspaces' tokens: the first encrypts, all decrypt."""
        keys = secret_of(self.kept_encryption_keys)
        return tuple(key.strip() for key in keys.split(",") if key.strip())

    @property
    def database(self) -> str:
        """Return the database's SQLAlchemy URL, which may hold a password."""
        return self.database_url.get_secret_value() if self.database_url else DEFAULT_DATABASE

    @property
    def delivery_key(self) -> bytes:
        """Return the 32-byte key for the opaque ids in messages; it changes with the secret it is derived from."""
        secret = self.kept_secret or self.slack_signing_secret or self.slack_bot_token or SecretStr("sandbox")
        return hashlib.sha256(b"kept deliveries\0" + secret.get_secret_value().encode()).digest()


def secret_of(secret: SecretStr | None) -> str:
    """Return a secret in clear text; empty if it is not set."""
    return secret.get_secret_value() if secret else ""


#: The settings by name, each with its default and how it is read.
FIELDS = {each.name: each for each in fields(Settings) if each.metadata}
#: Secret settings: each may be read from the file that NAME_FILE names, as containers and systemd provide them.
SECRETS = frozenset(name.upper() for name, each in FIELDS.items() if "is_secret" in each.metadata)


def load(environ: Mapping[str, str] | None = None, env_file: str | Path = ".env") -> Settings:
    """Return this process's settings; the environment overrides the file, and an empty value counts as unset.

    Raises ConfigError with all faults together.
    """
    given = {**_file(env_file), **(os.environ if environ is None else environ)}
    read, faults = _secrets_from_files(given)
    given |= read
    texts = {name: text for name in FIELDS if (text := (given.get(name.upper()) or "").strip())}
    values: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            values[name] = FIELDS[name].metadata["read"](text)
        except ValueError as error:  # its sentence never repeats the value: that may be a token in the wrong place
            faults.append(f"{name.upper()} {error}")
    known = {name.upper() for name in FIELDS} | {f"{name}_FILE" for name in SECRETS}
    faults += [*misspelt(given, known), *contradictions(texts)]
    if faults:
        raise ConfigError(faults)
    return Settings(**values, given=frozenset(texts))


def sources(environ: Mapping[str, str] | None = None, env_file: str | Path = ".env") -> dict[str, str]:
    """Return the source of each setting's value, by name; unset ones are left out."""
    environment = os.environ if environ is None else environ
    named = {name: "the environment" for name, text in environment.items() if text.strip()}
    named = {name: f"the file {env_file}" for name, text in _file(env_file).items() if (text or "").strip()} | named
    found = {name: named[name] for name in map(str.upper, FIELDS) if name in named}
    return found | {name: f"the file that {name}_FILE names" for name in SECRETS if f"{name}_FILE" in named}


def _secrets_from_files(given: Mapping[str, str | None]) -> tuple[dict[str, str], list[str]]:
    """Read each secret whose NAME_FILE is set; return the secrets by name, and the faults found."""
    read, faults = {}, []
    for name in sorted(SECRETS):
        path = (given.get(f"{name}_FILE") or "").strip()
        if not path:
            continue
        if (given.get(name) or "").strip():
            faults.append(f"{name} and {name}_FILE are both set: remove one of them.")
            continue
        try:
            read[name] = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not text"
            faults.append(f"{name}_FILE names a file that cannot be read ({reason}).")
            continue
        if not read[name].strip():
            faults.append(f"{name}_FILE names a file that is empty.")
    return read, faults


def check_sandbox(settings: Settings) -> None:
    """Check that starting the sandbox is intended: no setting points at a real Slack or database.

    A failing secret store, or an .env that is not found, must not put the sandbox on a production database.

    Raises ConfigError when a setting of Slack's or DATABASE_URL is set, though no token is.
    """
    meant = sorted(name.upper() for name in settings.given if name.startswith("slack_") or name == "database_url")
    if settings.mode is Mode.SANDBOX and meant:
        raise ConfigError(
            [
                f"SLACK_BOT_TOKEN is missing, though {' and '.join(meant)} is set. Set it, and SLACK_APP_TOKEN (Socket "
                f"Mode) or SLACK_SIGNING_SECRET (HTTP); or unset {' and '.join(meant)} to try Kept in its sandbox, "
                "which has a database of its own."
            ]
        )


def _file(path: str | Path) -> dict[str, str | None]:
    try:
        return dotenv_values(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path} cannot be read as text: {error}."]) from error
