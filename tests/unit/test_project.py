"""The repository keeps its own rules: sizes, layers, pinned requirements, names that are ours, and a kind set-up."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rows import noted

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "scheduler", "sandbox")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]


# ── Sizes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def python_files() -> Iterator[Path]:
    for folder in (*PACKAGES, "tests", "bench"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def too_long(source: str, name: str, lines: int = 300, lines_of_function: int = 40) -> Iterator[str]:
    if (count := len(source.splitlines())) > lines:
        yield f"{name} has {count} lines: {lines} are enough"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > lines_of_function:
                yield f"{name}:{node.lineno} {node.name} has {count} lines: {lines_of_function} are enough"


def test_files_and_functions_stay_short() -> None:
    assert [line for path in python_files() for line in too_long(path.read_text(), str(path.relative_to(ROOT)))] == []


def test_one_line_too_many_is_noticed() -> None:
    assert list(too_long("x = 1\n" * 300, "f")) == []
    assert list(too_long("x = 1\n" * 301, "f")) == ["f has 301 lines: 300 are enough"]
    assert list(too_long("async def a():\n" + " x = 1\n" * 39, "f")) == []
    assert list(too_long("async def a():\n" + " x = 1\n" * 40, "f")) == ["f:1 a has 41 lines: 40 are enough"]


def test_migrations_are_one_chain_each_on_the_one_before() -> None:
    files = sorted((ROOT / "bot/storage/migrations/versions").glob("[0-9]*.py"))
    named = [re.findall(r'^(?:down_)?revision = (?:"(\d+)"|None)', path.read_text(), re.MULTILINE) for path in files]
    assert [number for number, _ in named] == [path.name[:4] for path in files]
    assert [before for _, before in named] == ["", *(number for number, _ in named[:-1])], "two have the same number"


# ── Layers ────────────────────────────────────────────────────────────────────────────────────────────────────────


PLANTED = [
    ("layers", "bot/domain", "import bot.use_cases"),
    ("layers", "handlers", "import scheduler"),
    ("layers", "scheduler", "import bot.storage"),
    ("pure", "bot/views", "import slack_sdk"),
    ("pure", "bot/use_cases", "import aiohttp"),
    ("sql", "handlers", "from sqlalchemy import text"),
    ("sql", "bot", "import alembic.command"),
    ("jobs", "bot/storage", "import apscheduler"),
    ("slack", "scheduler", "import slack_sdk"),
    ("slack", "bot", "import slack_bolt.async_app"),
    ("sandbox", "sandbox", "import bot.domain"),
    ("no-sandbox", "handlers", "import sandbox"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    wide = os.environ | {"COLUMNS": "200"}  # a heading is one line
    return subprocess.run(command, cwd=folder, env=wide, capture_output=True, text=True, check=False)


def test_each_contract_notices_a_planted_import(tmp_path: Path) -> None:
    """All are planted together, because each look reads the whole tree."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    kept = lint_imports(tmp_path)
    assert kept.returncode == 0, kept.stdout
    for number, (_, folder, line) in enumerate(PLANTED):
        (tmp_path / folder / f"planted_{number}.py").write_text(line + "\n")
    broken = lint_imports(tmp_path)
    assert broken.returncode == 1, broken.stdout
    names = {contract["id"]: " ".join(contract["name"].split()) for contract in CONTRACTS}
    _, _, reports = broken.stdout.partition("Broken contracts")
    for number, (contract, folder, line) in enumerate(PLANTED):
        with noted(line):
            report = report_of(reports, names[contract], list(names.values()))
            assert f"{folder.replace('/', '.')}.planted_{number} ->" in report


def report_of(reports: str, name: str, names: list[str]) -> str:
    """Return the report of one broken contract, up to the heading of the next."""
    begins = {each: reports.find(f"\n{each}\n---") for each in names}
    assert begins[name] >= 0, f"{name} is not broken: {reports}"
    following = [at for at in begins.values() if at > begins[name]]
    return reports[begins[name] : min(following, default=len(reports))]


def test_every_contract_is_seen_to_fail() -> None:
    assert {contract for contract, _, _ in PLANTED} == {contract["id"] for contract in CONTRACTS}


