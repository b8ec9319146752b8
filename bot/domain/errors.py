"""What can go wrong, as sentences for the person who asked: what happened, and what to do next."""


class KeptError(Exception):
    """The root of everything Kept says no to; `str(error)` may be shown to the person as it stands.

    `about` is what is at fault, where one thing is: a person's id, or one of the terms (what, due, rest, note,
    done_when, rating, heir, requester, needs).
    """

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


class NaiveTimeError(KeptError):
    """A time without a zone reached the domain: a fault of ours, never of the person who typed."""


class NotFoundError(KeptError):
    """What was asked for is not there, or not for this person to see."""


class NotAllowedError(KeptError):
    """This person may not do this to this promise."""


class TooLateError(KeptError):
    """The promise has moved on since the button was drawn."""


class ChangedError(TooLateError):
    """The promise is another than the one that a tool read before it asked for the act."""


class UnreadableError(KeptError):
    """The words could not be understood with certainty; nothing was recorded."""


class TooManyError(KeptError):
    """More than is taken within a short time; the attempt may be repeated later."""


class BusyError(KeptError):
    """Somebody else changed the same promise at the same instant; the attempt may simply be repeated."""


class UnreachableError(KeptError):
    """Slack could not be asked; nothing was recorded, so the attempt may be repeated."""
