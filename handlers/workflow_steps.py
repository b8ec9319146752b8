"""Steps of Slack's Workflow Builder: make a promise, ask for one, wait until one is kept.

Authority is that of the person in `user_context`: Slack fills it with the one who started the workflow or pressed its
button, and no builder can set it (docs/adr/0016). What they would promise for another person is a request.
"""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.drafts import Draft
from bot.domain.due_dates import Deadline, read_deadline
from bot.domain.errors import KeptError, NaiveTimeError, UnreadableError
from bot.domain.promise import Due, PromiseId, TeamId, UserId
from bot.domain.workflow_steps import ORIGIN
from bot.services import Services
from handlers.api.places import place_for_tool
from handlers.api.problems import apology_to_tool
from handlers.parties import as_due, readable
from handlers.payloads import at, text_at

log = structlog.get_logger("kept.workflows")

UNNAMED = "Slack does not say who started this workflow. Start it from a link, a shortcut or a button."
UNDATED = "I can’t read for certain by when. Write a date and a time, like “Friday 5pm” or “3 March 17:00”."
FOR_ANOTHER = "Only they can promise that to a third person. Leave out the owner, or to whom it is promised."
NOT_MADE_HERE = "Choose the promise that an earlier step made, or write the number of one made in a public channel."
#: The longest date that is read, in characters.
DATE_LIMIT = 100
_SECONDS = re.compile(r"(?:<!date\^)?([0-9]{9,11})(?:\^[^<>]*>)?")
_NUMBER = re.compile(r"#?([0-9]{1,9})")
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StepCall:
    """One run of one step. `inputs` are as the workflow filled them in; `person` is empty where Slack names none."""

    team_id: TeamId
    execution_id: str
    person: UserId
    inputs: Any

    @property
    def key(self) -> str:
        """Return the unique key of the run: Slack may repeat its event, and so does a start after a crash."""
        return f"{ORIGIN}{self.execution_id}"

    def text(self, name: str) -> str:
        """Return an input as text; empty if it is missing. A number, such as a timestamp, is written out."""
        found = at(self.inputs, name)
        return str(found) if isinstance(found, int) else text_at(self.inputs, name).strip()


Step = Callable[[Services, StepCall], Awaitable[None]]
Listener = Callable[[AsyncAck, dict[str, Any], AsyncBoltContext], Awaitable[None]]


async def make_by_step(services: Services, call: StepCall) -> None:
    """Make a promise of the person who runs the workflow; one of another person is a request to them."""
    owner, requester = UserId(call.text("owner")), UserId(call.text("requester"))
    if not owner or owner == call.person:
        draft = await _draft(services, call)
        await _made(services, call, Draft(draft.what, draft.due, requester or None, done_when=draft.done_when))
    elif requester and requester != call.person:
        raise UnreadableError(FOR_ANOTHER)
    else:
        await _ask(services, call, owner)


async def ask_by_step(services: Services, call: StepCall) -> None:
    """Ask a colleague; they owe nothing until they accept.

    Raises UnreadableError for a request to oneself.
    """
    owner = UserId(call.text("owner"))
    if not owner or owner == call.person:
        raise UnreadableError("Choose a colleague to ask. What you do yourself is a promise.", "owner")
    await _ask(services, call, owner)


async def wait_by_step(services: Services, call: StepCall) -> None:
    """Wait until a promise is kept. Raises UnreadableError, or NotFoundError for a hidden promise."""
    named = call.text("promise")
    if number := _NUMBER.fullmatch(named):
        await services.steps.wait(call.team_id, call.execution_id, call.person, int(number[1]))
    elif _ID.fullmatch(named):
        await services.steps.wait(call.team_id, call.execution_id, call.person, PromiseId(named))
    else:
        raise UnreadableError(NOT_MADE_HERE, "promise")


#: The steps by their callback_id in the manifest.
STEPS: dict[str, Step] = {
    "make_promise": make_by_step,
    "ask_for_promise": ask_by_step,
    "wait_for_promise": wait_by_step,
}


def register_steps(app: AsyncApp, services: Services) -> None:
    """Register a listener for each step."""
    for name, step in STEPS.items():
        app.function(name)(_listener(services, name, step))


def _listener(services: Services, name: str, step: Step) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        started = time.perf_counter()
        event = body.get("event")
        execution_id = text_at(event, "function_execution_id")
        if not context.team_id or not execution_id:
            log.warning("malformed payload", missing="workspace or execution")
            return
        inputs = at(event, "inputs")
        person = UserId(text_at(inputs, "user_context", "id"))
        call = StepCall(TeamId(context.team_id), execution_id, person, inputs)
        failure = await _attempt(services, name, step, call)
        if failure:
            await services.steps.failed(call.team_id, call.execution_id, call.person, failure)
        took_s = time.perf_counter() - started
        log.info("answered", request=f"step.{name}", team=call.team_id, took_ms=round(took_s * 1000))
        services.meter.answered("step", took_s, in_time=True)

    return listener


async def _attempt(services: Services, name: str, step: Step, call: StepCall) -> str:
    """Run a step; return the sentence of its failure, empty on success."""
    if not call.person:
        return UNNAMED
    try:
        await step(services, call)
    except NaiveTimeError as error:
        return apology_to_tool(services, f"step.{name}", call.team_id, error)
    except KeptError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  the last resort: no workflow may hang without a reason
        return apology_to_tool(services, f"step.{name}", call.team_id, error)
    return ""


async def _ask(services: Services, call: StepCall, owner: UserId) -> None:
    draft = await _draft(services, call)
    asked = Draft(draft.what, draft.due, call.person, owner, done_when=draft.done_when, asks=True)
    await _made(services, call, asked)


async def _made(services: Services, call: StepCall, draft: Draft) -> None:
    place = await place_for_tool(services, call.team_id, call.person, call.text("channel") or None)
    made = await services.promises.make(call.team_id, call.person, draft, place, call.key)
    await services.steps.done(call.team_id, call.execution_id, call.person, made.promise.id)


async def _draft(services: Services, call: StepCall) -> Draft:
    """Return the draft of a step, with a name for each mention."""
    due = await _due(services, call)
    what, done_when = [await readable(services, call.team_id, call.text(name)) for name in ("what", "done_when")]
    return Draft(what=what, due=due, done_when=done_when)


async def _due(services: Services, call: StepCall) -> Due:
    """Return the deadline, from a moment in seconds or from words in the person's zone.

    Raises UnreadableError for words that name no moment, or more than one.
    """
    words, me = call.text("due"), await services.people.of(call.team_id, call.person)
    if seconds := _SECONDS.fullmatch(words):
        return Due(datetime.fromtimestamp(int(seconds[1]), UTC), me.zone)
    read = read_deadline(words, services.clock.now(), me.hours, me.reading_locale) if len(words) <= DATE_LIMIT else None
    if not isinstance(read, Deadline):
        raise UnreadableError(UNDATED, "due")
    return as_due(read)
