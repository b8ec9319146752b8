"""The next messages as text, for the sandbox's timeline and `/promise show`."""

from bot.domain.agenda import Hold, Upcoming
from bot.domain.kinds import Kind
from bot.language import N_, _
from bot.views.blocks import Block, context
from bot.views.words import when

#: Completes "Kept …" for each kind in the sandbox, whose page is in English; `{to}` is the reader.
#: Redraws are not listed.
WILL: dict[Kind, str] = {
    Kind.MIDWAY: "asks {to} half-way how it is going",
    Kind.CHECK_IN: "asks {to} whether it is on track",
    Kind.ASK_AGAIN: "asks {to} once more whether it is on track",
    Kind.HEADS_UP: "tells {to} that it is due soon",
    Kind.NO_WORD: "tells {to} that its question was not answered",
    Kind.LAST_CALL: "asks {to} for a last word before the deadline",
    Kind.CALL_AGAIN: "asks {to} once more for a last word before the deadline",
    Kind.SIDE_QUESTION: "asks {to} beside other news whether it is on track",
    Kind.OFFER_OPEN: "asks {to} for an answer to what the other side proposed",
    Kind.DUE_NOW: "asks {to} whether it is done",
    Kind.OVERDUE: "asks {to} about what is overdue",
    Kind.LET_GO: "asks {to} whether to let it go",
    Kind.SNOOZED: "asks {to} again, as they wished",
    Kind.ASKED: "asks {to} again, because the other side wants to know",
    Kind.NOTICE: "tells {to} what the other side did",
    Kind.CHAIN: "tells {to} that something it depends on has moved",
    Kind.CLASH: "tells {to} that the date falls on a day off",
    Kind.SERIES: "tells {to} about what comes again",
    Kind.TROUBLE: "tells {to} what it could not deliver",
    Kind.AWAY: "asks {to} whether they are away",
    Kind.LAST_CHANCE: "tells {to} what the digest would list as missed",
    Kind.BUNDLE: "tells {to} several things in one message",
    Kind.CATCH_UP: "tells {to} what happened meanwhile",
    Kind.BRIEF: "sends {to} an overview of the day",
    Kind.RECEIPT: "confirms it to {to}",
    Kind.CARD: "shows it in {to}",
    Kind.OUTCOME: "tells {to} how it ended",
    Kind.DIGEST: "posts the digest in {to}",
    Kind.DETAILS: "adds the details of the digest in {to}",
    Kind.REFRESH: "draws a message again",
}

#: Why a message is not sent earlier; `{to}` is the reader.
HELD: dict[Hold, str] = {
    Hold.ON_ITS_WAY: "another message about it is on its way",
    Hold.DO_NOT_DISTURB: "{to} does not want to be disturbed before",
    Hold.AWAY: "{to} is away until then",
    Hold.HOURS: "{to} is not at work before",
    Hold.LIMIT: "{to} has had as many messages today as they want in a day",
    Hold.COMPANY: "it waits for other news to come with",
}

#: Completes "I …" under `/promise show`, for each kind that the agenda sends about one promise.
NEXT: dict[Kind, str] = {
    Kind.MIDWAY: N_("ask you half-way how it is going"),
    Kind.CHECK_IN: N_("ask you whether it is on track"),
    Kind.ASK_AGAIN: N_("ask you once more whether it is on track"),
    Kind.HEADS_UP: N_("ask you whether the date still suits you"),
    Kind.NO_WORD: N_("tell you that there is no answer yet"),
    Kind.LAST_CALL: N_("ask you for a last word before the deadline"),
    Kind.CALL_AGAIN: N_("ask you once more for a last word"),
    Kind.SIDE_QUESTION: N_("ask you beside other news whether it is on track"),
    Kind.OFFER_OPEN: N_("ask you for an answer to what the other side proposed"),
    Kind.DUE_NOW: N_("ask you whether it is done"),
    Kind.OVERDUE: N_("ask you whether it is done"),
    Kind.LET_GO: N_("ask you whether to let it go"),
    Kind.SNOOZED: N_("ask you again, as you wished"),
    Kind.ASKED: N_("ask you, because the other side wants to know"),
}


def next_line(upcoming: Upcoming | None, zone: str) -> list[Block]:
    """Return when Kept will next send its reader a message about a promise, and which; empty if none."""
    if upcoming is None:
        return []
    return [
        context(_("Next: {when}, I {ask}.").format(when=when(upcoming.at, zone), ask=_(NEXT[upcoming.candidate.kind])))
    ]
