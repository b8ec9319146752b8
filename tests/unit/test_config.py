"""Settings: which are read, which wins, and the sentences for faults."""

import base64
import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.config import FIELDS, SECRETS, ConfigError, LogFormat, LogLevel, Mode, check_sandbox, load
from bot.secret import SecretStr
from bot.setting_rules import is_loopback

ROOT = Path(__file__).parents[2]
NO_FILE = ROOT / "no-such-file"
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s3cret"}
KEY, OTHER_KEY = base64.urlsafe_b64encode(b"k" * 32).decode(), base64.urlsafe_b64encode(b"o" * 32).decode()
MANY = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "cl1ent",
    "SLACK_SIGNING_SECRET": "s3cret",
    "KEPT_ENCRYPTION_KEYS": KEY,
    "PUBLIC_URL": "https://kept.example.com",
}
#: Every secret there is; no start takes all of them together.
EVERY_SECRET = (
    HTTP
    | SOCKET
    | MANY
    | {"DATABASE_URL": "postgresql://u:pa55@h/d", "KEPT_SECRET": "k" * 20, "KEPT_METRICS_TOKEN": "m" * 20}
)


def _without(name: str) -> dict[str, str]:
    return {other: value for other, value in MANY.items() if other != name}


def faults(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as refused:
        load(environ, NO_FILE)
    return "\n".join(refused.value.faults)


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(dotenv_values(ROOT / ".env.example")) == {name.upper() for name in FIELDS}


def test_the_example_shows_the_defaults() -> None:
    assert load({}, ROOT / ".env.example") == load({}, NO_FILE)
    for name, value in dotenv_values(ROOT / ".env.example").items():
        field = FIELDS[name.lower()]
        assert bool(value) == (field.default is not None), f"{name} has a default that .env.example should show"


def test_the_example_explains_every_setting() -> None:
    text = (ROOT / ".env.example").read_text()
    for name in FIELDS:
        assert re.search(rf"^# .+\n{name.upper()}=", text, re.MULTILINE), f"{name.upper()} has no comment above it"


def test_nothing_set_means_the_sandbox_on_sqlite() -> None:
    settings = load({}, NO_FILE)
    assert settings.mode is Mode.SANDBOX
    assert settings.database == "sqlite:///kept.db"
    assert (settings.host, settings.port, settings.sandbox_port) == ("127.0.0.1", 3000, 4000)
    assert (settings.log_format, settings.log_level) == (LogFormat.TEXT, LogLevel.INFO)


def test_an_app_token_chooses_socket_mode_and_a_signing_secret_chooses_http() -> None:
    assert load(SOCKET, NO_FILE).mode is Mode.SOCKET
    assert load(HTTP, NO_FILE).mode is Mode.HTTP
    assert load(SOCKET | HTTP, NO_FILE).mode is Mode.SOCKET


def test_a_client_id_lets_workspaces_install_kept_over_http() -> None:
    settings = load(MANY | {"KEPT_ENCRYPTION_KEYS": f"{KEY}, {OTHER_KEY}"}, NO_FILE)
    assert (settings.mode, settings.is_for_many) == (Mode.HTTP, True)
    assert settings.encryption_keys == (KEY, OTHER_KEY)
    assert not load(HTTP, NO_FILE).is_for_many
    assert not load(HTTP | {"KEPT_ENCRYPTION_KEYS": KEY}, NO_FILE).is_for_many, "they encrypt the secrets of webhooks"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=3001\nLOG_LEVEL=debug\n")
    settings = load({"PORT": "3002"}, file)
    assert (settings.port, settings.log_level) == (3002, LogLevel.DEBUG)


def test_without_an_argument_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "3003")
    assert load(env_file=NO_FILE).port == 3003


def test_an_empty_value_counts_as_none() -> None:
    assert load({"SLACK_BOT_TOKEN": "", "PORT": "  "}, NO_FILE) == load({}, NO_FILE)


def test_names_that_are_not_ours_are_left_alone() -> None:
    assert load({"PATH": "/bin", "port": "1"}, NO_FILE) == load({}, NO_FILE)


def test_variables_that_kubernetes_sets_for_a_service_called_kept_are_ignored() -> None:
    environ = {
        "KEPT_SERVICE_HOST": "10.0.0.1",
        "KEPT_SERVICE_PORT_HTTP": "3000",
        "KEPT_PORT": "tcp://10.0.0.1:3000",
        "KEPT_PORT_3000_TCP": "tcp://10.0.0.1:3000",
        "KEPT_PORT_3000_TCP_ADDR": "10.0.0.1",
    }
    assert load(environ, NO_FILE) == load({}, NO_FILE)


