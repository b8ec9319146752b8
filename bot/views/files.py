"""One person's promises as files: a CSV for spreadsheets, and a calendar."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.promise import Promise
from bot.domain.weight import Priority
from bot.language import _
from bot.ports import Message
from bot.views.blocks import actions, button, context, section
from bot.views.weight import estimate_words
from bot.views.words import clean, cut

WHAT_SHOWN = 200
#: RFC 5545: 1 is the highest, 9 the lowest, 0 means none.
_PRIORITY = {Priority.URGENT: 1, Priority.NORMAL: 0, Priority.WHENEVER: 9}
#: The refresh interval that the calendar requests.
FRESH = timedelta(minutes=30)


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV as in RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return "\ufeff" + written.getvalue()


def calendar_of(promises: Iterable[Promise], now: datetime) -> bytes:
    """Return every open promise as an event at its due time."""
    from icalendar import Calendar, Event  # imported here: 4 MB and a twelfth of the start-up time

    calendar = Calendar()
    calendar.add("prodid", "-//Kept//Promises//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Promises"))
    calendar.add("refresh-interval", FRESH, parameters={"value": "DURATION"})
    for promise in promises:
        event, due = Event(), promise.terms.due
        event.add("uid", f"{promise.id}@kept")
        event.add("dtstamp", now)
        event.add("sequence", promise.seq)
        event.add("dtstart", due.at)
        event.add("dtend", due.at)
        event.add(
            "summary",
            _("Due: {number} {what}").format(
                number=f"#{promise.number}", what=cut(clean(promise.terms.what), WHAT_SHOWN)
            ),
        )
        event.add("transp", "TRANSPARENT")
        event.add("priority", _PRIORITY[promise.weight.priority])
        if promise.weight.estimate:
            event.add("description", _("Estimate: {hours}").format(hours=estimate_words(promise.weight.estimate)))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def feed_links(address: str) -> Message:
    """Return the feed's addresses, which are shown only once."""
    text = _("Your promises as a calendar and as a table, and all your data, at three private addresses.")
    lines = _("Calendar: `{address}.ics`\nTable (CSV): `{address}.csv`\nEverything (JSON): `{address}.json`").format(
        address=address
    )
    care = _(
        "Anybody with an address can read your promises. I show them only once. `/promise export` makes a new one, "
        "`/promise export off` ends it."
    )
    links = [("calendar", _("Add to calendar"), "ics"), ("table", _("Open the table"), "csv")]
    buttons = [{**button(f"export.{name}", label), "url": f"{address}.{kind}"} for name, label, kind in links]
    return Message(text, [section(f"*{text}*\n{lines}"), *actions(buttons), context(care)])
