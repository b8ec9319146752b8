"""The recipes of CONTRIBUTING hold: each is followed in a copy of the tree, and what it adds is used there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.patience import IS_LONG
from tests.unit.recipes import MIGRATIONS, RECIPES, Recipe, follow

ROOT = Path(__file__).parents[2]
#: All that the checks import, and the files that recipes touch.
COPIED = (
    *("bot", "handlers", "tests", "docs/api.md"),
    *("manifest.yaml", ".env.example", "pyproject.toml", "README.md", "CHANGELOG.md"),
)


def sections() -> Mapping[str, str]:
    """Return the sections of CONTRIBUTING by title."""
    parts = re.split(r"^## (.+)\n", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def files_named(section: str) -> list[str]:
    """Return the file at the head of each numbered step."""
    return re.findall(r"^\d+\. `([^`]+)`", section, re.MULTILINE)


def tree(folder: Path) -> Path:
    left_out = shutil.ignore_patterns("__pycache__", "*.png", "e2e", "integration", "sandbox")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=left_out)
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(source, folder / name)
    return folder


def used(root: Path, *recipes: Recipe) -> subprocess.CompletedProcess[str]:
    """Use what the recipes added, in a process of its own that imports from the tree."""
    command = [sys.executable, "-m", "tests.unit.recipe_checks", str(root), *(recipe.check for recipe in recipes)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "KEPT_"))}
    environment["PYTHONPATH"] = str(root)
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_the_ten_questions_are_answered_by_places_that_exist() -> None:
    rows = re.findall(r"^\| the .+\? \| `([^`]+)` \|$", sections()["Where is …?"], re.MULTILINE)
    assert len(rows) == 10
    assert [place for place in rows if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_names_the_files_that_it_touches_and_they_are_few(title: str) -> None:
    recipe = RECIPES[title]
    touched = [re.sub(r"\{next\}_.*", "…", name) for name in recipe.files]
    assert sorted(files_named(sections()[title])) == sorted(touched)
    assert len(touched) <= recipe.most


def test_what_the_recipes_add_works_together(tmp_path: Path) -> None:
    root = tree(tmp_path)
    for recipe in RECIPES.values():
        follow(root, recipe)
    result = used(root, *RECIPES.values())
    assert result.returncode == 0, result.stderr


def test_a_recipe_whose_place_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / MIGRATIONS).mkdir(parents=True)
    (tmp_path / MIGRATIONS / "0007_x.py").touch()
    with pytest.raises(LookupError, match="bring its recipe up to date"):
        follow(tmp_path, Recipe(1, "", {"a.py": (("x = 1", "x = 2"),)}))


@pytest.mark.skipif(not IS_LONG, reason="a process for each file of each recipe: KEPT_LONG=1")
@pytest.mark.parametrize(("title", "left_out"), [(title, name) for title in RECIPES for name in RECIPES[title].files])
def test_each_file_of_a_recipe_is_needed(title: str, left_out: str, tmp_path: Path) -> None:
    root = tree(tmp_path)
    follow(root, RECIPES[title], but=left_out)
    assert used(root, RECIPES[title]).returncode != 0
