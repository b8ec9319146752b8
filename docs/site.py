"""Hook of MkDocs (mkdocs.yml): pages at the top of the repository join the site, and links to them hold there.

Links to files that are no pages (the manifest, deploy/) are shown as plain names: the site is read without the code.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
PAGES = ("UPGRADING.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md")


def on_config(config: Any) -> Any:
    """List every decision (ADR) in the navigation."""
    decisions = sorted(path.name for path in (ROOT / "docs" / "adr").glob("*.md"))
    config.nav.append({"Decisions": [f"adr/{name}" for name in decisions]})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that lie next to docs/, not in it."""
    for name in PAGES:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links at where the pages are in the site; unlink what is not in it."""
    depth = page.file.src_uri.count("/")

    def moved(link: "re.Match[str]") -> str:
        words, target = link[1], link[2]
        if target.startswith(("http://", "https://", "#", "mailto:")):
            return link[0]
        path, _, anchor = target.partition("#")
        here = ROOT / page.file.src_uri if page.file.src_uri in PAGES else ROOT / "docs" / page.file.src_uri
        found = (here.parent / path).resolve()
        if found.suffix not in {".md", ".png"} or not found.exists() or found.name == "README.md":
            return words
        inside = found.relative_to(ROOT / "docs") if found.is_relative_to(ROOT / "docs") else Path(found.name)
        return f"[{words}]({'../' * depth}{inside.as_posix()}{'#' + anchor if anchor else ''})"

    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", moved, markdown)
