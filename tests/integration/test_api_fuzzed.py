"""/api/v1 under requests made from its document, and others: no fault of ours, no answer that it does not know."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from handlers.api.openapi import document
from tests.databases import PostgresServer, in_thread
from tests.integration.front import Front, front_door
from tests.integration.situations import SITUATIONS, arranged
from tests.integration.tools import listening, tool_of

#: Requests for each operation that follow the document, and as many that do not; KEPT_LONG sends many.
EXAMPLES = 200 if os.environ.get("KEPT_LONG") else 4
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
load_all_checks()


@pytest.fixture
async def front(tmp_path: Path, postgres_server: PostgresServer) -> AsyncIterator[Front]:
    """Over PostgreSQL, which takes fewer texts and numbers than SQLite does."""
    async with front_door(tmp_path, database_url=await in_thread(postgres_server)) as door:
        yield door


async def test_no_request_that_the_document_allows_or_forbids_is_a_fault_of_ours(front: Front) -> None:
    for situation in SITUATIONS:
        await arranged(front, situation)
    tool = await tool_of(front)
    async with listening(front) as base:
        for operation in OPERATIONS:
            await asyncio.to_thread(fuzz, operation, f"{base}/api/v1", {"authorization": f"Bearer {tool.token}"})


def fuzz(operation: Any, base: str, headers: dict[str, str]) -> None:
    """Send requests, half of them about promises that there are."""

    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @given(right | wrong, st.integers(1, len(SITUATIONS)), st.booleans())
    @settings(
        max_examples=EXAMPLES * 2,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case, number: int, is_real: bool) -> None:
        if is_real and "ref" in (case.path_parameters or {}):
            case.path_parameters["ref"] = str(number)
        response = case.call(base_url=base, headers=headers)
        case.validate_response(response, checks=CHECKS)

    send()