def test_a_misspelt_name_in_the_file_is_named_too(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_SIGNING_SECRT=x\nCOMPOSE_PROJECT_NAME=kept\n")
    with pytest.raises(ConfigError, match="Did you mean SLACK_SIGNING_SECRET"):
        load({}, file)


@pytest.mark.parametrize("given", [{}, {"PORT": "1"}, SOCKET, HTTP, HTTP | {"DATABASE_URL": "sqlite:///x.db"}])
def test_a_start_is_let_through_where_nothing_or_enough_is_set(given: dict[str, str]) -> None:
    check_sandbox(load(given, NO_FILE))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"DATABASE_URL": "sqlite:///kept.db"}, "though DATABASE_URL is set"),
        ({"SLACK_API_URL": "https://slack.com/api/"}, "though SLACK_API_URL is set"),
        (
            {"DATABASE_URL": "sqlite:///x", "SLACK_API_URL": "https://x.io"},
            "unset DATABASE_URL and SLACK_API_URL to try",
        ),
    ],
)
def test_the_sandbox_is_refused_where_anything_points_elsewhere(given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN is missing") as refused:
        check_sandbox(load(given, NO_FILE))
    assert named in str(refused.value)


@pytest.mark.parametrize("name", [name.upper() for name in FIELDS])
def test_a_token_in_the_wrong_setting_is_not_repeated(name: str) -> None:
    accessory = {"SLACK_QQQ": "1"}  # so that there is a refusal whatever the setting takes
    for value in ("xoxb-wrongplace", "xapp-wrongplace", "wrongplace://secret"):
        assert "wrongplace" not in faults(accessory | {name: value})


@pytest.mark.parametrize("url", ["sqlite:///x.db", "sqlite+aiosqlite://", "postgresql+asyncpg://h/d", "postgres://h/d"])
def test_databases_that_are_known(url: str) -> None:
    assert load({"DATABASE_URL": url}, NO_FILE).database == url


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a whole number from 0 (any free port) to 65535."),
        ({"PORT": "65536"}, "PORT must be a whole number"),
        ({"PORT": "-1"}, "PORT must be a whole number"),
        ({"PORT": "²"}, "PORT must be a whole number"),
        ({"SANDBOX_PORT": "9" * 5000}, "SANDBOX_PORT must be a whole number"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL must begin with sqlite:// or postgresql://."),
        ({"DATABASE_URL": "kept.db"}, "DATABASE_URL must begin with sqlite:// or postgresql://."),
        ({"PUBLIC_URL": "kept.example.com"}, "PUBLIC_URL must be a web address"),
        ({"SLACK_API_URL": "http://[::1"}, "SLACK_API_URL must be a web address"),
        ({"SLACK_API_URL": "http://slack.example.com/api/"}, "SLACK_API_URL must begin with https://"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of text, json."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of debug, info, warning, error."),
        (
            MANY | {"KEPT_ENCRYPTION_KEYS": "short"},
            "KEPT_ENCRYPTION_KEYS must hold keys as `kept keys new` prints them",
        ),
        (MANY | {"KEPT_ENCRYPTION_KEYS": f"{KEY},"}, "KEPT_ENCRYPTION_KEYS must hold keys"),
        (MANY | {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN is one workspace's own token"),
        (MANY | {"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN chooses Socket Mode, over which Slack sends nothing"),
        (MANY | {"PUBLIC_URL": "http://kept.example.com"}, "PUBLIC_URL must begin with https:// where"),
        *((_without(name), f"needs more, for workspaces to install Kept: {name} (") for name in MANY),
        ({"KEPT_SECRET": "short"}, "KEPT_SECRET must have at least 16 characters"),
        (SOCKET | {"SLACK_BOT_TOKEN": "nope"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
        (SOCKET | {"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN must begin with xapp-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN needs a way for Slack to reach Kept"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN needs SLACK_BOT_TOKEN too"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_SIGNING_SECRET needs SLACK_BOT_TOKEN too"),
        ({"SLACK_BOT_TOKN": "xoxb-1"}, "SLACK_BOT_TOKN is not a setting of Kept. Did you mean SLACK_BOT_TOKEN?"),
        ({"slack_app_token": "xapp-1"}, "slack_app_token is not a setting of Kept. Did you mean SLACK_APP_TOKEN?"),
        ({"KEPT_SECRETS": ""}, "KEPT_SECRETS is not a setting of Kept. Did you mean KEPT_SECRET?"),
        ({"SLACK_QQQ": "1"}, "SLACK_QQQ is not a setting of Kept. Remove it"),
        ({"KEPT_PORT": "3000"}, "KEPT_PORT is not a setting of Kept."),
        ({"KEPT_CLOCK_URL": "http://127.0.0.1:4000"}, "KEPT_CLOCK_URL moves the clock of the sandbox alone"),
    ],
)
def test_a_fault_is_a_sentence_that_says_what_to_write(environ: dict[str, str], sentence: str) -> None:
    assert sentence in faults(environ)
    assert faults(environ).count("\n") == 0


def test_all_faults_are_named_together() -> None:
    found = faults({"PORT": "x", "DATABASE_URL": "x", "LOG_LEVEL": "x", "SLACK_APP_TOKEN": "x"})
    assert [line.split()[0] for line in found.splitlines()] == [
        "SLACK_APP_TOKEN",
        "DATABASE_URL",
        "PORT",
        "LOG_LEVEL",
        "SLACK_APP_TOKEN",
    ]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(ConfigError, match=r"\.env cannot be read as text"):
        load({}, file)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
def test_another_clock_is_followed_where_slack_is_this_machine_too(host: str) -> None:
    environ = {"KEPT_CLOCK_URL": f"http://{host}:4000", "SLACK_API_URL": f"http://{host}:4000/api"}
    settings = load(environ, NO_FILE)
    assert settings.kept_clock_url == f"http://{host}:4000"
    assert settings.slack_api_url == f"http://{host}:4000/api/"


@pytest.mark.parametrize("url", ["http://localhost.example.com", "http://127.0.0.1@example.com", "http://example.com"])
def test_another_clock_is_refused_where_either_address_is_elsewhere(url: str) -> None:
    here = "http://127.0.0.1:4000"
    assert not is_loopback(url)
    assert "KEPT_CLOCK_URL" in faults({"KEPT_CLOCK_URL": here, "SLACK_API_URL": url})
    assert "KEPT_CLOCK_URL" in faults({"KEPT_CLOCK_URL": url, "SLACK_API_URL": here})


def test_nothing_secret_is_ever_printed() -> None:
    shown = ""
    for given in (SOCKET | HTTP, MANY):
        settings = load({name: EVERY_SECRET[name] for name in ("DATABASE_URL", "KEPT_SECRET")} | given, NO_FILE)
        shown += repr(settings) + str(settings)
    secrets = {name: EVERY_SECRET[name] for name in SECRETS}
    wrong = faults({name: f"{value}-hidden"[2:] for name, value in secrets.items()} | {"KEPT_SECRET": "hidden"})
    assert not [value for value in secrets.values() if value in shown]
    assert "hidden" not in wrong
    assert "pa55" not in wrong


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_may_come_from_a_file(name: str, tmp_path: Path) -> None:
    accessory = {each: EVERY_SECRET[each] for each in ("DATABASE_URL", "KEPT_SECRET", "KEPT_METRICS_TOKEN")}
    values = next(accessory | given for given in (HTTP | SOCKET, MANY) if name in accessory | given)
    (tmp_path / "secret").write_text(values[name] + "\n")
    from_file = {other: value for other, value in values.items() if other != name} | {
        f"{name}_FILE": str(tmp_path / "secret")
    }
    assert load(from_file, NO_FILE) == load(values, NO_FILE)


def test_a_secret_file_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    missing = faults({"KEPT_SECRET_FILE": str(tmp_path / "none")})
    assert missing == "KEPT_SECRET_FILE names a file that cannot be read (No such file or directory)."
    assert "a file that is empty" in faults({"KEPT_SECRET_FILE": str(tmp_path / "empty")})
    both = {"KEPT_SECRET": "k" * 20, "KEPT_SECRET_FILE": str(tmp_path / "empty")}
    assert faults(both) == "KEPT_SECRET and KEPT_SECRET_FILE are both set: remove one of them."


def test_settings_never_change() -> None:
    with pytest.raises(FrozenInstanceError):
        load({}, NO_FILE).port = 1


def test_the_delivery_key_follows_its_own_secret_first() -> None:
    own = {"KEPT_SECRET": "k" * 20}
    assert len(load({}, NO_FILE).delivery_key) == 32
    assert load(own, NO_FILE).delivery_key == load(own | SOCKET | HTTP, NO_FILE).delivery_key
    assert load(HTTP, NO_FILE).delivery_key == load(HTTP | SOCKET, NO_FILE).delivery_key
    assert load(HTTP, NO_FILE).delivery_key != load(SOCKET, NO_FILE).delivery_key
    assert SecretStr("s3cret").get_secret_value().encode() not in load(HTTP, NO_FILE).delivery_key
