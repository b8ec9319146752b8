"""Modules that are left out of a running Kept, of the libraries as they are pinned."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from bot.unused_modules import UNUSED, StandIn

#: What `kept run` imports before it asks for anything else, and the modules that must not come with it.
STARTED = """
import sys
from bot.unused_modules import leave_out
leave_out()
import bot.process, bot.storage.postgres
for name in {unused!r}:
    assert type(sys.modules.get(name)).__name__ == "StandIn", name
heavy = ("sqlalchemy.orm", "rich", "pydantic", "alembic", "holidays", "icalendar", "jinja2", "yaml", "aiohttp.web_app")
heavy += ("multiprocessing", "slack_sdk.models.blocks.basic_components")
print([name for name in heavy if sys.modules.get(name)])
"""


@pytest.mark.parametrize("name", UNUSED)
def test_what_a_stand_in_replaces_is_a_module_of_its_library(name: str) -> None:
    assert find_spec(name)


def test_a_running_kept_imports_neither_what_is_replaced_nor_what_is_seldom_used() -> None:
    run = [sys.executable, "-c", STARTED.format(unused=UNUSED)]

    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_using_a_stand_in_names_it_and_where_it_comes_from() -> None:
    with pytest.raises(NotImplementedError, match=r"library\.module\.Client.*bot/unused_modules\.py"):
        StandIn("library.module").Client("xoxb-1")
    with pytest.raises(AttributeError):
        _ = StandIn("library.module").__path__
