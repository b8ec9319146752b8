"""Workflows as Workflow Builder runs them: steps one after the other, of the app or of Slack's own."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from sandbox.errors import SlackError, UnknownHereError
from sandbox.events import Events
from sandbox.feed import Feed
from sandbox.manifest import Function, Manifest
from sandbox.messages import Messages
from sandbox.tokens import Grant, Tokens
from sandbox.workspace import Message, User, Workspace

_PATH = Path(__file__).parent / "workflows.yaml"
MESSAGE = "message"
_VARIABLE = re.compile(r"\{\{(form|[0-9]{1,2})\.([a-z_]+)\}\}")
_AUTHOR = "USLACKBOT"
_NUMBERS = ("integer", "number")
_USER, _PERSON = "slack#/types/user_id", "slack#/types/user_context"


class At(StrEnum):
    """How far a step is."""

    AHEAD = "ahead"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass
class StepRun:
    """One step of a run. `execution_id` is sent to the app, which ends the step by it."""

    step: str
    inputs: dict[str, Any]
    at: At = At.AHEAD
    execution_id: str = ""
    token: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass
class Run:
    """A workflow that a person started, with what they filled into its form."""

    id: str
    title: str
    user: str
    form: dict[str, Any]
    steps: list[StepRun]


def offered() -> list[dict[str, Any]]:
    """The workflows that the page can run, each with its fields and its steps."""
    found: list[dict[str, Any]] = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return found


class Workflows:
    """The runs of one workspace. Ending a step begins the next."""

    def __init__(
        self,
        manifest: Manifest,
        workspace: Workspace,
        events: Events,
        messages: Messages,
        feed: Feed,
        tokens: Tokens,
    ) -> None:
        self._manifest, self._workspace, self._tokens = manifest, workspace, tokens
        self._events, self._messages, self._feed = events, messages, feed
        self.runs: list[Run] = []

    def start(self, user: User, title: str, steps: Iterable[Mapping[str, Any]], form: Mapping[str, Any]) -> Run:
        """Begins a workflow for a person. Raises: UnknownHereError when a step is of no kind that there is."""
        planned = [StepRun(str(each.get("step", "")), dict(each.get("inputs") or {})) for each in steps]
        for each in planned:
            if each.step != MESSAGE and each.step not in self._manifest.functions:
                raise UnknownHereError(f"{self._manifest.app_name} has no step “{each.step}” in its manifest.")
        if not planned:
            raise UnknownHereError("A workflow needs a step.")
        run = Run(self._workspace.next_id("Wx"), title, user.id, dict(form), planned)
        self.runs.append(run)
        self._go_on(run)
        return run

    def found(self, execution_id: str, team_id: str) -> tuple[Run, StepRun]:
        """The running step of that id. Raises: SlackError when there is none, it is over, or it is another team's."""
        for run in self.runs:
            for step in run.steps:
                if execution_id and step.execution_id == execution_id:
                    if self._workspace.team_of(self._workspace.users[run.user]).id != team_id:
                        raise SlackError("access_denied")
                    if step.at is not At.RUNNING:
                        raise SlackError("execution_not_in_running_state")
                    return run, step
        raise SlackError("function_execution_not_found")

    def complete(self, execution_id: str, team_id: str, outputs: dict[str, Any]) -> None:
        """Ends a step as done, and begins the next. Raises: SlackError for outputs that are not as declared."""
        run, step = self.found(execution_id, team_id)
        function = self._manifest.functions[step.step]
        for name, each in function.outputs.items():
            if not _fits(each, outputs.get(name)):
                raise SlackError("parameter_validation_failed")
        step.at, step.outputs = At.DONE, outputs
        self._tokens.revoke(step.token)
        self._go_on(run)

    def fail(self, execution_id: str, team_id: str, error: str) -> None:
        """End a step and its workflow; Slackbot sends the reason to the person who started it."""
        run, step = self.found(execution_id, team_id)
        step.at, step.error = At.FAILED, error
        self._tokens.revoke(step.token)
        self._changed()
        direct = self._workspace.direct(run.user, self._workspace.team_of(self._workspace.users[run.user]).bot_user_id)
        if direct:
            text = f"The workflow “{run.title or run.id}” stopped at a step of {self._manifest.app_name}: {error}"
            self._messages.post(direct, Message("", _AUTHOR, text, ephemeral_for=run.user, username="Slackbot"))

    def shown(self) -> list[dict[str, Any]]:
        """Every run as plain values, the latest first, without the app's tokens."""
        listed = [asdict(run) for run in reversed(self.runs)]
        for run in listed:
            for step in run["steps"]:
                del step["token"]
        return listed

    def saved(self) -> list[dict[str, Any]]:
        """Every run as plain values, to be put back by `restore`."""
        return [asdict(run) for run in self.runs]

    def restore(self, given: list[dict[str, Any]]) -> None:
        """Puts back what was saved."""
        for each in given:
            steps = [StepRun(**step | {"at": At(step["at"])}) for step in each["steps"]]
            self.runs.append(Run(each["id"], each["title"], each["user"], each["form"], steps))

    def _go_on(self, run: Run) -> None:
        for step in run.steps:
            if step.at is At.DONE:
                continue
            if step.step != MESSAGE:
                self._begin(run, step)
                break
            self._say(run, step)
        self._changed()

    def _say(self, run: Run, step: StepRun) -> None:
        inputs = self._filled(run, step)
        channel = self._workspace.channel_named(str(inputs.get("channel", "general")))
        if channel is None:
            raise UnknownHereError(f"There is no channel “{inputs.get('channel')}”.")
        self._messages.post(channel, Message("", _AUTHOR, str(inputs.get("text", "")), username="Workflow"))
        step.at = At.DONE

    def _begin(self, run: Run, step: StepRun) -> None:
        function, user = self._manifest.functions[step.step], self._workspace.users[run.user]
        step.at, step.execution_id = At.RUNNING, self._workspace.next_id("Fx")
        team = self._workspace.team_of(user)
        step.token = self._tokens.lend(Grant(self._manifest.scopes, user.id, team=team.id))
        event = {
            "type": "function_executed",
            "function": function.described(step.step),
            "inputs": self._given(function, self._filled(run, step), user),
            "function_execution_id": step.execution_id,
            "workflow_execution_id": run.id,
            "bot_access_token": step.token,
        }
        self._events.notify("function_executed", event, None, team)

    def _given(self, function: Function, inputs: dict[str, Any], user: User) -> dict[str, Any]:
        """The inputs as Slack sends them: ids for people, and in a user_context who started the workflow."""
        given = dict(inputs)
        for name, kind in function.inputs.items():
            if kind == _PERSON:
                given[name] = {"id": user.id, "secret": secrets.token_hex(8)}
            elif kind == _USER and (found := self._workspace.user_named(str(given.get(name, "")))):
                given[name] = found.id
        return {name: value for name, value in given.items() if value not in (None, "")}

    def _filled(self, run: Run, step: StepRun) -> dict[str, Any]:
        """A step's inputs with their variables filled in; one that is a variable alone keeps its type."""

        def value(found: re.Match[str]) -> Any:
            held = run.form if found[1] == "form" else run.steps[int(found[1]) - 1].outputs
            return held.get(found[2], "")

        def fill(text: Any) -> Any:
            if not isinstance(text, str):
                return text
            alone = _VARIABLE.fullmatch(text)
            return value(alone) if alone else _VARIABLE.sub(lambda found: str(value(found)), text)

        return {name: fill(each) for name, each in step.inputs.items()}

    def _changed(self) -> None:
        self._feed.publish("workflows")


def _fits(kind: str, value: Any) -> bool:
    return isinstance(value, int | float) if kind in _NUMBERS else value is not None
