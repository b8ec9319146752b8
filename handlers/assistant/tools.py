"""The tools as a table: each is one call of /api/v1. None of them agrees to anything, which takes a person's click."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field

from handlers.api.inputs import Input, Moment, NewPromise, NewRequest, Note, PromiseRef, PromisesAsked, What
from handlers.assistant.api_calls import ApiCall

Key = Annotated[
    str,
    Field(
        max_length=255,
        pattern="^[!-~]*$",
        description="If no answer comes, call again with the same key: it is done once.",
    ),
]


class Wanted(Input):
    promise: PromiseRef


class NewPromiseOnce(NewPromise):
    """A promise of the person who asks you. Without `requester` it is promised to themselves."""

    key: Key = ""


class NewRequestOnce(NewRequest):
    """A request to a colleague: `owner` owes nothing until they accept."""

    key: Key = ""


class NewProposal(Input):
    """Another date, other words, or both; `note` says why."""

    promise: PromiseRef
    due_at: Moment | None = None
    what: What | None = None
    note: Note = ""
    key: Key = ""


class Delivered(Input):
    promise: PromiseRef
    note: Note = ""
    key: Key = ""


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """One tool. `then` is advice to the assistant on the result."""

    name: str
    description: str
    takes: type[BaseModel]
    asks: Callable[[dict[str, Any]], ApiCall]
    then: str = ""

    @property
    def only_reads(self) -> bool:
        return not self.then


def _list(given: dict[str, Any]) -> ApiCall:
    return ApiCall("GET", "/promises", query=given)


def _show(given: dict[str, Any]) -> ApiCall:
    return ApiCall("GET", _path(given))


def _promise(given: dict[str, Any]) -> ApiCall:
    return ApiCall("POST", "/promises", body=given, key=_key(given))


def _ask(given: dict[str, Any]) -> ApiCall:
    return ApiCall("POST", "/requests", body=given, key=_key(given))


def _propose(given: dict[str, Any]) -> ApiCall:
    return _act("propose", given)


def _report(given: dict[str, Any]) -> ApiCall:
    return _act("report", given)


def _act(act: str, given: dict[str, Any]) -> ApiCall:
    path, key = _path(given), _key(given)
    return ApiCall("POST", f"{path}/acts", body={**given, "act": act}, key=key)


def _path(given: dict[str, Any]) -> str:
    return f"/promises/{given.pop('promise')}"


def _key(given: dict[str, Any]) -> str:
    return str(given.pop("key", "") or "")


TOOLS: Mapping[str, AssistantTool] = {
    tool.name: tool
    for tool in (
        AssistantTool(
            "list",
            "List promises by deadline: the person's own, or public ones of another person or a channel.",
            PromisesAsked,
            _list,
        ),
        AssistantTool("show", "Read one promise with everything that was done to it.", Wanted, _show),
        AssistantTool(
            "promise",
            "Record a promise that the person makes themselves. Only when they ask you to.",
            NewPromiseOnce,
            _promise,
            "It is recorded as the person’s own promise. They can undo it in Slack within five minutes.",
        ),
        AssistantTool(
            "ask",
            "Ask a colleague for a promise. It is not binding until the colleague accepts in Slack.",
            NewRequestOnce,
            _ask,
            "The colleague is asked in Slack. Nothing is owed until they accept there.",
        ),
        AssistantTool(
            "propose",
            "Propose another date or other words for a promise. They hold once the other side agrees in Slack.",
            NewProposal,
            _propose,
            "The other side is asked in Slack. The old terms hold until they agree there.",
        ),
        AssistantTool(
            "report",
            "Report a promise that the person owes as delivered. Only when they ask you to.",
            Delivered,
            _report,
            "It is reported as delivered. The other side is notified, and confirms in Slack.",
        ),
    )
}
