"""Questions in a thread: which promise is meant, and whether it is done."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.acts import RULE_OF, Act
from bot.domain.promise import Promise, UserId
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import button, context, section, text_message
from bot.views.buttons import open_acts, some_buttons
from bot.views.drafts import VALUE_LIMIT
from bot.views.guesses import RUN, Guess, label_of, meaning_of, row_to_run
from bot.views.phrases import NOTE_SHOWN
from bot.views.words import cut, due_of, name_of, one_line, quoted

WHAT_SHOWN = 120
_FOR_THE_OWNER = (Act.REPORT, Act.PROPOSE, Act.AT_RISK)
_FOR_ANYBODY = (
    *(Act.ACCEPT_REQUEST, Act.ACCEPT_PROPOSAL, Act.COUNTER, Act.REJECT_PROPOSAL),
    *(Act.ACCEPT_DELIVERY, Act.REOPEN, *_FOR_THE_OWNER, Act.ON_TRACK),
    *(Act.DECLINE, Act.RETRACT, Act.WITHDRAW, Act.UNREPORT, Act.RELEASE),
)
#: The commands for acts that take a reply as their note.
_NOTED = {Act.AT_RISK: "risk", Act.REOPEN: "reopen", Act.DECLINE: "decline"}
#: A reply of up to this many words is no note.
FEW_WORDS = 2


def which_promise(guesses: Sequence[Guess], typed: str) -> Message:
    """Ask which of the promises in a message a reply is about."""
    asks = _("Which promise do you mean by {words}?").format(words=quoted(typed, 80))
    rows = [
        row_to_run(guess.promise, place, name_of(guess.promise), guess.command)
        for place, guess in enumerate(guesses)
        if guess.promise
    ]
    return text_message(asks, *rows)


def maybe_done(promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Ask whether the promise is done, if the text may mean that it is not yet."""
    asks = _("Is *{number} {words}* done? Nothing has changed yet.").format(
        number=name_of(promise), words=one_line(promise.terms.what, WHAT_SHOWN)
    )
    wanted = [Act.ACCEPT_DELIVERY, Act.REOPEN, *_FOR_THE_OWNER]
    return text_message(asks, *some_buttons(wanted, promise, viewer, now))


def may_move(move: Guess, promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Ask whether a reply proposes a date."""
    asks = _("Did you mean to {meaning}?").format(meaning=meaning_of(move))
    propose = button(f"{RUN}.0", label_of(move), cut(move.command, VALUE_LIMIT), "primary")
    others = [act for act in _FOR_ANYBODY if act not in (Act.PROPOSE, Act.COUNTER)]
    if promise.terms.due.at <= now:
        others.remove(Act.ON_TRACK)
    buttons = some_buttons(others, promise, viewer, now, before=[propose])
    return text_message(asks, *buttons, context(_("Nothing is changed yet.")))


def may_mean(act: Act, promise: Promise, viewer: UserId, now: datetime, reply: str) -> Message:
    """Ask whether a reply means an act; the reply becomes its note where it has one."""
    if act in (Act.REPORT, Act.ACCEPT_DELIVERY):
        return maybe_done(promise, viewer, now)
    what = f"*{name_of(promise)} {one_line(promise.terms.what, WHAT_SHOWN)}*"
    if act in (Act.AT_RISK, Act.ON_TRACK) and promise.terms.due.at <= now:
        asks = _("This was due {due}. Is it done, or which date is realistic?").format(due=due_of(promise))
        return Message(asks, [section(f"{what}\n{asks}"), *some_buttons(_FOR_THE_OWNER, promise, viewer, now)])
    is_hand_over = promise.proposal is not None and promise.proposal.heir == viewer
    words = N_("take it over") if is_hand_over else RULE_OF[act].words
    asks = _("{what}: do you want to {words}? Nothing has changed yet.").format(what=what, words=_(words))
    note = reply if act in _NOTED and len(reply.split()) > FEW_WORDS else ""
    wanted = [act, *(each for each in _FOR_ANYBODY if each is not act)]
    if not note:
        return text_message(asks, *some_buttons(wanted, promise, viewer, now))
    verb = _NOTED[act]
    run = button(
        f"{RUN}.0",
        label_of(Guess(verb, "", promise)),
        cut(f"{verb} #{promise.number} {note}", VALUE_LIMIT),
        "primary",
    )
    buttons = some_buttons(wanted[1:], promise, viewer, now, before=[run])
    return Message(asks, [section(f"{asks}\n{quoted(note, NOTE_SHOWN)}"), *buttons])


def not_understood(promise: Promise, viewer: UserId, now: datetime) -> Message:
    """Say that a reply in a thread was not understood, which ones this reader can send, and buttons for the same."""
    what = f"*{name_of(promise)} {one_line(promise.terms.what, WHAT_SHOWN)}*"
    text = _(_hint(open_acts(promise, viewer, now), promise)).format(what=what)
    return text_message(text, *some_buttons(_FOR_ANYBODY, promise, viewer, now))


def _hint(may: frozenset[Act], promise: Promise) -> str:
    """Return the sentence with the replies that are understood from a person who may do these acts."""
    if Act.COUNTER in may:
        return N_("I didn’t understand that about {what}. Try `yes`, `no, because …` or `need until Monday`.")
    if Act.ACCEPT_PROPOSAL in may or Act.ACCEPT_REQUEST in may:
        return N_("I didn’t understand that about {what}. Try `yes` or `no`.")
    if Act.REOPEN in may:
        return N_("I didn’t understand that about {what}. Try `yes`, or `no, page 7 is missing`.")
    if Act.REPORT in may and promise.proposal is None:
        return N_("I didn’t understand that about {what}. Try `done`, `on track`, `at risk` or `need until Monday`.")
    return N_("I didn’t understand that about {what}.")
