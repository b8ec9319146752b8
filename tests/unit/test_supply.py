"""Dependencies are listed with their licences, and an audit that looked nothing up reports that."""

import json
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from docs.audit import audit
from tests.unit.test_project import ROOT, pinned

WITH_EXTRAS = ("otel.txt", "mcp.txt")


def test_the_bill_of_materials_lists_what_runs_with_its_licence_and_no_address() -> None:
    text = (ROOT / "requirements" / "sbom.cdx.json").read_text()
    listed = {canonicalize_name(each["name"]): each for each in json.loads(text)["components"]}
    # colorama and its like are for other systems: pinned with a marker, and not installed where the list is made.
    lines = "".join((ROOT / "requirements" / name).read_text() for name in WITH_EXTRAS)
    elsewhere = set(re.findall(r"^([a-z0-9-]+)==\S+ ; ", lines, re.MULTILINE))
    pins = {name: version for file in WITH_EXTRAS for name, version in pinned(file).items()}
    wanted = {name: version for name, version in pins.items() if name not in elsewhere}
    found = {name: each["version"] for name, each in listed.items() if name not in elsewhere}
    assert found == wanted, "make sbom"
    assert [name for name, each in listed.items() if not each.get("licenses")] == []
    assert "://" not in text


@pytest.mark.parametrize(
    ("printed", "failed", "status", "sentence"),
    [
        ("No known vulnerabilities found", 0, 0, ""),
        ("urllib3 1.0 GHSA-1", 1, 1, ""),
        ("requests.exceptions.ConnectionError: no route", 1, 3, "cannot be reached"),
        ("aiohttp  Dependency not found on PyPI and could not be audited", 0, 3, "1 packages could not be looked up"),
    ],
)
def test_an_audit_that_looked_nothing_up_does_not_pass(
    printed: str, failed: int, status: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "pip-audit"
    stream = "1" if status < 3 or not failed else "2"
    program.write_text(f"#!/bin/sh\necho '{printed}' >&{stream}\nexit {failed}\n")
    program.chmod(0o755)
    assert audit(str(program)) == status
    assert sentence in capsys.readouterr().err
