"""Requests to /api/v1 made from its document by schemathesis, and the checks of their answers."""

import os
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from handlers.api.openapi import document
from tests.integration.situations import SITUATIONS

#: Requests for each operation that follow the document, and as many that do not; KEPT_LONG sends many.
EXAMPLES = 200 if os.environ.get("KEPT_LONG") else 4
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
load_all_checks()


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
