"""Listeners that acknowledge in time and never raise: our errors become sentences, all others an apology."""

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
from bot.language import N_, _
from bot.services import Services
from bot.slack_outcomes import again_in, error_name, is_unclear, wait_of
from bot.views.replies import apology, sentence
from handlers.languages import read_as_met, read_as_person
from handlers.payloads import Call, PayloadError, read_call
from handlers.replies import BackgroundTasks, Reply, say, with_written_dates

log = structlog.get_logger("kept.handlers")

#: Slack's errors for a trigger that was used too late, or twice.
SPENT_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})

NOT_SHOWN = N_("Slack did not show you that just now.")

Handler = Callable[[Services, Call], Awaitable[Reply]]
Listener = Callable[[AsyncAck, dict[str, Any], AsyncBoltContext, AsyncWebClient], Awaitable[None]]


class Responder(Protocol):
    """How one kind of request is acknowledged and answered."""

    #: The kind of request, as metrics name it.
    name: str
    patience_s: float

    @property
    def waiting(self) -> Mapping[str, Any]:
        """Return the ack's body if the work takes longer than `patience_s` seconds; empty if a form opens."""
        ...

    def in_ack(self, reply: Reply) -> Mapping[str, Any]:
        """Return the part of the reply that goes into the ack."""
        ...

    def after_ack(self, reply: Reply) -> Reply:
        """Return the rest of the reply."""
        ...

    def refusal(self, call: Call, error: KeptError) -> Reply: ...


def as_listener(
    handle: Handler,
    responder: Responder,
    services: Services,
    background: BackgroundTasks,
) -> Listener:
    """Return the handler as a Bolt listener that always acknowledges in time and never raises.

    Bolt passes arguments by name, so the names are Bolt's.
    """

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient) -> None:
        try:
            call = read_call(body, context, client)
        except PayloadError as error:
            log.warning("malformed payload", missing=str(error))
            await ack()
            return
        started = time.perf_counter()
        work = background.start(_attempt(handle, responder, services, call))
        done, _running = await asyncio.wait({work}, timeout=responder.patience_s)
        read_as_met(services, call)
        if done:
            reply = with_written_dates(services, call, work.result())
            await ack(**responder.in_ack(reply))
            rest = responder.after_ack(reply)
            if rest != Reply():
                background.start(_finish(rest, responder, services, call))
        else:
            await ack(**({} if call.progress.opens_form else responder.waiting))
            background.start(_say_later(work, responder, services, call))
        took_s = time.perf_counter() - started
        log.info("answered", request=call.name, team=call.team_id, in_time=bool(done), took_ms=round(took_s * 1000))
        services.meter.answered(responder.name, took_s, in_time=bool(done))

    return listener


async def _attempt(handle: Handler, responder: Responder, services: Services, call: Call) -> Reply:
    try:
        await read_as_person(services, call)
        return await handle(services, call)
    except NaiveTimeError as error:
        return _apologise(services, call, error)
    except KeptError as error:
        return responder.refusal(call, error)
    except SlackApiError as error:
        return Reply(sentence(found)) if (found := _slacks_reason(error)) else _apologise(services, call, error)
    except (aiohttp.ClientError, TimeoutError):
        return Reply(sentence(f"{_(NOT_SHOWN)} {_('Please try again.')}"))
    except Exception as error:  # noqa: BLE001  the last resort: every person gets an answer
        return _apologise(services, call, error)


def _slacks_reason(error: SlackApiError) -> str:
    """Return a sentence for a temporary failure; empty for one that only a bug of ours causes."""
    if error_name(error) in SPENT_TRIGGERS:
        return _("That took longer than Slack waits for a form. Please try again.")
    if wait := wait_of(error):
        return f"{_('Slack limits how often I may show you something just now.')} {again_in(wait)}"
    return f"{_(NOT_SHOWN)} {_('Please try again.')}" if is_unclear(error) else ""


def _apologise(services: Services, call: Call, error: Exception) -> Reply:
    return Reply(apology(reference_of(services, call.name, call.team_id, error)))


def reference_of(services: Services, request: str, team_id: str, error: Exception) -> str:
    """Log a failure and return its reference. The error's own text is left out: it may hold what a person typed."""
    services.meter.apologised()
    reference = secrets.token_hex(4)
    steps = traceback.extract_tb(error.__traceback__)[-6:]
    log.error(
        "failed",
        reference=reference,
        request=request,
        team=team_id,
        error=type(error).__name__,
        slack=error.response.get("error") if isinstance(error, SlackApiError) else None,
        where=[f"{step.filename.rpartition('/')[2]}:{step.lineno} {step.name}" for step in steps],
    )
    return reference


async def _say_later(work: asyncio.Task[Reply], responder: Responder, services: Services, call: Call) -> None:
    reply = await work
    if reply.fields:  # the modal is closed already
        reply = Reply(sentence(" ".join(reply.fields.values())))
    await _finish(reply, responder, services, call)


async def _finish(reply: Reply, responder: Responder, services: Services, call: Call) -> None:
    """Send the rest of the reply, and do the work that follows the acknowledgement."""
    await say(services, call, reply)
    then = reply.then
    if then:

        async def follow(services: Services, call: Call) -> Reply:
            return await then()

        await say(services, call, await _attempt(follow, responder, services, call))
