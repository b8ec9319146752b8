"""The endpoints under /api/v1 as a table, from which the routes and the OpenAPI document are generated."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from bot.domain.access_tokens import Scope
from bot.domain.promise import Promise, PromiseId, UserId
from bot.services import Services
from bot.use_cases.access import Holder
from handlers.api.acts import Author, ask_for_promise, do_act, make_promise
from handlers.api.inputs import ChannelRef, NewAct, NewPromise, NewRequest, NothingAsked, PromiseRef, PromisesAsked
from handlers.api.outputs import (
    DigestOut,
    HistoryOut,
    MeOut,
    PageOut,
    PromiseOut,
    RecordOut,
    history_out,
    promise_out,
)
from handlers.api.queries import digest_of, page_of, people_in, record_of_person, shown_to


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One validated request. `key` is its idempotency key; `seqs` are those of If-Match."""

    holder: Holder
    path: Mapping[str, str]
    query: Any
    body: Any
    key: str
    seqs: tuple[int, ...] | None

    @property
    def person(self) -> UserId:
        """The token's person, for endpoints that accept personal tokens only."""
        assert self.holder.person is not None  # noqa: S101  checked before the endpoint is called
        return self.holder.person

    @property
    def author(self) -> Author:
        return Author(self.holder.team_id, self.person, self.key)

    @property
    def ref(self) -> PromiseId | int:
        found = self.path["ref"]
        return int(found) if len(found) < len("0" * 32) else PromiseId(found)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """The answer; `seq` becomes the ETag."""

    value: BaseModel
    seq: int | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path with one method. `scope` is the scope that a workspace's token needs; None if it accepts no such token.

    `is_for_all` opens it to every token; `has_etag` says whether If-Match and If-None-Match mean something there.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Callable[[Services, ApiRequest], Awaitable[ApiResponse]]
    gives: type[BaseModel]
    query: type[BaseModel] = NothingAsked
    body: type[BaseModel] | None = None
    scope: Scope | None = None
    is_for_all: bool = False
    status: int = 200
    path_types: Mapping[str, Any] = field(default_factory=dict)
    has_etag: bool = False


async def _me(services: Services, asked: ApiRequest) -> ApiResponse:
    holder = asked.holder
    return ApiResponse(MeOut(team=holder.team_id, person=holder.person, scopes=sorted(holder.scopes)))


async def _page(services: Services, asked: ApiRequest) -> ApiResponse:
    return ApiResponse(await page_of(services, asked.holder, asked.query))


async def _one(services: Services, asked: ApiRequest) -> ApiResponse:
    shown = await shown_to(services, asked.holder, asked.ref)
    holder = asked.holder
    names = await services.people.names(holder.team_id, people_in((shown.promise,), shown.history))
    return ApiResponse(history_out(shown, holder.person, services.clock.now(), names), shown.promise.seq)


async def _promise(services: Services, asked: ApiRequest) -> ApiResponse:
    return _made(services, asked, await make_promise(services, asked.author, asked.body))


async def _request(services: Services, asked: ApiRequest) -> ApiResponse:
    return _made(services, asked, await ask_for_promise(services, asked.author, asked.body))


async def _act(services: Services, asked: ApiRequest) -> ApiResponse:
    promise = await do_act(services, asked.author, asked.ref, asked.body, asked.seqs)
    return ApiResponse(promise_out(promise, asked.person, services.clock.now()), promise.seq)


async def _record(services: Services, asked: ApiRequest) -> ApiResponse:
    return ApiResponse(await record_of_person(services, asked.holder, asked.person))


async def _digest(services: Services, asked: ApiRequest) -> ApiResponse:
    return ApiResponse(await digest_of(services, asked.holder, asked.path["channel"]))


def _made(services: Services, asked: ApiRequest, promise: Promise) -> ApiResponse:
    shown = promise_out(promise, asked.person, services.clock.now())
    return ApiResponse(shown, promise.seq, f"/api/v1/promises/{promise.number}")


_OF_PROMISE = {"ref": PromiseRef}
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/me", "who_am_i", "Say who the token acts as", _me, MeOut, is_for_all=True),
    Endpoint("GET", "/me/record", "own_record", "Read your own record", _record, RecordOut),
    Endpoint(
        "GET",
        "/promises",
        "list_promises",
        "List promises by deadline: yours, or public ones of a person or a channel",
        _page,
        PageOut,
        query=PromisesAsked,
        scope=Scope.PROMISES,
    ),
    Endpoint(
        "POST",
        "/promises",
        "make_promise",
        "Make a promise of yours",
        _promise,
        PromiseOut,
        body=NewPromise,
        status=201,
    ),
    Endpoint(
        "POST",
        "/requests",
        "ask_for_promise",
        "Ask a colleague for a promise, which binds them once they accept",
        _request,
        PromiseOut,
        body=NewRequest,
        status=201,
    ),
    Endpoint(
        "GET",
        "/promises/{ref}",
        "show_promise",
        "Read one promise with its history",
        _one,
        HistoryOut,
        scope=Scope.PROMISES,
        path_types=_OF_PROMISE,
        has_etag=True,
    ),
    Endpoint(
        "POST",
        "/promises/{ref}/acts",
        "act_on_promise",
        "Act on a promise: report, propose, accept and so on, as the buttons in Slack do",
        _act,
        PromiseOut,
        body=NewAct,
        path_types=_OF_PROMISE,
        has_etag=True,
    ),
    Endpoint(
        "GET",
        "/digests/{channel}",
        "read_digest",
        "Read what a channel’s digest would say now",
        _digest,
        DigestOut,
        scope=Scope.DIGESTS,
        path_types={"channel": ChannelRef},
    ),
)
