"""How a sentence sounds that nobody addressed to Kept: like somebody's promise, like a request, or like a report."""

import re

_PROMISES = re.compile(
    r"\b(?:I['’]ll|I\s+will|I['’]m\s+going\s+to|I\s+can|I\s+promise|let\s+me|will\s+do|we['’]ll|we\s+will"
    r"|ich\s+(?:werde|schicke|mache|liefere|bringe|erledige|verspreche)|mache\s+ich)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:can|could|will|would)\s+(?:you|someone|somebody|anyone|anybody|one\s+of)\b|\b(?:please|pls)\b"
    r"|\bI\s+need\b|\bneed(?:ed)?\s+from\s+you\b|\b(?:kannst|könntest|würdest)\s+du\b|\bbitte\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:(?:it['’]s|it\s+is|all|that['’]s)\s+)?(?:done|delivered|sent|shipped|finished|completed?|erledigt|fertig)\b"
    r"[\s,;:.!–—-]*(?P<note>.*)",
    re.IGNORECASE | re.DOTALL,
)


def sounds_like_a_promise(text: str) -> bool:
    """Whether its writer speaks of what they will do.

    >>> sounds_like_a_promise("I'll send the deck by Friday"), sounds_like_a_promise("the deck is due on Friday")
    (True, False)
    """
    return _PROMISES.search(text) is not None


def sounds_like_a_request(text: str) -> bool:
    """Whether its writer asks somebody to do something.

    >>> sounds_like_a_request("Could you send me the deck by Friday?"), sounds_like_a_request("I'll send it by Friday")
    (True, False)
    """
    return _ASKS.search(text) is not None and not sounds_like_a_promise(text)


def note_of_report(text: str) -> str | None:
    """The words after "done", where somebody says that it is; None when they say something else.

    >>> note_of_report("Done! It is in the folder"), note_of_report("done."), note_of_report("not done yet")
    ('It is in the folder', '', None)
    """
    said = _DONE.fullmatch(text.strip())
    return said["note"].strip() if said else None
