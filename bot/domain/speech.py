"""Classify sentences in channels and direct messages: promise of the writer, request, or neither."""

import re

#: Phrases of commitment: "I'll send", "I will", "ich schicke". "I can" needs a verb of action after it.
_PROMISES = re.compile(
    r"\b(?:I['’]ll|I\s+will|I['’]m\s+going\s+to|I['’]m\s+gonna|I\s+promise|I\s+can(?!['’]?t\b|not\b)|let\s+me|will\s+do|we['’]ll|we\s+will"
    r"|ich\s+(?:werde|verspreche|kann|schicke|sende|mache|liefere|bringe|erledige|schreibe|baue|prüfe|kümmere|gebe|stelle|reiche|melde"
    r"|bereite|lade|aktualisiere|überarbeite)"
    r"|(?:schicke|sende|mache|liefere|bringe|erledige|schreibe|prüfe)\s+ich|wir\s+(?:werden|liefern|schicken))\b"
    r"|\bI['’]d\s+be\s+happy\s+to\s+(?=send|do|make)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:can|could|will|would)\s+(?:you|someone|somebody|anyone|anybody|one\s+of)\b|\b(?:please|pls)\b"
    r"|\bI\s+need\b|\bneed(?:ed)?\s+from\s+you\b|\b(?:kannst|könntest|würdest)\s+du\b|\bbitte\b",
    re.IGNORECASE,
)
#: What stands at the head of a request, behind the person it is for; "@" is a mention. "I need to" begins a promise.
_ASKING_HEAD = (
    r"(?:please|pls|plz|bitte|(?:can|could|will|would)\s+you|(?:kannst|könntest|würdest)\s+du"
    r"|should|must|needs\s+to|has\s+to|sollte|soll|muss)"
)
#: What a sentence about the person named says that they do or owe: "@ owes me the deck", "@ said that …".
_OF_THE_NAMED = (
    r"(?:owes|promised|promises|agreed|said|says|is\s+going\s+to|need\s+(?!to\b)"
    r"|schuldet|hat\s+(?:mir|uns|gesagt|versprochen|zugesagt)|sagte?|versprach)"
)
_ASKS_THE_NAMED = re.compile(
    rf"^(?:@[\s,:]*)*(?:{_ASKING_HEAD}\b|(?:can|could|will|would|kann|könnte)\s+@|I\s+need\s+(?!to\b)|ich\s+brauche\b)"
    rf"|^(?:@[\s,:]*)+{_OF_THE_NAMED}\b"
    r"|\b(?:send|give|get|bring|show|tell|forward|email|mail|call|ping|pass|help|remind)\s+(?:me|us)\b|\blet\s+(?:me|us)\s+know\b"
    r"|\b(?:schicke?|sende|gib|bringe?|zeige?|sage?|hilf)\s+(?:mir|uns)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(rf"^{_ASKING_HEAD}\s+", re.IGNORECASE)
#: A request without a name.
_ASKS_SOMEBODY = re.compile(
    r"\A(?:(?:hey|hi|hallo)\b[\s,]*)?(?:(?:can|could|will|would)\s+(?:you|(?:some|any)(?:one|body))\b"
    r"|(?:kannst|könntest|würdest)\s+du\b|kann\s+(?:jemand|mir)\b|I\s+need\s+(?!to\b)|ich\s+brauche\b"
    r"|(?:send|give|get|bring|show|tell|forward)\s+(?:me|us)\b|(?:schicke?|sende|gib)\s+(?:mir|uns)\b)",
    re.IGNORECASE,
)
#: The writer says that they will not or cannot do it; "@" is a mention. "I won't forget to …" promises it.
_DENIES = re.compile(
    r"\A(?:@[\s,:]*|(?:hey|hi|sorry|sry|unfortunately|afraid|I['’]?m\s+afraid|leider|hallo|nein|no)\b[\s,:;.!–-]*)*"
    r"(?:(?:(?:I|we)\s+)?(?:can['’]?t|cannot|can\s+not|won['’]?t|will\s+not|couldn['’]?t|(?:am\s+)?unable\s+to)\b(?!-)"
    r"|(?:I|we)\s+(?:don['’]?t\s+think|doubt|may\s+not|might\s+not)\b"
    r"|(?:(?:I['’]?m|I\s+am|we['’]?re|we\s+are)\s+)?not\s+(?:going\s+to|gonna|able\s+to)\b|(?:no\s+)?(?:way|chance)\s+I\b"
    r"|(?:ich|wir)\s+(?:schaff\w*|kann|können|werden?)\b[^.;!?]{0,40}\bnicht\b"
    r"|(?:das|es)\s+(?:schaff\w*|kann|klappt|geht|wird)\b[^.;!?]{0,40}\bnicht\b)"
    r"(?!\s+(?:forget|miss|fail|be\s+late|vergessen|versäumen)\b)",
    re.IGNORECASE,
)
#: The writer says when they are away.
_ABSENT = re.compile(
    r"\A(?:(?:I['’]?m|I\s+am|I['’]?ll\s+be|I\s+will\s+be|ich\s+bin)\s+)?(?:out\s+of\s+(?:the\s+)?office|out|ooo|off(?:\s+sick)?|away|sick|ill"
    r"|on\s+(?:vacation|holidays?|leave|pto)|vacation|holidays?|pto|annual\s+leave|krank|im\s+urlaub|urlaub|abwesend)[\s,:]+(?P<when>[^\s,:].*)",
    re.IGNORECASE,
)
#: Words that rule out a promise: refusal, condition, guess, question, reported speech.
_NO_PROMISE = re.compile(
    r"\b(?:can['’]?t|cannot|can\s+not|won['’]?t|will\s+not|never|not\s+(?:going|able|be|have|make|get|finish)|unable|don['’]?t|doesn['’]?t|isn['’]?t"
    r"|hardly|barely|nothing|no\s+longer|no\s+way|not\s+gonna"
    r"|if|unless|provided|assuming|in\s+case|whether|once\s+(?:you|we|they|he|she)|as\s+long\s+as|depending|might|maybe|perhaps|probably|possibly"
    r"|could|would|should|hopefully|I\s+(?:hope|think|guess|doubt|wish|wonder|try)|try(?:ing)?\s+to|see\s+(?:if|whether|what)"
    r"|said|says|told|asked|claims?|promised|heard|wrote|mentioned|according"
    r"|nicht|nie|niemals|kein(?:e[nmrs]?)?|nichts|wenn|falls|sofern|ob|vielleicht|wahrscheinlich|vermutlich|eventuell|hoffentlich|würde|könnte"
    r"|sagte|sagt|meinte|hat\s+gesagt|versprach|laut)\b",
    re.IGNORECASE,
)
#: Phrases about absence and attendance, which are no promises.
_LEAVE = re.compile(
    r"\b(?:be|am|['’]m|bin|werde|sein|are)\s+(?:\w+\s+){0,3}?(?:away|off|out|on\s+(?:vacation|leave|holiday|pto|parental|the\s+train|a\s+plane)"
    r"|in\s+(?:a\s+meeting|meetings|berlin|town|london|the\s+office|urlaub|paris)|at\s+(?:the|a|lunch|home)|back|late|there|here|travell?ing|unavailable|available"
    r"|offline|online|sick|ooo|weg|krank|unterwegs|im\s+(?:urlaub|büro|home\s*office)|da|zurück|abwesend|free|busy|around|gone)\b"
    r"|\b(?:vacation|annual\s+leave|parental\s+leave|day\s+off|urlaub|out\s+of\s+(?:the\s+)?office|ooo|wfh)\b"
    r"|\b(?:I['’]ll|I\s+will|I\s+can|we['’]ll|we\s+will)\s+(?:meet|join|attend|miss|leave|arrive|come|stay|wait|see|think|know|be|need|want|love|enjoy|sleep"
    r"|remember|forget|have\s+to|have\s+lunch|have\s+been|take\s+(?:a\s+day|the\s+day|friday|monday|off)|work\s+from|talk|catch|let\s+it)\b"
    r"|\bich\s+(?:komme|bin|gehe|fahre|habe|fehle)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\?\s*(?:$|\n)|^\s*(?:can|could|shall|should|do|does|did|will(?!\s+do\b)|would|what|when|why|who|how|soll|kann|darf|wann|wer|was|wie)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"^\s*(?:>|&gt;)|[\"“„«][^\"”“»]{0,300}(?:I['’]ll|I\s+will|ich)[^\"”“»]{0,300}[\"”“»]", re.IGNORECASE
)
#: Maximum length of a message that is classified.
LONGEST = 1_000


def sounds_like_a_promise(text: str) -> bool:
    """Return whether the writer says that they will do something; in a direct message that is enough to ask.

    >>> sounds_like_a_promise("I'll send the deck by Friday"), sounds_like_a_promise("the deck is due on Friday")
    (True, False)
    """
    return _PROMISES.search(text) is not None


def is_worth_offering(text: str) -> bool:
    """Return whether a channel message certainly makes a promise.

    >>> is_worth_offering("I'll send the deck by Friday"), is_worth_offering("I can't come by Friday, sorry")
    (True, False)
    """
    if len(text) > LONGEST or not sounds_like_a_promise(text):
        return False
    return not any(pattern.search(text) for pattern in (_NO_PROMISE, _LEAVE, _QUESTION, _QUOTED))


def sounds_like_a_request(text: str) -> bool:
    """Return whether the writer asks for something to be done.

    >>> sounds_like_a_request("Could you send me the deck by Friday?"), sounds_like_a_request("I'll send it by Friday")
    (True, False)
    """
    return _ASKS.search(text) is not None and not sounds_like_a_promise(text)


def asks_the_named(text: str) -> bool:
    """Return whether a command that names a person asks them for something; each mention in it is written "@".

    >>> [asks_the_named(f"@ {words}") for words in ("please send me the deck", "should send it", "send you the deck")]
    [True, True, False]
    >>> [asks_the_named(text) for text in ("can @ send it?", "I need the deck from @", "I need to send @ the deck")]
    [True, True, False]
    """
    return _ASKS_THE_NAMED.search(text) is not None


def without_asking(what: str) -> str:
    """Return what is asked for without its first words.

    >>> without_asking("please send me the deck"), without_asking("should send it")
    ('send me the deck', 'send it')
    """
    return _HEAD.sub("", what, count=1)


def asks_without_a_name(text: str) -> bool:
    """Return whether a text without a name asks for something.

    >>> [asks_without_a_name(text) for text in ("can you send it", "I need the deck", "I need to send it")]
    [True, True, False]
    """
    return _ASKS_SOMEBODY.match(text) is not None


def refuses(text: str) -> bool:
    """Return whether the writer says that they will not or cannot do it; each mention is written "@".

    >>> [refuses(text) for text in ("@ I can't do it by Friday", "sorry, won't make Friday", "I won't forget it")]
    [True, True, False]
    >>> refuses("find out why they can't log in"), refuses("ich schaffe es nicht bis Freitag")
    (False, True)
    """
    return _DENIES.match(text) is not None


def absence_in(text: str) -> str:
    """Return when the writer says that they are away; empty if they do not.

    >>> absence_in("I'm out Friday"), absence_in("ooo next week"), absence_in("send it Friday")
    ('Friday', 'next week', '')
    """
    found = _ABSENT.fullmatch(text)
    return found["when"] if found else ""
