"""Stand-ins for modules that libraries import and Kept never uses: they would take 12 MB of every process.

Importing AsyncApp imports Bolt's own web server, and with it that of aiohttp, Slack's client and Bolt's app without
asyncio, and a class for each kind of block, which Kept writes as JSON. SQLAlchemy's package for asyncio imports the
whole ORM, of which Kept uses nothing (docs/dependencies.md). APScheduler's pools and Uvicorn's supervisors import
multiprocessing, but Kept's jobs run on its event loop and its server in its own process. structlog imports Rich where
it is installed. None of them offers another way in.
"""

import sys
from types import ModuleType
from typing import Any

#: Modules that others import names from. A test holds that each is still one of its library's.
UNUSED = (
    "aiohttp.web",
    "apscheduler.executors.pool",
    "slack_bolt.app.app",
    "slack_bolt.app.async_server",
    "slack_sdk.models.attachments",
    "slack_sdk.models.blocks",
    "slack_sdk.models.blocks.block_elements",
    "slack_sdk.models.blocks.blocks",
    "slack_sdk.models.metadata",
    "slack_sdk.models.views",
    "slack_sdk.web.client",
    "sqlalchemy.ext.asyncio.scoping",
    "sqlalchemy.ext.asyncio.session",
    "uvicorn.supervisors",
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
