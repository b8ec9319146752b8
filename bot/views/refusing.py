"""Refusing a change: the reason, and what would help instead."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.acts import Act
from bot.domain.promise import NOTE_LIMIT, Promise, UserId
from bot.domain.transitions import HistoryEntry
from bot.language import N_, _
from bot.views.blocks import Block, button, choice_input, input_block, modal, text_input
from bot.views.phrases import subject

#: The button that opens a proposal with the fields for a part now and the rest later.
PART = "refusal.part"
#: What would help instead of the change, by the value of its choice.
HELP: Mapping[str, str] = {
    "part": N_("A part by then would help"),
    "other": N_("Somebody else could do it"),
    "released": N_("I can do without it"),
}
#: Room for the chosen text before the reason.
_REASON_LIMIT = NOTE_LIMIT - 60


def refusal_form(promise: Promise, viewer: UserId, private: str) -> Block:
    """Return the form that refuses a change, or a hand-over."""
    hands_over = promise.proposal is not None and promise.proposal.heir is not None
    words = text_input(_REASON_LIMIT, "", _("The board meets on Friday evening"), multiline=True)
    blocks = [
        subject(promise),
        input_block("reason", _("Why?"), words, optional=True),
    ]
    if not hands_over:
        is_owed = promise.is_owed_to(viewer)
        offered = [(value, _(label)) for value, label in HELP.items() if value != "released" or is_owed]
        hint = _("They read it with your answer.") if is_owed else ""
        blocks.append(input_block("help", _("What would help?"), choice_input(offered), hint, optional=True))
    title, send = (_("Not me, sorry"), _("Tell them")) if hands_over else (_("Keep it as it was"), _("Keep it"))
    return modal(f"act.{Act.REJECT_PROPOSAL}", title, send, blocks, private)


def with_help(entry: HistoryEntry, chosen: str) -> HistoryEntry:
    """Return a refusal with the choice before its reason; the choice to do without releases the promise."""
    if chosen == "released":
        return replace(entry, act=Act.RELEASE)
    words = [f"{_(HELP[chosen])}."] if chosen in HELP else []
    return replace(entry, note=" ".join([*words, *([entry.note] if entry.note.strip() else [])]))


def part_button(promise: Promise) -> Block:
    """Return the button with which the owner offers a part by the current date."""
    return button(PART, _("Offer a part"), promise.id, "primary")
