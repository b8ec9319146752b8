"""The documentation builds as a site: without a warning, without outside addresses, every page near the first."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(folder: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", config, "--site-dir", folder]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = build(folder)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def pages(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


def links(page: Path) -> Iterator[Path]:
    for target in re.findall(r'<a [^>]*href="([^"#?]+)', page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            yield (page.parent / target).resolve()


def test_every_page_is_within_two_clicks_of_the_first(site: Path) -> None:
    first = set(links(site / "index.html"))
    second = {page for one in first if one.suffix == ".html" for page in links(one)}
    assert {page.resolve() for page in pages(site)} <= first | second | {(site / "index.html").resolve()}


def test_no_page_loads_anything_from_outside(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="([^"]+)"', text)
        loaded += re.findall(r'<link[^>]* rel="(?:stylesheet|preload|icon|preconnect)"[^>]* href="([^"]+)"', text)
        loaded += re.findall(r'<link[^>]* href="([^"]+)"[^>]* rel="(?:stylesheet|preload|icon|preconnect)"', text)
        assert [address for address in loaded if "//" in address] == [], page.name


def test_every_link_inside_the_site_leads_to_a_page(site: Path) -> None:
    missing = {(page.name, target.name) for page in pages(site) for target in links(page) if not target.exists()}
    assert missing == set()


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("[gone](gone.md)\n")
    config = tmp_path / "mkdocs.yml"
    validation = "validation: {links: {not_found: warn}}\n"
    config.write_text(f"site_name: Kept\nstrict: true\ntheme: {{name: material, font: false}}\n{validation}")
    assert build(tmp_path / "site", config).returncode != 0
