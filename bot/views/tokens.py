"""Access tokens in the settings: the list, the form for a new one, and a new token, shown once."""

from collections.abc import Sequence

from bot.domain.access_tokens import NAME_LIMIT, AccessToken, Scope
from bot.language import N_, _
from bot.ports import Message
from bot.views.blocks import (
    Block,
    actions,
    boxes_input,
    button,
    confirmation,
    context,
    input_block,
    modal,
    section,
    text_input,
    verbatim,
)
from bot.views.replies import sentence
from bot.views.words import one_line, person, when

#: The callback_id of the modal, and the value behind `tokens.open.`, by owner of the tokens.
OWN, WORKSPACE = "own", "workspace"
_SCOPES = {
    Scope.PROMISES: N_("Read promises made in public channels"),
    Scope.DIGESTS: N_("Read the digests of public channels"),
}
_OWN_LEAD = N_("A script or an assistant with a token of yours can do in Kept what you can do, and nothing else.")
_WORKSPACE_LEAD = N_("A workspace token belongs to no person: it reads what it is allowed to, and changes nothing.")
_SURE = N_("The tool that uses it can no longer reach Kept. This cannot be undone.")
_TOKEN_ROOM = 500


def tokens_blocks(*, is_own: bool = True) -> list[Block]:
    """Return the part of the settings that leads to the tokens."""
    whose = OWN if is_own else WORKSPACE
    text = (
        _("Scripts, calendars and assistants reach Kept with a token.")
        if is_own
        else _("Tokens that read for everybody.")
    )
    return [
        section(f"{_('*Other tools*')}\n{text}"),
        *actions(
            [
                button(f"{name}.open.{whose}", label, whose)
                for name, label in (("tokens", _("Tokens")), ("webhooks", _("Webhooks")))
            ]
        ),
    ]


def tokens_form(tokens: Sequence[AccessToken], private: str, *, is_own: bool = True) -> Block:
    """Return the modal with all tokens and the fields of a new one."""
    name = input_block("name", _("Name of a new token"), text_input(NAME_LIMIT, placeholder=_("Weekly report")))
    scopes = input_block(
        "scopes", _("It may"), boxes_input(((scope.value, _(text)) for scope, text in _SCOPES.items()), ())
    )
    blocks = [context(_(_OWN_LEAD if is_own else _WORKSPACE_LEAD)), *map(_line, tokens), name]
    callback = f"tokens.{OWN if is_own else WORKSPACE}"
    return modal(callback, _("Tokens"), _("Make token"), [*blocks, *([] if is_own else [scopes])], private)


def token_made(name: str, token: str) -> Block:
    """Return the modal that shows a new token, once."""
    care = _("Copy it now: it is shown only once. Keep it like a password: anybody who has it can use it.")
    lead = section(_("The token “{name}” is ready.").format(name=one_line(name, NAME_LIMIT)))
    return modal("tokens.made", _("New token"), "", [lead, *verbatim(token, _TOKEN_ROOM), context(care)])


def token_not_shown(name: str) -> Message:
    """Return the message if the form was closed before its answer came."""
    return sentence(
        _(
            "The token “{name}” was made, but the form had closed before I could show it. Revoke it and "
            "make another: `/promise settings tokens`."
        ).format(name=one_line(name, NAME_LIMIT))
    )


def token_revoked() -> Message:
    return sentence(_("Revoked. The tool that used that token can no longer reach Kept."))


def _line(token: AccessToken) -> Block:
    used = _("last used {when}").format(when=when(token.last_used_at, "UTC")) if token.last_used_at else _("never used")
    words = _("made {when}") if token.is_personal else _("made {when} by {person}")
    made = words.format(when=when(token.made_at, "UTC"), person=person(token.made_by))
    may = f" · {', '.join(sorted(token.scopes))}" if token.scopes else ""
    sure = confirmation(_("Revoke this token?"), _(_SURE), _("Yes, revoke"))
    revoke = button("tokens.revoke", _("Revoke"), token.id, "danger", sure)
    return section(f"*{one_line(token.name, NAME_LIMIT)}*{may}\n{made} · {used}", revoke)
