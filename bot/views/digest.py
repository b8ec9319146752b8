"""What a channel hears of its promises: missed, moved in time, kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.acts import Act, State
from bot.domain.digests import Cadence, DigestContent, DigestSetting
from bot.domain.promise import Promise
from bot.domain.record import lateness
from bot.ports import Message
from bot.views.blocks import Block, context, header, section
from bot.views.phrases import RATINGS, fresh_word
from bot.views.words import due_of, late, name_of, person, quoted

#: So many of each group are told one by one; the rest is counted.
SHOWN = 10
WHAT_SHOWN, NOTE_SHOWN = 100, 120
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def channel_digest(content: DigestContent, setting: DigestSetting, now: datetime) -> Message:
    """One post: what was missed and the last word given, what was moved early, what was kept."""
    blocks = [header("Promises of the day" if setting.cadence is Cadence.DAILY else "Promises of the week")]
    blocks += _group("Missed", content.missed, lambda promise: _missed(promise, now))
    blocks += _group("Moved in good time", content.renegotiated, _moved)
    blocks += _group("Kept – thank you", content.kept, lambda promise: _kept(promise, now))
    if content.is_empty:
        blocks.append(section("Nothing was missed, moved or closed."))
    return Message(_sentence(content), [*blocks, context(_foot(setting))])


def _sentence(content: DigestContent) -> str:
    if content.is_empty:
        return "Promises in this channel: nothing was missed, moved or closed."
    counts = {
        "missed": len(content.missed),
        "moved in good time": len(content.renegotiated),
        "kept": len(content.kept),
    }
    return "Promises in this channel: " + ", ".join(f"{n} {words}" for words, n in counts.items() if n) + "."


def _group(title: str, promises: Sequence[Promise], line: Callable[[Promise], str]) -> list[Block]:
    if not promises:
        return []
    lines = [f"• {line(promise)}" for promise in promises[:SHOWN]]
    if len(promises) > SHOWN:
        lines.append(f"… and {len(promises) - SHOWN} more")
    blocks, text = [], f"*{title}* ({len(promises)})"
    for each in lines:
        if len(text) + len(each) >= 2900:
            blocks.append(section(text))
            text = each
        else:
            text += f"\n{each}"
    return [*blocks, section(text)]


def _subject(promise: Promise) -> str:
    return f"*{name_of(promise)}* {person(promise.owner_id)} {quoted(promise.terms.what, WHAT_SHOWN)}"


def _missed(promise: Promise, now: datetime) -> str:
    how_late = late(lateness(promise, now))
    if promise.state is State.ACTIVE:
        how_late += ", still open"
    else:
        how_late = f"delivered {how_late}"
    return f"{_subject(promise)} – was due {due_of(promise)}; {how_late}. {_last_word(promise)}"


def _last_word(promise: Promise) -> str:
    word = fresh_word(promise)
    if word is None:
        return "No word before the deadline."
    note = f" {quoted(word.note, NOTE_SHOWN)}" if word.note.strip() else ""
    return f"Last word: {_WORDS.get(word.act, 'said something')}{note}"


_WORDS = {
    str(Act.ON_TRACK): "“on track”",
    str(Act.AT_RISK): "“at risk”",
    str(Act.PROPOSE): "proposed a change",
    str(Act.COUNTER): "proposed a change",
    str(Act.HAND_OVER): "asked somebody to take it over",
}


def _moved(promise: Promise) -> str:
    return f"{_subject(promise)} – raised early, now due {due_of(promise)}"


def _kept(promise: Promise, now: datetime) -> str:
    by = lateness(promise, now)
    how = late(by) if by else "in time"
    if promise.raised_early and not by:
        how = "in time, at a date agreed early"
    rating = RATINGS.get(promise.rating)
    return f"{_subject(promise)} – {how}" + (f"; {rating}" if rating else "")


def _foot(setting: DigestSetting) -> str:
    match setting.cadence:
        case Cadence.DAILY:
            rhythm = "Monday to Friday"
        case Cadence.WEEKLY:
            rhythm = f"every {_DAYS[setting.weekday]}"
        case _:
            assert_never(setting.cadence)
    at = f"{setting.at:%H:%M} {setting.zone}"
    return f"Set up by {person(setting.set_by)}: {rhythm} at {at} · `/promise digest off` ends it"
