"""A channel's digest: a post with a summary, and a thread with the details."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.acts import Act, State
from bot.domain.digests import IN_POST, Cadence, DigestContent, DigestSetting, LastChance
from bot.domain.figures import MIN_OUTCOMES
from bot.domain.outcomes import Outcome, Past
from bot.domain.promise import Promise
from bot.domain.record import lateness
from bot.language import _, weekday_name
from bot.ports import Message
from bot.views.blocks import Block, context, header, section
from bot.views.buttons import some_buttons
from bot.views.charts import outcomes_in, weeks_chart
from bot.views.limits import MESSAGE_BLOCKS, MESSAGE_CHARACTERS, compact_json
from bot.views.phrases import RATINGS, fresh_word, status
from bot.views.record import working
from bot.views.words import city_of, due_of, late, name_of, person, quoted, span, when

#: Most promises of each group in the post, and the longest quotation of text and note; the thread has as many as fit.
SHOWN, WHAT_SHOWN, NOTE_SHOWN = IN_POST, 80, 120
#: Most promises named in one last-chance message.
CHANCES = 10
_SECTION_ROOM, _FOOT_ROOM = 2900, 600
Line = Callable[[Past], str]
Groups = Sequence[tuple[str, Sequence[Past], Line]]


def channel_digest(content: DigestContent, setting: DigestSetting, now: datetime) -> Message:
    """Return the post: missed promises and what followed, changes in time, kept promises, and upcoming ones."""
    blocks = [header(_("Promises of the day") if setting.cadence is Cadence.DAILY else _("Promises of the week"))]
    for title, pasts, line in _groups(content, now):
        blocks += _sections(f"*{title}* ({len(pasts)})", [f"• {line(past)}" for past in pasts[:SHOWN]], len(pasts))
    if content.is_empty:
        blocks.append(section(_("Nothing was kept, moved or missed, and nothing is coming up.")))
    if setting.cadence is Cadence.WEEKLY and outcomes_in(content.weeks) >= MIN_OUTCOMES:
        blocks += weeks_chart(_("The last eight weeks"), content.weeks)
    return Message(_sentence(content), [*blocks, context(_foot(setting))])


def digest_details(content: DigestContent, now: datetime) -> Message:
    """Return the thread: every promise with its notes, as many as one message holds."""
    blocks: list[Block] = []
    for title, pasts, line in _groups(content, now):
        lines = [f"• {line(past)}{_more(past)}" for past in pasts]
        room = MESSAGE_CHARACTERS - _FOOT_ROOM - len(compact_json(blocks))
        fitting = _fitting(lines, room // 2, MESSAGE_BLOCKS - len(blocks) - 10)
        blocks += _sections(f"*{title}* ({len(pasts)})", fitting, len(pasts))
    text = _("The details: {counts}.").format(counts=_counts(content))
    return Message(text, [*blocks, context(_("`/promise show` with a number shows one with its history."))])


def last_chance(chance: LastChance, now: datetime) -> Message:
    """Return the private message to an owner on what the digest will contain about their promises."""
    still = [promise for promise in chance.promises if chance.is_at_stake(promise)]
    answered = [promise for promise in chance.promises if not chance.is_at_stake(promise)]
    missed = [promise for promise in still if chance.is_missed(promise, now)]
    ahead = [promise for promise in still if promise not in missed]
    left = [promise for promise in missed if promise.id in chance.held]
    listed = [promise for promise in missed if promise not in left]
    text, lead = _chance_lead(chance, listed or left, now)
    blocks = [section(f"*{lead}*"), *_chances((listed or left)[:CHANCES], chance, now)]
    if listed and (shown := left[: max(CHANCES - len(listed), 0)]):
        blocks += [section(_("*Left to the next digest:*")), *_chances(shown, chance, now)]
    if shown := ahead[: max(CHANCES - len(missed), 0)]:
        blocks += [section(_("*Due before the digest, and not missed:*")), *_chances(shown, chance, now)]
    done = answered[: max(CHANCES - len(still), 0)]
    if done:
        lines = [f"{_named(promise)} · {status(promise, chance.owner_id, now)}" for promise in done]
        blocks.append(section("\n".join([_("Answered since:"), *lines])))
    if more := len(chance.promises) - min(len(still), CHANCES) - len(done):
        blocks.append(context(_("{count} more: `/promise list late`.").format(count=more)))
    why = _("Only you see this. It comes once before each digest that would name you.")
    return Message(text, [*blocks, context(why)])


def _chances(promises: Sequence[Promise], chance: LastChance, now: datetime) -> list[Block]:
    blocks = []
    for promise in promises:
        blocks.append(section(f"{_named(promise)} – {_due(promise, now)}"))
        blocks += some_buttons((Act.REPORT, Act.PROPOSE, Act.REVOKE), promise, chance.owner_id, now)
    return blocks


def _chance_lead(chance: LastChance, missed: Sequence[Promise], now: datetime) -> tuple[str, str]:
    """Return the notification text and the first line: before the post, after it, or when all is answered."""
    at, channel = when(chance.post_at, chance.zone), f"<#{chance.channel_id}>"
    is_posted = now >= chance.post_at
    if not missed:
        settled = (
            _("All settled. The digest of {channel} ({at}) listed it as it was then.")
            if is_posted
            else _("All settled. The digest of {channel} ({at}) will list it as it is then.")
        )
        nothing = _("The digest would no longer list anything of yours as missed.")
        return nothing, settled.format(channel=channel, at=at)
    subject = name_of(missed[0]) if len(missed) == 1 else _("{count} promises of yours").format(count=len(missed))
    if is_posted and missed[0].id in chance.held:
        return _("The digest left {subject} to the next one; still open.").format(subject=subject), (
            _("The digest of {channel} ({at}) left this to the next one, and it is still open:").format(
                channel=channel, at=at
            )
        )
    if is_posted:
        return _("The digest has been posted; still open of yours: {subject}.").format(subject=subject), (
            _("The digest of {channel} ({at}) listed this as missed, and it is still open:").format(
                channel=channel, at=at
            )
        )
    return (
        _("The digest would list {subject} as missed. An update now changes that.").format(subject=subject),
        _("The digest of {channel} would list this as missed ({at}). An update now changes that.").format(
            channel=channel, at=at
        ),
    )


def _named(promise: Promise) -> str:
    return f"*{name_of(promise)}* {quoted(promise.terms.what, WHAT_SHOWN)}"


def _due(promise: Promise, now: datetime) -> str:
    due_at = promise.terms.due.at
    return (
        _("was due {due}").format(due=due_of(promise)) if due_at <= now else _("due {due}").format(due=due_of(promise))
    )


def _groups(content: DigestContent, now: datetime) -> Groups:
    groups: Groups = (
        (_("Kept – thank you"), content.kept, lambda past: _kept(past, now)),
        (_("Moved in good time"), content.renegotiated, _moved),
        (_("Missed, then repaired"), content.repaired, lambda past: _repaired(past.promise, now)),
        (
            _("Coming up"),
            content.coming,
            lambda past: _("{subject}, due {due}").format(subject=_subject(past.promise), due=due_of(past.promise)),
        ),
        (_("Cancelled late"), content.cancelled, lambda past: _cancelled(past.promise)),
        (_("Missed"), content.missed, lambda past: _missed(past.promise, now)),
    )
    return [group for group in groups if group[1]]


def _sentence(content: DigestContent) -> str:
    if content.is_empty:
        return _("Promises in this channel: nothing was kept, moved or missed.")
    return _("Promises in this channel: {counts}.").format(counts=_counts(content))


def _counts(content: DigestContent) -> str:
    counts: Mapping[str, int] = {
        _("kept"): len(content.kept),
        _("moved in good time"): len(content.renegotiated),
        _("repaired"): len(content.repaired),
        _("coming up"): len(content.coming),
        _("cancelled late"): len(content.cancelled),
        _("missed"): len(content.missed),
    }
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count)


def _sections(title: str, lines: Sequence[str], count: int) -> list[Block]:
    """Return a group in as few sections as hold it; promises left out are counted."""
    more = [_("… and {count} more").format(count=count - len(lines))] if count > len(lines) else []
    texts = [title]
    for line in [*lines, *more]:
        if len(texts[-1]) + len(line) >= _SECTION_ROOM:
            texts.append(line)
        else:
            texts[-1] += f"\n{line}"
    return [section(text) for text in texts]


def _fitting(lines: Iterable[str], room: int, most_sections: int) -> list[str]:
    found: list[str] = []
    room = min(room, most_sections * _SECTION_ROOM)
    for line in lines:
        room -= len(compact_json(line)) + 2
        if room < 0:
            break
        found.append(line)
    return found


def _subject(promise: Promise) -> str:
    to = "" if promise.is_own else f" → {person(promise.requester_id)}"
    return f"{person(promise.owner_id)}{to} *{name_of(promise)}* {quoted(promise.terms.what, WHAT_SHOWN)}"


def _missed(promise: Promise, now: datetime) -> str:
    how_late = late(lateness(promise, now))
    match promise.state:
        case State.ACTIVE:
            how = _("still open")
        case State.REVOKED:
            how = _("cancelled since")
        case _:
            how = _("delivered {late}").format(late=how_late)
    return _("{subject}, was due {due}, {how}").format(subject=_subject(promise), due=due_of(promise), how=how)


def _repaired(promise: Promise, now: datetime) -> str:
    if promise.state is State.KEPT:
        by = lateness(promise, now)
        return (
            _("{subject}, delivered {late}").format(subject=_subject(promise), late=late(by))
            if by
            else _("{subject}, kept by the new date").format(subject=_subject(promise))
        )
    return _("{subject}, new date {due}").format(subject=_subject(promise), due=due_of(promise))


def _cancelled(promise: Promise) -> str:
    closed_at, due_at = promise.closed_at or promise.terms.due.at, promise.terms.due.at
    line = (
        _("{subject}, was due {due}, cancelled {span} before")
        if closed_at < due_at
        else _("{subject}, was due {due}, cancelled {span} after")
    )
    return line.format(subject=_subject(promise), due=due_of(promise), span=span(abs(due_at - closed_at)))


def _moved(past: Past) -> str:
    promise, course = past.promise, past.course
    ahead = (
        _(", moved {working_time} ahead").format(working_time=working(course.notices[-1]))
        if course.notices
        else _(", moved")
    )
    return _("{subject}{ahead}, now due {due}").format(subject=_subject(promise), ahead=ahead, due=due_of(promise))


def _kept(past: Past, now: datetime) -> str:
    promise, course = past.promise, past.course
    by, account = lateness(promise, now), course.account()
    if by:
        how = late(by)
    elif account and account.outcome is Outcome.LATE:
        how = _("by a date asked for late")
    else:
        how = _("in time, by the new date") if course.moved_early_at else _("in time")
    rating = RATINGS.get(promise.rating)
    return f"{_subject(promise)}, {how}" + (f" – {_(rating)}" if rating else "")


def _more(past: Past) -> str:
    """Return the owner's last note on a miss, and the requester's thanks for a kept promise."""
    promise, word = past.promise, fresh_word(past.promise)
    if promise.state is State.KEPT:
        closing = (entry for entry in reversed(past.history) if entry.act in (Act.RATE, Act.ACCEPT_DELIVERY))
        thanks = next((entry.note for entry in closing if entry.note.strip()), "")
        return f" {quoted(thanks, NOTE_SHOWN)}" if thanks else ""
    return f" {quoted(word.note, NOTE_SHOWN)}" if word and word.note.strip() else ""


def _foot(setting: DigestSetting) -> str:
    match setting.cadence:
        case Cadence.DAILY:
            rhythm = _("Monday to Friday")
        case Cadence.WEEKLY:
            rhythm = _("every {weekday}").format(weekday=weekday_name(setting.weekday, short=False))
        case _:
            assert_never(setting.cadence)
    at = _("{at:%H:%M}, {city} time").format(at=setting.at, city=city_of(setting.zone))
    scope = _(", what members promised in public channels") if setting.of_members else ""
    return _("Set up by {set_by}{scope}: {rhythm} at {at}. `/promise digest off` ends it.").format(
        set_by=person(setting.set_by), scope=scope, rhythm=rhythm, at=at
    )
