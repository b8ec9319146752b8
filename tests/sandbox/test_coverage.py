"""The sandbox's coverage of Slack is documented as it is in code."""

import re
from pathlib import Path

import sandbox.api
from sandbox.api.dispatch import METHODS
from sandbox.coverage import page

from .conftest import REPOSITORY

_READ = re.compile(r'call\.(?:text|needed|flag|structure|channel|user)\((?:"(\w+)")?')
_HELPERS = {"page(": {"limit", "cursor"}, "call.channel()": {"channel"}, "call.user()": {"user"}}


def test_the_page_of_coverage_is_up_to_date() -> None:
    written = (REPOSITORY / "docs" / "sandbox-coverage.md").read_text(encoding="utf-8")
    assert written == page(), "print it anew: python -m sandbox.coverage > docs/sandbox-coverage.md"


def test_every_argument_that_is_promised_is_read_and_every_one_read_is_promised() -> None:
    for path in Path(sandbox.api.__file__).parent.glob("*.py"):
        promised = {
            argument
            for method in METHODS.values()
            if method.handler.__module__ == f"sandbox.api.{path.stem}"
            for argument in method.arguments
        }
        if promised:
            source = path.read_text(encoding="utf-8")
            read = {name for name in _READ.findall(source) if name}
            read |= set(re.findall(r'args\.get\("(\w+)"\)', source))
            for call, names in _HELPERS.items():
                read |= names if call in source else set()
            assert read == promised, path.name
