"""/api/v1 under requests made from its document, and others: no fault of ours, no answer that it does not know."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import PostgresServer, in_thread
from tests.integration.front import Front, front_door
from tests.integration.situations import SITUATIONS, arranged
from tests.integration.tools import listening, tool_of


@pytest.fixture
async def front(tmp_path: Path, postgres_server: PostgresServer) -> AsyncIterator[Front]:
    """Over PostgreSQL, which takes fewer texts and numbers than SQLite does."""
    async with front_door(tmp_path, database_url=await in_thread(postgres_server)) as door:
        yield door


async def test_no_request_that_the_document_allows_or_forbids_is_a_fault_of_ours(front: Front) -> None:
    from tests.integration.api_fuzzing import OPERATIONS, fuzz  # half a second that every process would spend

    for situation in SITUATIONS:
        await arranged(front, situation)
    tool = await tool_of(front)
    async with listening(front) as base:
        for operation in OPERATIONS:
            await asyncio.to_thread(fuzz, operation, f"{base}/api/v1", {"authorization": f"Bearer {tool.token}"})
