"""Request models, checked for shape; the domain checks their content."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from bot.domain.acts import BY_CLOCK, MAKING, Act, State
from bot.domain.promise import NOTE_LIMIT, WHAT_LIMIT
from bot.domain.weight import MAX_ESTIMATE, MIN_ESTIMATE, Priority
from bot.ports.sides import Side

#: How many promises a page holds, and how many people follow a promise, at most.
MAX_A_PAGE, MAX_WATCHERS = 100, 50
#: Dates outside of these are no deadline, and would leave the calendar once days are added.
YEARS = (1970, 2200)


def _without_nul(text: str) -> str:
    return text.replace("\0", "")  # PostgreSQL stores no NUL


def _peoples(act: Act) -> Act:
    if act in MAKING | BY_CLOCK:
        raise ValueError("that is no act on a promise that there is")
    return act


def _in_reach(moment: datetime) -> datetime:
    if not YEARS[0] < moment.year < YEARS[1]:
        raise ValueError(f"choose a year between {YEARS[0]} and {YEARS[1]}")
    return moment


PersonRef = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{1,30}$"), Field(examples=["U024BE7LH"])]
#: The other side may be named as in the chat; an assistant knows no ids.
PersonNamed = Annotated[
    str,
    StringConstraints(pattern=r"^([UW][A-Z0-9]{1,30}|@[^\s@<>]{1,80})$"),
    Field(examples=["U024BE7LH", "@bob"], description="A person's id, or @ and their name in Slack"),
]
ChannelRef = Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{1,30}$"), Field(examples=["C024BE91L"])]
PromiseRef = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{1,9}|[0-9a-f]{32})$"), Field(description="A number, or an id")
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]
#: The limits of words stand in the document; the sentence about what is too long is the domain's.
What = Annotated[str, AfterValidator(_without_nul), Field(json_schema_extra={"minLength": 1, "maxLength": WHAT_LIMIT})]
Note = Annotated[str, AfterValidator(_without_nul), Field(json_schema_extra={"maxLength": NOTE_LIMIT})]
Minutes = Annotated[int, Field(ge=MIN_ESTIMATE.seconds // 60, le=int(MAX_ESTIMATE.total_seconds()) // 60)]
PEOPLES_ACTS = tuple(act for act in Act if act not in MAKING | BY_CLOCK)
PeoplesAct = Annotated[
    Act,
    AfterValidator(_peoples),
    WithJsonSchema({"type": "string", "enum": [act.value for act in PEOPLES_ACTS]}),
]
Rating = Literal["met", "exceeded", "not_needed"]


class Input(BaseModel):
    """Refuses unknown fields: a misspelt one would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewTerms(Input):
    """Text and deadline. Without `channel` only the parties see the promise."""

    what: What
    due_at: Moment
    watchers: Annotated[tuple[PersonRef, ...], Field(max_length=MAX_WATCHERS)] = ()
    done_when: Note = ""
    channel: ChannelRef | None = None
    estimate_minutes: Minutes | None = None
    priority: Priority = Priority.NORMAL


class NewPromise(NewTerms):
    """A promise of the token's person. Without `requester` it is promised to oneself."""

    requester: PersonNamed | None = None


class NewRequest(NewTerms):
    """A request: `owner` owes nothing until they accept."""

    owner: PersonNamed


class Remainder(Input):
    """The rest for later, if only a part is offered now."""

    what: What
    due_at: Moment


class NewAct(Input):
    """One act on a promise with its arguments: docs/loop.md lists who may perform which act in which state."""

    act: PeoplesAct
    note: Note = ""
    what: What | None = None
    due_at: Moment | None = None
    done_when: Note | None = None
    rating: Rating | None = None
    heir: PersonRef | None = None
    rest: Remainder | None = None
    estimate_minutes: Minutes | None = None
    priority: Priority | None = None


class PromisesAsked(Input):
    """A list's filter: one's own promises, another person's or a channel's, by deadline."""

    side: Side = Side.ALL
    state: State | Literal["open", "closed", "any"] = "open"
    person: PersonRef | None = None
    channel: ChannelRef | None = None
    due_from: Moment | None = None
    due_before: Moment | None = None
    words: Annotated[str, AfterValidator(_without_nul), Field(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=MAX_A_PAGE)] = 50
    cursor: Annotated[str, Field(max_length=200, description="`next` of the page before")] = ""


class NothingAsked(Input):
    """No parameters."""
