"""functions.*: how an app ends a step of a workflow."""

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError


def complete(call: Call) -> Answer:
    outputs = call.structure("outputs", "invalid_arguments")
    if not isinstance(outputs, dict):
        raise SlackError("invalid_arguments")
    call.world.workflows.complete(call.needed("function_execution_id"), call.team.id, outputs)
    return {}


def fail(call: Call) -> Answer:
    call.world.workflows.fail(call.needed("function_execution_id"), call.team.id, call.needed("error"))
    return {}


METHODS = {
    "functions.completeSuccess": Method(complete, arguments=("function_execution_id", "outputs")),
    "functions.completeError": Method(fail, arguments=("function_execution_id", "error")),
}
