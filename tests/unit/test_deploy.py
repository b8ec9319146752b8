"""Files to start Kept with name settings that exist, pass the linters, and expose nothing they should not."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.config import FIELDS, SECRETS
from bot.metrics import GAUGES, Metrics

ROOT = Path(__file__).parents[2]
SETTINGS = {name.upper() for name in FIELDS}
#: What the image may run as: neither root nor a number that a Linux system gives to a person.
IMAGE_USER = 10001


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((ROOT / name).read_text()))


def is_ours(name: str) -> bool:
    return name in SETTINGS or (name.endswith("_FILE") and name.removesuffix("_FILE") in SECRETS)


def compose_environment() -> set[str]:
    (compose,) = documents("compose.yaml")
    return set(compose["services"]["kept"]["environment"])


def kubernetes_environment() -> set[str]:
    container = documents("deploy/kubernetes.yaml")[0]["spec"]["template"]["spec"]["containers"][0]
    return {each["name"] for each in container["env"]}


def unit_environment() -> set[str]:
    lines = re.findall(r"^Environment=(.+)$", (ROOT / "deploy/kept.service").read_text(), re.MULTILINE)
    return {pair.partition("=")[0] for line in lines for pair in line.split()}


def image_environment() -> set[str]:
    (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    return {pair.partition("=")[0] for pair in block.replace("\\\n", " ").split()} - {
        "PATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
    }


@pytest.mark.parametrize("names", [compose_environment, kubernetes_environment, unit_environment, image_environment])
def test_every_setting_that_a_deployment_names_exists(names: Any) -> None:
    assert names()
    assert {name for name in names() if not is_ours(name)} == set()


def test_the_dockerfile_passes_its_linter() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    linted = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_the_linter_finds_fault_with_a_bad_dockerfile(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN apt-get install curl\n")
    linter = Path(sys.executable).parent / "hadolint"
    assert subprocess.run([linter, tmp_path / "Dockerfile"], capture_output=True, check=False).returncode != 0


def test_no_deployment_runs_as_root_or_writes_its_root_file_system() -> None:
    assert f"USER {IMAGE_USER}:{IMAGE_USER}" in (ROOT / "Dockerfile").read_text()
    kept = documents("compose.yaml")[0]["services"]["kept"]
    assert (kept["read_only"], kept["cap_drop"]) == (True, ["ALL"])
    pod = documents("deploy/kubernetes.yaml")[0]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == IMAGE_USER
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_proxy_passes_on_what_slack_and_calendars_need_and_nothing_else() -> None:
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    assert "@public path /slack/* /mine/* /api/*" in caddyfile
    assert "respond 404" in caddyfile


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "kept.service"
    unit.write_text((ROOT / "deploy/kept.service").read_text().replace("/opt/kept/bin/kept", "/bin/true"))
    checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert "Unknown" not in checked.stderr, checked.stderr
    assert checked.returncode == 0, checked.stderr


def metric_names() -> set[str]:
    """Return the names under which Prometheus knows what Kept shows, in Socket Mode too."""
    families = text_string_to_metric_families(Metrics().written().decode())
    return {sample.name for family in families for sample in family.samples} | GAUGES.keys()


@pytest.mark.parametrize("name", ["deploy/alerts.yaml", "deploy/grafana.json"])
def test_every_metric_that_an_alert_or_a_panel_asks_for_exists(name: str) -> None:
    asked = set(re.findall(r"\bkept_[a-z0-9_]+", (ROOT / name).read_text()))
    assert asked
    assert asked <= metric_names()


def test_each_alert_fires_in_its_test_and_none_where_all_is_well() -> None:
    """`alerts.test.yaml` has a fault for each alert: a dead scheduler, a failing tick, a storm of 429, a full disk."""
    promtool = shutil.which("promtool")
    if not promtool and not os.environ.get("CI"):
        pytest.skip("promtool is not installed (Debian: prometheus)")
    alerts = {rule["alert"] for group in documents("deploy/alerts.yaml")[0]["groups"] for rule in group["rules"]}
    tested = set(re.findall(r'alertname="(\w+)"', (ROOT / "deploy/alerts.test.yaml").read_text()))
    assert tested == alerts
    sent = subprocess.run(
        [str(promtool), "test", "rules", "alerts.test.yaml"],
        cwd=ROOT / "deploy",
        capture_output=True,
        text=True,
        check=False,
    )
    assert sent.returncode == 0, sent.stdout + sent.stderr
