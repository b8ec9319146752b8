"""The books behind the API, webhooks and workflow steps."""

from typing import Protocol

from bot.ports.access import AccessBook
from bot.ports.pages import PageBook
from bot.ports.webhooks import WebhookBook
from bot.ports.workflow_steps import StepBook


class ToolBooks(Protocol):
    """The part of a transaction for other tools: their tokens, the pages that they read, and webhooks."""

    @property
    def access(self) -> AccessBook: ...
    @property
    def pages(self) -> PageBook: ...
    @property
    def webhooks(self) -> WebhookBook: ...
    @property
    def steps(self) -> StepBook: ...
