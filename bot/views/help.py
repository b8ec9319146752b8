"""Help: five commands to begin with, and all commands in a modal of four groups."""

from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, header, modal, section

#: The button that opens the modal of every command.
ALL = "help.all"
_FIRST = (
    ("@bob send the deck by Friday 5pm", N_("make a promise")),
    ("ask @alice review the PR by Tuesday", N_("ask for one; it binds when they accept")),
    ("list", N_("see what you owe and what you wait for")),
    ("done 12", N_("report one as done")),
    ("move 12 to Monday, because …", N_("ask for another date")),
)
GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    N_("Make a promise"): (
        ("@bob send the deck by Friday 5pm", N_("promise it; I check in with both of you before then")),
        ("tidy the wiki by tomorrow", N_("promise it to yourself, or to the channel")),
        ("ask @alice review the PR by Tuesday", N_("ask for a promise; it binds when they accept")),
        ("@bob every Friday 5pm send the status", N_("make a promise that repeats; `end 12` ends it")),
        ("14 depends on #12", N_("say what your promise depends on; I tell you first when that moves")),
        ("/promise", N_("typed alone, it opens the form")),
    ),
    N_("Act on one"): (
        ("show 12", N_("see one promise with its history")),
        ("done 12 it is in the folder", N_("report it as done; the words are optional")),
        ("risk 12 waiting for the figures", N_("tell them now that it may slip")),
        ("move 12 to Monday, because …", N_("ask for another date, or answer with one")),
        ("accept 12", N_("agree to a request, a change or a delivery; `decline 12 fully booked` says no")),
        ("reopen 12 page 7 is empty", N_("say what is missing in a delivery")),
        ("hand 12 to @dave", N_("ask a colleague to take it over")),
        ("cancel 12", N_("cancel what you owe; `release 12` lets go of what you wait for")),
        ("need 12 by Thursday", N_("note for yourself until when it helps you")),
        ("edit 12", N_("correct what you just made; `undo 12` takes it back")),
        ("edit 12 about 3 h, urgent", N_("set its estimate and priority; type both with a new promise, too")),
    ),
    N_("In a channel"): (
        ("digest here weekly 16:00", N_("post what was kept, moved and missed; `digest off` ends it")),
        ("listen on", N_("offer to remember promises made here, to their writer alone; `listen off` ends it")),
        ("list #channel", N_("see the open promises made in a channel")),
        ("stats here", N_("see how this channel’s promises ended")),
    ),
    N_("For you"): (
        (
            "list",
            N_("see your open promises; also `list late`, `list this week`, `list deck`, `list closed`"),
        ),
        ("stats", N_("see your record; `stats @bob` shows what you two share")),
        ("away 24 Dec – 2 Jan", N_("set your days off; `away` lists them, `back` ends them")),
        ("settings", N_("set your hours, holidays, reminders and morning brief")),
        ("settings workspace", N_("set the same for everybody who saved none; for admins")),
        (
            "settings digests only #general",
            N_("choose where digests go; `settings listening off`, `settings retention`: for admins"),
        ),
        ("settings audit", N_("see what admins changed, from what to what; for admins")),
        ("settings tokens", N_("let your scripts and assistants use Kept as you")),
        ("export", N_("get your promises as a calendar and a table; `export off` ends it")),
        ("help", N_("see the five lines to begin with")),
    ),
}


def short_help() -> Message:
    """Return the five commands to begin with, and a button for all of them."""
    text = _("I remember promises and check in with both of you before they are due.")
    buttons = [button("home.make", _("Make a promise"), style="primary"), button(ALL, _("All commands"))]
    return Message(
        f"{text} {_('`/promise list` shows yours.')}",
        [section(f"{text}\n{_lines(_FIRST)}"), *actions(buttons), context(_("12 is a promise’s number, as in #12."))],
    )


def all_commands() -> Block:
    """Return the modal of every command."""
    blocks = [block for title, commands in GROUPS.items() for block in (header(_(title)), section(_lines(commands)))]
    return modal("help", _("All commands"), "", blocks)


def _lines(commands: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"`{_typed(command)}` – {_(meaning)}" for command, meaning in commands)


def _typed(command: str) -> str:
    return command if command.startswith("/") else f"/promise {command}"
