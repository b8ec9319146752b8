"""Questions about text similar to a command: possible meanings, each with a button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.drafts import Draft
from bot.domain.due_dates import Unread
from bot.domain.promise import Due, Promise, UserId
from bot.language import N_, _, ngettext
from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, section, text_message
from bot.views.drafts import VALUE_LIMIT, encode_draft
from bot.views.markup import plain
from bot.views.phrases import quote
from bot.views.weight import also
from bot.views.words import by_due, clean, cut, due_of, name_of, one_line, person, plain_when, quoted, when

#: action_ids: the value of the first is a command to run, of the second the text of a new promise.
RUN, NEW = "typed.run", "typed.promise"
WHAT_SHOWN, LABEL_SHOWN = 120, 40
#: Most promises offered for one word.
FITTING = 5
_WHAT_IT_DOES: Mapping[str, tuple[str, str]] = {
    "done": (N_("report {promise} as done"), N_("Report it")),
    "risk": (N_("say that {promise} may slip"), N_("Say so")),
    "accept": (N_("accept {promise}"), N_("Accept it")),
    "decline": (N_("decline {promise}"), N_("Decline it")),
    "cancel": (N_("cancel {promise}"), N_("Cancel it")),
    "release": (N_("let go of {promise}"), N_("Release it")),
    "reopen": (N_("say what is missing in {promise}"), N_("Reopen it")),
    "move": (N_("move {promise}{to}"), N_("Propose it")),
    "hand": (N_("hand over {promise}"), N_("Hand it over")),
    "show": (N_("see {promise}"), N_("Show it")),
    "edit": (N_("correct {promise}"), N_("Correct it")),
    "undo": (N_("undo {promise}"), N_("Undo it")),
    "need": (N_("note until when you need {promise}"), N_("Note it")),
    "end": (N_("end the series of {promise}"), N_("End the series")),
}
_PLAIN: Mapping[str, str] = {
    "list": N_("Show my list"),
    "help": N_("Help"),
    "stats": N_("Show my record"),
    "settings": N_("Open settings"),
    "away": N_("Show my days off"),
    "ask": N_("Help"),
    "remind": N_("Help"),
    "digest": N_("Show the digest"),
    "listen": N_("Ask about listening"),
    "export": N_("Export my promises"),
    "back": N_("I am back"),
}


#: Labels where such a command says whom or when.
_WITH_WORDS: Mapping[str, str] = {"ask": N_("Ask them"), "away": N_("Note my days off")}


@dataclass(frozen=True, slots=True)
class Guess:
    """A command that may be meant. `promise` is its subject, `due` the date that it names."""

    verb: str
    command: str
    promise: Promise | None = None
    due: Due | None = None


def guess_of_move(promise: Promise, due: Due, reason: str = "") -> Guess:
    """Return the guess that a date is proposed, with a command that states it in full."""
    because = f", because {reason}" if reason else ""
    return Guess("move", f"move #{promise.number} to {due.local:%Y-%m-%d %H:%M}{because}", promise, due)


def label_of(guess: Guess) -> str:
    """Return the label of the button."""
    if guess.verb in _WITH_WORDS and guess.command.startswith(f"{guess.verb} "):
        return _(_WITH_WORDS[guess.verb])
    if guess.promise is None:
        return _(_PLAIN.get(guess.verb, "Help"))
    return _("Choose a date") if guess.verb == "move" and guess.due is None else _(_WHAT_IT_DOES[guess.verb][1])


def meaning_of(guess: Guess) -> str:
    """Return the effect of the command, as the end of "Did you mean to …"."""
    if guess.promise is None:
        return f"*{one_line(plain(guess.command), WHAT_SHOWN)}*" if guess.verb in _WITH_WORDS else f"*{guess.verb}*"
    to = _(" to *{when}*").format(when=when(guess.due.at, guess.due.zone)) if guess.due else ""
    promise = f"*{name_of(guess.promise)} {one_line(guess.promise.terms.what, WHAT_SHOWN)}*"
    return _(_WHAT_IT_DOES[guess.verb][0]).format(promise=promise, to=to)


def did_you_mean(guesses: Sequence[Guess], typed: str = "") -> Message:
    """Ask whether the first of these was meant; `typed` would otherwise be a new promise."""
    first, *others = guesses
    asks = (
        _("Did you mean to {meaning}?").format(meaning=meaning_of(first))
        if first.promise
        else _("Did you mean {meaning}?").format(meaning=meaning_of(first))
    )
    buttons = [_run(guess, place) for place, guess in enumerate([first, *others])]
    return _asked(_("Nothing is recorded yet."), asks, buttons, typed, _("No, it is a new promise"))


def is_it_new(typed: str, guesses: Sequence[Guess] = ()) -> Message:
    """Ask whether words that begin like a command are a promise."""
    asks = _("That may be a promise, or a command. Is {words} a new promise?").format(
        words=quoted(plain(typed), WHAT_SHOWN)
    )
    return _asked(
        _("Nothing is recorded yet."),
        asks,
        [_run(guess, at) for at, guess in enumerate(guesses)],
        typed,
        _("Yes, record it"),
    )


def no_promise(typed: str) -> Message:
    """Ask whether words by which their writer refuses are a promise."""
    asks = _("{words} does not sound like a promise. Is it one?").format(words=quoted(plain(typed), WHAT_SHOWN))
    ways = [button(f"{RUN}.list", _("Show my list"), "list")]
    return _asked(_("Nothing is recorded yet."), asks, ways, typed, _("Yes, record it"))


def either(promise: Promise, guesses: Sequence[Guess], typed: str) -> Message:
    """Ask whether words are about a promise, or are a new one."""
    what = one_line(promise.terms.what, WHAT_SHOWN)
    asks = _("That may be a promise, or about *{number} {what}*. Which is it?").format(
        number=name_of(promise), what=what
    )
    buttons = [_run(guess, place) for place, guess in enumerate(guesses)]
    return _asked(_("Nothing is changed yet."), asks, buttons, typed, _("A new promise"))


def unknown(typed: str, guess: Guess | None = None) -> Message:
    """Say that the words are not known, with three ways on."""
    shown = f"`{one_line(plain(typed), 60).replace('`', '’')}`" if clean(typed) else _("that")
    asks = " " + _("Did you mean {meaning}?").format(meaning=meaning_of(guess)) if guess else ""
    first = [_run(guess, 0)] if guess and guess.verb != "list" else []
    ways = [*first, *_ways(but=guess.verb if guess else "", is_first=not first)][:3]
    text = _("I don’t know {shown}.").format(shown=shown) + asks
    return text_message(text, *actions(ways))


def fitting(verb: str, promises: Sequence[Promise], typed: str = "") -> Message:
    """Ask which of the promises that a command fits is meant, one button each; `typed` may be a new promise."""
    if not promises:
        return text_message(_("That fits none of your promises just now."), *actions(_ways()))
    if len(promises) == 1:
        return did_you_mean([Guess(verb, f"{verb} #{promises[0].number}", promises[0])], typed)
    meaning = _(_WHAT_IT_DOES[verb][0]).format(promise=_("one of these"), to="")
    asks = _("Do you want to {meaning}?").format(meaning=meaning)
    label = label_of(Guess(verb, "", promises[0]))
    rows = [
        row_to_run(promise, place, label, f"{verb} #{promise.number}")
        for place, promise in enumerate(promises[:FITTING])
    ]
    more = (
        [context(_("{count} more: `/promise list`.").format(count=len(promises) - FITTING))]
        if len(promises) > FITTING
        else []
    )
    new = actions([button(NEW, _("No, it is a new promise"), typed)]) if 0 < len(typed) <= VALUE_LIMIT else []
    return text_message(asks, *rows, *more, *new)


def row_to_run(promise: Promise, place: int, label: str, command: str) -> Block:
    """Return a promise with a button that runs a command about it."""
    due = _("Due {due}").format(due=due_of(promise))
    run = button(f"{RUN}.{place}", label, cut(command, VALUE_LIMIT))
    return section(f"*{name_of(promise)}* {one_line(promise.terms.what, WHAT_SHOWN)}\n{due}", run)


def which_moment(promise: Promise, viewer: UserId, unread: Unread, reason: str, now: datetime) -> Message:
    """Ask which of the moments that it may be a typed move means; nothing is changed yet."""
    asks = _("Which moment do you mean by {words}? Nothing was changed.").format(words=quoted(unread.understood, 80))
    buttons = []
    for place, moment in enumerate(unread.candidates[:3]):
        move = guess_of_move(promise, Due(moment.at, moment.zone), reason)
        buttons.append(
            button(f"{RUN}.{place}", plain_when(moment.at, moment.zone, now), cut(move.command, VALUE_LIMIT))
        )
    what = f"{name_of(promise)} {one_line(promise.terms.what, WHAT_SHOWN)}"
    about = _("{number} {words} · due {due}").format(
        number=name_of(promise), words=one_line(promise.terms.what, WHAT_SHOWN), due=due_of(promise)
    )
    answers = promise.proposal is not None and promise.proposal.to == viewer
    form = button(f"act.{Act.COUNTER if answers else Act.PROPOSE}", _("Another date"), promise.id)
    rows = actions([*buttons, form])
    return Message(f"{what}: {asks}", [section(asks), *rows, context(about)])


def to_whom(draft: Draft, names: Mapping[UserId, str]) -> Message:
    """Ask which of the people in doubt is the requester, if any; with one of them the likely answer stands out."""
    asks = _("To whom do you promise this? Nothing is recorded yet.")
    buttons = [
        button(
            f"make.candidate.{place}",
            _("To {name}").format(name=cut(clean(name), LABEL_SHOWN)),
            encode_draft(draft.settled(who)),
            "primary" if len(names) == 1 else "",
        )
        for place, (who, name) in enumerate(names.items())
    ]
    oneself = button(f"make.candidate.{len(names)}", _("To myself"), encode_draft(replace(draft, doubt=None)))
    return Message(asks, [section(f"{asks}\n{_quoted_draft(draft)}"), *actions([*buttons, oneself])])


def who_owes(asked: Sequence[tuple[str, Draft]], promised: Draft) -> Message:
    """Ask whether a person, or which of several, is asked for what the text says, or is promised it."""
    owner = asked[0][1].owner_id
    asks = (
        _("Do you ask {name} for this, or do you promise it yourself?").format(name=person(owner))
        if owner and len(asked) == 1
        else _("Do you ask one of them for this, or do you promise it yourself?")
    )
    asks = f"{asks} {_('Nothing is recorded yet.')}"
    style = "primary" if len(asked) == 1 else ""
    buttons = [_ask(place, name, draft, style) for place, (name, draft) in enumerate(asked)]
    promise = button(f"make.candidate.{len(asked)}", _("I promise it"), encode_draft(promised))
    return text_message(asks, section(_quoted_draft(promised)), *actions([*buttons, promise]))


def which_owes(drafts: Sequence[tuple[str, Draft]]) -> Message:
    """Ask which of two people owes what was asked of both."""
    asks = _("One person owes a promise. Which of them do you ask? The other one follows it.")
    buttons = [_ask(place, name, draft) for place, (name, draft) in enumerate(drafts[:2])]
    return Message(
        f"{_('Nothing is recorded yet.')} {asks}",
        [section(asks), section(_quoted_draft(drafts[0][1])), *actions(buttons)],
    )


def whom_to_ask(asked: Draft, promised: Draft) -> Message:
    """Ask whom a request without a name is for, or whether its writer promises it."""
    asks = _("Whom do you ask for this? Or do you promise it yourself?")
    buttons = [
        button("make.form", _("Choose whom to ask"), encode_draft(asked), "primary"),
        button("make.candidate.0", _("I promise it"), encode_draft(promised)),
    ]
    shown = [section(_quoted_draft(promised)), *actions(buttons if promised.due else buttons[:1])]
    return text_message(f"{asks} {_('Nothing is recorded yet.')}", *shown)


def _ask(place: int, name: str, draft: Draft, style: str = "") -> Block:
    label = _("Ask {name}").format(name=cut(clean(name), LABEL_SHOWN))
    return button(f"make.candidate.{place}", label, encode_draft(draft), style)


def _quoted_draft(draft: Draft) -> str:
    due = f"\n{by_due(draft.due)}{also(draft.weight)}" if draft.due else ""
    return f"{quote(draft.what, 1300)}{due}"


def small_talk(person_id: UserId, owing: Sequence[Promise], owed: int, asked: Sequence[Promise] = ()) -> Message:
    """Answer a greeting or thanks in two lines: how much there is, and what comes next; `asked` are requests."""
    owes = (
        ngettext("You owe {count} promise", "You owe {count} promises", len(owing)) if owing else _("You owe nothing")
    )
    waits = _("wait for {count}").format(count=owed) if owed else _("wait for nothing")
    ahead = _("`/promise @colleague send the deck by Friday 5pm` makes a promise.")
    if owing or asked:
        first = min(owing or asked, key=lambda promise: promise.terms.due.at)
        words = _("Next: *{number}* {words}, due {due}.")
        if not owing:
            words = _("You have been asked: *{number}* {words}, due {due}.")
        ahead = words.format(number=name_of(first), words=one_line(first.terms.what, WHAT_SHOWN), due=due_of(first))
    text = _("Hi {person}! {owes} and {waits}.").format(person=person(person_id), owes=owes, waits=waits)
    return Message(f"{text} {ahead}", [section(f"{text}\n{ahead}"), *actions(_ways())])


def _asked(lead: str, asks: str, buttons: list[Block], typed: str, new: str) -> Message:
    if typed:
        fits = len(typed) <= VALUE_LIMIT
        value = typed if fits else encode_draft(Draft(what=typed))
        buttons = [*buttons, button(NEW if fits else "make.form", new, value)]
    text = f"{lead} {asks}"
    return Message(text, [section(asks), *actions(_loud(buttons)), context(lead)])


def _loud(buttons: list[Block]) -> list[Block]:
    return [{**buttons[0], "style": "primary"}, *buttons[1:]] if buttons else []


def _run(guess: Guess, place: int) -> Block:
    return button(f"{RUN}.{place}", label_of(guess), cut(guess.command, VALUE_LIMIT))


def _ways(but: str = "", *, is_first: bool = False) -> list[Block]:
    """Show the list, make a promise, help: what helps whatever was meant."""
    ways = [
        button(f"{RUN}.list", _("Show my list"), "list", "primary" if is_first or but == "list" else ""),
        button("home.make", _("Make a promise")),
        button(f"{RUN}.help", _("Help"), "help"),
    ]
    return [way for way in ways if not (but == "help" and way["action_id"].endswith("help"))]
