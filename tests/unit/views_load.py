"""Messages about a person's load: to them before they accept, and as room or none to the requester."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.load import Load, Room
from bot.domain.realism import Doubt
from bot.ports import Message
from bot.views.asides import with_asides
from bot.views.notices import notice
from bot.views.replies import recorded
from tests.unit.factories import ALICE
from tests.unit.views_gallery import LATER, SOON, stages


def load_messages(words: str) -> Iterator[tuple[str, Message]]:
    """Yield the request with each load, the receipt with each room, and the receipt with each doubt."""
    _, request, history = next(stages(words))
    _, promise, _ = next(each for each in stages(words) if each[0] == "active")
    free = Room(ALICE, request.terms.due, request.terms.due, week_is_full=False)
    rooms = {
        "room": free,
        "no room that day": replace(free, first=LATER),
        "no room that week": replace(free, first=LATER, week_is_full=True),
        "no room at all": replace(free, first=None, week_is_full=True),
    }
    for name, room in rooms.items():
        load = Load(3 if name != "room" else 0, timedelta(hours=7.5 if "week" in name else 0), room)
        asked = notice(request, history, "a1", ALICE, SOON)
        yield f"a request, {name}, to Alice", with_asides(asked, (load,), request)
        yield f"the receipt of a request, {name}, to Bob", with_asides(recorded(request, SOON), (room,), request)
    full = Doubt(3, 1.6, 8, LATER, timedelta(hours=12), timedelta(hours=30))
    for name, doubt in (("large", full), ("busy", replace(full, ratio=0.0, estimate=None))):
        yield f"a doubtful date, {name}, to Alice", with_asides(recorded(promise, SOON), (doubt,), promise)