def test_every_part_of_the_bot_has_its_layer() -> None:
    layers = next(contract["layers"] for contract in CONTRACTS if contract["id"] == "layers")
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    parts = {f"bot.{path.stem}" for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert parts - {"bot.__init__", "bot.__main__", "bot.__pycache__"} <= placed, "give it a place in pyproject.toml"


# ── Packaging ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_other_distribution_owns_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {name: owner for name in PACKAGES if (owner := set(owners.get(name, ())) - {"kept"})} == {}


def test_the_wheel_holds_our_packages_and_nothing_else(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = {Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == set(PACKAGES)


# ── Requirements ──────────────────────────────────────────────────────────────────────────────────────────────────


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", lines, re.MULTILINE))


def grouped(*groups: str) -> list[Requirement]:
    return [Requirement(line) for name in groups for line in PYPROJECT["dependency-groups"][name]]


def declared(*groups: str, extras: Sequence[str] = ("otel", "mcp")) -> list[Requirement]:
    optional = PYPROJECT["project"]["optional-dependencies"]
    lines = [*PYPROJECT["project"]["dependencies"], *(line for name in extras for line in optional[name])]
    return [Requirement(line) for line in lines] + grouped(*groups)


@pytest.mark.parametrize(
    "name", ["uv.txt", "run.txt", "otel.txt", "mcp.txt", "build.txt", "dev.txt", "types.txt", "supply.txt"]
)
def test_every_requirement_is_pinned_by_hash_and_none_names_an_address(name: str) -> None:
    entries = re.split(r"^(?=\S)", (ROOT / "requirements" / name).read_text(), flags=re.MULTILINE)[1:]
    assert {entry.partition("==")[0].partition("[")[0] for entry in entries} == set(pinned(name)) != set()
    for entry in entries:
        assert re.fullmatch(r"[^\s=]+==\S+( ; [^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", entry), entry


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("run.txt", declared(extras=())),
        ("otel.txt", declared(extras=["otel"])),
        ("mcp.txt", declared(extras=["mcp"])),
        ("build.txt", grouped("build")),
        ("dev.txt", declared("build", "dev")),
        ("types.txt", grouped("types")),
        ("supply.txt", grouped("supply")),
    ],
)
def test_the_pinned_versions_are_what_pyproject_asks_for(name: str, asked: list[Requirement]) -> None:
    versions = pinned(name)
    for requirement in asked:
        version = versions.get(canonicalize_name(requirement.name), "none")
        assert version != "none", f"{requirement} is not in {name}: make lock"
        assert requirement.specifier.contains(version), f"{requirement} is {version} in {name}: make lock"


def test_tests_run_on_the_versions_that_people_run() -> None:
    assert pinned("run.txt").items() <= pinned("otel.txt").items() & pinned("mcp.txt").items()
    assert (pinned("otel.txt") | pinned("mcp.txt") | pinned("build.txt")).items() <= pinned("dev.txt").items()


def test_build_tools_stay_out_of_what_runs() -> None:
    assert not pinned("run.txt").keys() & pinned("build.txt").keys()


def test_every_dependency_is_accounted_for() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    names = {canonicalize_name(each.name) for each in declared("build", "dev", "types", "supply")} | {"uv"}
    assert {canonicalize_name(row) for row in rows if row != "Name"} == names


# ── Set-up ────────────────────────────────────────────────────────────────────────────────────────────────────────


# ── Migrations ────────────────────────────────────────────────────────────────────────────────────────────────────


def steps_out_of_line(steps: dict[str, tuple[str, str | None]]) -> list[str]:
    """Return the files of migrations that do not follow the one before, by name, with its revision as theirs."""
    before: str | None = None
    found = []
    for name in sorted(steps):
        if (found_before := steps[name][1]) != before or not name.startswith(f"{steps[name][0]}_"):
            found.append(f"{name} follows {found_before}, not {before}")
        before = steps[name][0]
    return found


def test_migrations_follow_one_another() -> None:
    steps = {}
    for path in (ROOT / "bot/storage/migrations/versions").glob("[0-9]*.py"):
        named = dict(re.findall(r'^(revision|down_revision).*= (?:"(\d+)"|None)$', path.read_text(), re.MULTILINE))
        steps[path.name] = named["revision"], named["down_revision"] or None
    assert steps_out_of_line(steps) == []
    twin = steps | {"0018_twin.py": ("0018", "0017")}
    assert steps_out_of_line(twin) == ["0018_twin.py follows 0017, not 0018"]


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (None, "apt install python3 python3-venv"),
        ('case "$*" in *version_info*) exit 1;; *) echo Python 3.9.2;; esac', "needs Python 3.11 or newer; .* 3.9.2"),
        ('case "$*" in *ensurepip*) exit 1;; esac', "its venv module is missing.*apt install python3-venv"),
    ],
    ids=["no python3", "an old python3", "no python3-venv"],
)
def test_a_machine_that_lacks_something_is_shown_the_cure(tmp_path: Path, python: str | None, sentence: str) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    fake = tmp_path / "python3"
    if python:
        fake.write_text(f"#!/bin/sh\n{python}\n")
        fake.chmod(0o755)
    made = subprocess.run(["make", "run", f"PYTHON={fake}"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert re.search(sentence, made.stderr)
    assert "Traceback" not in made.stderr
    assert not (tmp_path / ".venv").exists()
