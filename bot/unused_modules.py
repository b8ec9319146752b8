"""Stand-ins for modules that libraries import and Kept never uses: they would take 10 MB of every process.

Importing AsyncApp imports Bolt's own web server, and with it that of aiohttp, and Slack's client without asyncio.
SQLAlchemy's package for asyncio imports the whole ORM, of which Kept uses nothing (docs/dependencies.md). structlog
imports Rich where it is installed. None of them offers another way in.
"""

import sys
from types import ModuleType
from typing import Any

#: Modules that others import names from. A test holds that each is still one of its library's.
UNUSED = (
    "aiohttp.web",
    "slack_bolt.app.async_server",
    "slack_sdk.web.client",
    "sqlalchemy.ext.asyncio.scoping",
    "sqlalchemy.ext.asyncio.session",
)
#: A module whose importers do without where it is missing.
OPTIONAL = "rich"


class StandIn(ModuleType):
    """A module in which every name is a class that cannot be used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        whole_name = f"{self.__name__}.{name}"

        def refuse(*_: object, **__: object) -> None:
            raise NotImplementedError(f"Kept runs without {whole_name}: bot/unused_modules.py stands in for it.")

        return type(name, (), {"__new__": refuse, "__module__": self.__name__})


def leave_out() -> None:
    """Put the stand-ins where importing finds them; what has been imported already stays."""
    for name in UNUSED:
        sys.modules.setdefault(name, StandIn(name))
    sys.modules.setdefault(OPTIONAL, None)  # type: ignore[arg-type]  # what is None there cannot be imported
