"""Every handler speaks: our errors become their sentence, anything else an apology, and nobody waits in silence."""

import asyncio
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import KeptError, NaiveTimeError
from bot.services import Services
from bot.slack_outcomes import again_in, error_name, is_unclear, wait_of
from bot.views.replies import apology, sentence
from handlers.answering import Errands, Reply, in_own_time, say
from handlers.payloads import Call, PayloadError, read_call

log = structlog.get_logger("kept.handlers")

#: What Slack calls a trigger that came too late, or twice.
SPENT_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})

NOT_SHOWN = "Slack did not show you that just now."

Handler = Callable[[Services, Call], Awaitable[Reply]]
Listener = Callable[[AsyncAck, dict[str, Any], AsyncBoltContext, AsyncWebClient], Awaitable[None]]


class Door(Protocol):
    """How one kind of request is answered."""

    #: The kind of request, as metrics name it.
    name: str
    #: What is acknowledged when the work takes longer than `patience_s`, in seconds; nothing where a form opens.
    waiting: Mapping[str, Any]
    patience_s: float

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        """The part of the reply that rides in the ack."""
        ...

    def after_ack(self, reply: Reply) -> Reply:
        """The rest of it."""
        ...

    def refusal(self, call: Call, error: KeptError) -> Reply: ...


def spoken(handle: Handler, door: Door, doors: Services, errands: Errands, patience_s: float | None = None) -> Listener:
    """The handler as a Bolt listener that always acknowledges in time and never raises.

    `patience_s` stands in place of the door's own. Bolt passes arguments by name, so the names are Bolt's.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        try:
            call = read_call(body, context, client)
        except PayloadError as error:
            log.warning("malformed payload", missing=str(error))
            await ack()
            return
        started = time.perf_counter()
        work = errands.start(_attempt(handle, door, doors, call))
        done, _ = await asyncio.wait({work}, timeout=door.patience_s if patience_s is None else patience_s)
        if done:
            reply = in_own_time(doors, call, work.result())
            await ack(**door.in_ack(reply))
            rest = door.after_ack(reply)
            if rest != Reply():
                errands.start(_finish(rest, door, doors, call))
        else:
            await ack(**({} if call.progress.opens_form else door.waiting))
            errands.start(_say_later(work, door, doors, call))
        log.info(
            "answered",
            request=call.name,
            team=call.team_id,
            in_time=bool(done),
            took_ms=round((time.perf_counter() - started) * 1000),
        )
        doors.meter.answered(door.name, time.perf_counter() - started, in_time=bool(done))

    return listener


async def _attempt(handle: Handler, door: Door, doors: Services, call: Call) -> Reply:
    try:
        return await handle(doors, call)
    except NaiveTimeError as error:
        return _apologise(doors, call, error)
    except KeptError as error:
        return door.refusal(call, error)
    except SlackApiError as error:
        return Reply(sentence(found)) if (found := _slacks_reason(error)) else _apologise(doors, call, error)
    except (aiohttp.ClientError, TimeoutError):
        return Reply(sentence(f"{NOT_SHOWN} Please try again."))
    except Exception as error:  # noqa: BLE001  the last resort: nobody may be left without an answer
        return _apologise(doors, call, error)


def _slacks_reason(error: SlackApiError) -> str:
    """Return a sentence for what passes by itself; nothing for what only a fault of ours can bring."""
    if error_name(error) in SPENT_TRIGGERS:
        return "That took longer than Slack waits for a form. Please try again."
    if wait := wait_of(error):
        return f"Slack limits how often I may show you something just now. {again_in(wait)}"
    return f"{NOT_SHOWN} Please try again." if is_unclear(error) else ""


def _apologise(doors: Services, call: Call, error: Exception) -> Reply:
    """An apology whose reference leads to the log. The error's own words stay out of it: they may be a person's."""
    doors.meter.apologised()
    reference = secrets.token_hex(4)
    steps = traceback.extract_tb(error.__traceback__)[-6:]
    log.error(
        "failed",
        reference=reference,
        request=call.name,
        team=call.team_id,
        error=type(error).__name__,
        slack=error.response.get("error") if isinstance(error, SlackApiError) else None,
        where=[f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in steps],
    )
    return Reply(apology(reference))


async def _say_later(work: asyncio.Task[Reply], door: Door, doors: Services, call: Call) -> None:
    reply = await work
    if reply.fields:  # the modal is gone by now
        reply = Reply(sentence(" ".join(reply.fields.values())))
    await _finish(reply, door, doors, call)


async def _finish(reply: Reply, door: Door, doors: Services, call: Call) -> None:
    """Say what is left to say, and do what follows the acknowledgement."""
    await say(doors, call, reply)
    then = reply.then
    if then:

        async def follow(doors: Services, call: Call) -> Reply:
            return await then()

        await say(doors, call, await _attempt(follow, door, doors, call))
