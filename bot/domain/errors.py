"""Errors with sentences for the user: what happened, and what to do next."""


class KeptError(Exception):
    """The base class of refusals; `str(error)` may be shown to the user.

    `about` names the faulty value, if there is one: a person's id, or a field (what, due, rest, note, done_when,
    rating, heir, requester, needs).
    """

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


class NaiveTimeError(KeptError):
    """A time without a zone reached the domain: a programming error, not the user's."""


class NotFoundError(KeptError):
    """The object does not exist, or this person may not see it."""


class NotAllowedError(KeptError):
    """This person may not do this to this promise."""


class TooLateError(KeptError):
    """The promise has moved on since the button was drawn."""


class ChangedError(TooLateError):
    """The promise is another than the one that a tool read before it asked for the act."""


class UnreadableError(KeptError):
    """The words could not be understood with certainty; nothing was recorded."""


class TooManyError(KeptError):
    """Rate limit exceeded; the attempt may be repeated later."""


class BusyError(KeptError):
    """Another transaction changed the same promise concurrently; the attempt may be repeated."""


class UnreachableError(KeptError):
    """Slack could not be asked; nothing was recorded, so the attempt may be repeated."""
