"""Explanations of why Slack refused a message, and what helps, for the people concerned."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import is_person
from bot.language import N_, _
from bot.views.words import one_line


@dataclass(frozen=True, slots=True)
class Why:
    """`reason` follows “I cannot post there:”; `cure` is a sentence for the one who can do something about it."""

    reason: str
    cure: str


ANOTHER = N_("Choose another channel, or ask an admin to let me post there.")
ADMIN = N_(
    "Tell the person who runs Kept: it has to be installed again, or switched on by an admin. "
    "`kept doctor` shows the same."
)
REPORT = N_("Tell the person who runs Kept; `kept doctor` shows the same. Later messages are sent as usual.")
SPEAK = N_("Talk to them, hand it over, or let it go.")

_INVITE = Why(N_("I am not in it"), N_("Type `/invite @Kept` there, and I go on as before."))
_LOCKED = Why(N_("its admins do not allow messages from me there"), ANOTHER)
_THREADS = Why(
    N_("it does not allow replies in threads, and the details belong in one"),
    N_("Choose another channel for the digest."),
)
_NOT_BUILT = Why(N_("Slack refused how the message was built"), REPORT)
_GONE = Why(N_("their account is closed, or does not accept messages from me"), SPEAK)
_OUTSIDE = Why(N_("they are outside this workspace, and do not accept messages from me"), SPEAK)

WHY: Mapping[str, Why] = {
    "not_in_channel": _INVITE,
    "channel_not_found": _INVITE,
    "is_archived": Why(N_("it is archived"), N_("Choose another channel, or have this one opened again.")),
    "channel_is_limited_access": _LOCKED,
    "ekm_access_denied": Why(N_("the admins have switched off messages there"), ANOTHER),
    "restricted_action": Why(
        N_("only some people may post there"), N_("Ask an admin to let me post there, or choose another channel.")
    ),
    "restricted_action_read_only_channel": Why(N_("it is for reading only"), ANOTHER),
    "restricted_action_thread_only_channel": Why(N_("only replies in threads may be posted there"), ANOTHER),
    "restricted_action_non_threadable_channel": _THREADS,
    "restricted_action_thread_locked": Why(N_("the thread is locked"), N_("Ask an admin to open it.")),
    "cannot_reply_to_message": _THREADS,
    "thread_not_found": Why(N_("the message it answers is gone"), N_("Nothing needs to be done.")),
    "method_not_supported_for_channel_type": Why(N_("it is not a channel that I may post in"), ANOTHER),
    "user_disabled": _GONE,
    "user_not_found": _GONE,
    "users_not_found": _GONE,
    "cannot_dm_bot": Why(N_("that is an app, and apps do not accept messages from me"), SPEAK),
    "user_not_visible": _OUTSIDE,
    "invalid_user_combination": _OUTSIDE,
    "missing_scope": Why(N_("a permission of mine is missing in this workspace"), ADMIN),
    "no_permission": Why(N_("a permission of mine is missing in this workspace"), ADMIN),
    "access_denied": Why(N_("a permission of mine is missing in this workspace"), ADMIN),
    "not_allowed_token_type": Why(N_("my token is not of the kind that Slack wants"), ADMIN),
    "messages_tab_disabled": Why(N_("direct messages from me are switched off in this workspace"), ADMIN),
    "app_access_restricted": Why(N_("the admins allow this app to some people only"), ADMIN),
    "invalid_blocks": _NOT_BUILT,
    "invalid_blocks_format": _NOT_BUILT,
    "msg_blocks_too_long": _NOT_BUILT,
    "msg_too_long": Why(N_("Slack found the message too long"), REPORT),
    "kept_failed": Why(N_("something went wrong on my side"), REPORT),
    "ratelimited": Why(N_("Slack did not let me check whether it had arrived"), REPORT),
    "long_conversation": Why(N_("I could not find out whether it had arrived"), REPORT),
}
#: Meaning of an error if the message was for a person: their conversation with Kept is the place.
WHY_NOT_THEM: Mapping[str, Why] = {"channel_not_found": _GONE, "not_in_channel": _GONE, "is_archived": _GONE}


def why(error: str, to: str = "") -> Why:
    """Return the explanation of an error of Slack's, or of Kept's own, for a message `to` a channel or a person."""
    of_person = WHY_NOT_THEM.get(error) if is_person(to) else None
    found = of_person or WHY.get(error)
    if found is None:
        return Why(_("Slack did not accept it (`{error}`)").format(error=one_line(error, 60)), _(REPORT))
    return Why(_(found.reason), _(found.cure))
