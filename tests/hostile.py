"""Random and hostile texts, and the doors through which people can send them: for tests, and for the bench."""

import random
from collections.abc import Awaitable, Callable, Mapping

from tests.integration.front import Answer, Front
from tests.unit.factories import ALICE, BOB
from tests.unit.test_hostile_routes import ATOMS, OPENINGS
from tests.unit.test_reader_hostile import random_text

#: The longest text that Slack hands over.
LONGEST = 13_000

Send = Callable[[Front, str], Awaitable[Answer]]


def hostile_text(chance: random.Random) -> str:
    """Return words, marks and noise; now and then one thing repeated, behind what begins like a command."""
    return _text(chance).encode(errors="replace").decode()  # halves of characters cannot be sent


def _text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.5:
        return random_text(chance)
    opening = chance.choice(OPENINGS)
    if kind < 0.7:
        return opening + random_text(chance)
    atoms = [chance.choice(ATOMS) for _ in range(chance.randrange(1, 4))]
    length = chance.choice((10, 40, 300, 1_900)) if chance.random() < 0.95 else LONGEST
    repeated = "".join(atoms) * (length // len("".join(atoms)) + 1)
    return (opening + repeated)[:length] + chance.choice(("", "x", " by Friday"))


async def by_command(front: Front, text: str) -> Answer:
    return await front.command(text)


async def by_message(front: Front, text: str, thread: str = "") -> Answer:
    """A direct message to Kept; in a `thread`, under one of its messages."""
    event = {"type": "message", "channel_type": "im", "channel": ALICE, "user": ALICE, "text": text, "ts": "9.1"}
    return await front.event(event | ({"thread_ts": thread} if thread else {}))


async def by_thread(front: Front, text: str) -> Answer:
    """A reply under the notice of Bob's promise to Alice."""
    return await by_message(front, text, next(ts for ts, post in front.messenger.posts.items() if post.to == ALICE))


async def by_form(front: Front, text: str) -> Answer:
    form = front.api.views[0]
    values: Mapping[str, object] = {
        "what": {"value": text[:3_000]},
        "done_when": {"value": text[:3_000]},
        "needs": {"value": text[:3_000]},
        "requester": {"selected_user": BOB},
        "due": {"selected_date_time": 1_795_795_200},
    }
    return await front.submit(form, values)


async def by_shortcut(front: Front, text: str) -> Answer:
    return await front.shortcut("track_message", message={"user": BOB, "ts": "1.1", "text": text})


async def by_step(front: Front, text: str) -> Answer:
    """As the words of a workflow's promise, as its date, and as the promise that a workflow waits for."""
    words = {"what": text, "done_when": text, "due": "Friday 17:00"}
    await _step(front, "make_promise", words)
    await _step(front, "ask_for_promise", {"owner": BOB, "what": "review it", "due": text})
    return await _step(front, "wait_for_promise", {"promise": text})


async def _step(front: Front, name: str, inputs: Mapping[str, str]) -> Answer:
    run, given = f"Fx{front.trigger()}", {"user_context": {"id": ALICE}, **inputs}
    function = {"callback_id": name}
    event = {"type": "function_executed", "function": function, "inputs": given, "function_execution_id": run}
    return await front.event(event)


DOORS: Mapping[str, Send] = {
    "command": by_command,
    "direct message": by_message,
    "thread": by_thread,
    "form": by_form,
    "shortcut": by_shortcut,
    "step": by_step,
}


async def prepare(front: Front) -> None:
    """Open the form that is sent in, and have Kept say what is answered in a thread."""
    await front.command("")
    assert len(front.api.calls) <= FORM
    await front.make("send the deck by Friday 17:00", BOB, ALICE)
    await front.send()
    assert any(post.to == ALICE for post in front.messenger.posts.values())


def forget_answers(front: Front) -> None:
    """Drop what the pretend Slack was sent, but for the form: a hundred thousand answers would fill the memory."""
    front.api.answers.clear()
    del front.api.calls[FORM:]


#: How many calls `prepare` makes, the form among them.
FORM = 4
