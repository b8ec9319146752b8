"""Help: five commands to begin with, and all commands in a modal of four groups."""

from bot.ports import Message
from bot.views.blocks import Block, actions, button, context, header, modal, section

#: The button that opens the modal of every command.
ALL = "help.all"
_FIRST = (
    ("@bob send the deck by Friday 5pm", "make a promise"),
    ("ask @alice review the PR by Tuesday", "ask for one; it binds when they accept"),
    ("list", "see what you owe and what you wait for"),
    ("done 12", "report one as done"),
    ("move 12 to Monday, because …", "ask for another date"),
)
GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "Make a promise": (
        ("@bob send the deck by Friday 5pm", "promise it; I check in with both of you before then"),
        ("tidy the wiki by tomorrow", "promise it to yourself, or to the channel"),
        ("ask @alice review the PR by Tuesday", "ask for a promise; it binds when they accept"),
        ("@bob every Friday 5pm send the status", "promise it again and again; `end 12` ends it"),
        ("14 depends on #12", "say what your promise depends on; you hear first when that moves"),
        ("/promise", "typed alone, it opens the form"),
    ),
    "Act on one": (
        ("show 12", "see one promise with its history"),
        ("done 12 it is in the folder", "report it as done; the words are optional"),
        ("risk 12 waiting for the figures", "tell them now that it may slip"),
        ("move 12 to Monday, because …", "ask for another date, or answer with one"),
        ("accept 12", "agree to a request, a change or a delivery; `decline 12 fully booked` says no"),
        ("reopen 12 page 7 is empty", "say what is missing in a delivery"),
        ("hand 12 to @dave", "ask a colleague to take it over"),
        ("cancel 12", "cancel what you owe; `release 12` lets go of what you wait for"),
        ("need 12 by Thursday", "note for yourself until when it helps you"),
        ("edit 12", "correct what you just made; `undo 12` takes it back"),
        ("edit 12 about 3 h, urgent", "set its estimate and priority; type both with a new promise, too"),
    ),
    "In a channel": (
        ("digest here weekly 16:00", "post what was kept, moved and missed; `digest off` ends it"),
        ("listen on", "offer to remember promises made here, to their writer alone; `listen off` ends it"),
        ("list #channel", "see the open promises made in a channel"),
        ("stats here", "see how this channel’s promises ended"),
    ),
    "For you": (
        (
            "list",
            "see your open promises; also `list late`, `list this week`, `list deck`, `list closed`",
        ),
        ("stats", "see your record; `stats @bob` shows what you two share"),
        ("away 24 Dec – 2 Jan", "set your days off; `away` lists them, `back` ends them"),
        ("settings", "set your hours, holidays, reminders and morning brief"),
        ("settings workspace", "set the same for everybody who saved none; for admins"),
        (
            "settings digests only #general",
            "choose where digests go; `settings listening off`, `settings retention`: for admins",
        ),
        ("settings audit", "see what admins changed, from what to what; for admins"),
        ("settings tokens", "let your scripts and assistants use Kept as you"),
        ("export", "get your promises as a calendar and a table; `export off` ends it"),
        ("help", "see the five lines to begin with"),
    ),
}


def short_help() -> Message:
    """Return the five commands to begin with, and a button for all of them."""
    text = "I remember promises and check in with both of you before they are due."
    buttons = [button("home.make", "Make a promise", style="primary"), button(ALL, "All commands")]
    return Message(
        f"{text} `/promise list` shows yours.",
        [section(f"{text}\n{_lines(_FIRST)}"), *actions(buttons), context("12 is a promise’s number, as in #12.")],
    )


def all_commands() -> Block:
    """Return the modal of every command."""
    blocks = [block for title, commands in GROUPS.items() for block in (header(title), section(_lines(commands)))]
    return modal("help", "All commands", "", blocks)


def _lines(commands: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"`{_typed(command)}` – {meaning}" for command, meaning in commands)


def _typed(command: str) -> str:
    return command if command.startswith("/") else f"/promise {command}"
