"""Find misspelt settings: a name like SLACK_BOT_TOKN would be ignored in silence."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

#: Prefixes of Kept's own settings. Others (HOST, PORT, DATABASE_URL) are shared by many programs.
PREFIXES = ("SLACK_", "KEPT_")
#: Names that this project's own tests and benchmarks read.
FOR_TESTS = frozenset(
    {
        *("KEPT_LONG", "KEPT_FOREIGN_SLACK", "KEPT_FAKETIME"),
        *("KEPT_BENCH_FULL", "KEPT_BENCH_QUICK", "KEPT_BENCH_SOAK", "KEPT_BENCH_SOAK_RATE"),
    }
)
#: Names that clients of Kept read, `kept mcp` among them: where one is set, a Kept may run as well.
FOR_CLIENTS = frozenset({"KEPT_ADDRESS", "KEPT_TOKEN"})
#: How alike two names must be (difflib's ratio) for one to be suggested.
LIKENESS = 0.6
#: Variables that Kubernetes sets in every container next to a Service called kept or slack: KEPT_SERVICE_HOST,
#: KEPT_PORT=tcp://10.0.0.1:3000, KEPT_PORT_3000_TCP_ADDR and the like.
_SERVICE = re.compile(r"\w+_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)")
_SERVICE_ADDRESS = re.compile(r"(?:tcp|udp|sctp)://")


def misspelt(given: Mapping[str, str | None], known: Collection[str]) -> list[str]:
    """Return a sentence for each unknown name with one of our prefixes, with the nearest setting.

    >>> misspelt({"SLACK_BOT_TOKN": "x", "PATH": "/bin"}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
    ['SLACK_BOT_TOKN is not a setting of Kept. Did you mean SLACK_BOT_TOKEN?']
    """
    ours = {name for name in given if name.upper().startswith(PREFIXES)}
    return [
        _sentence(name, known)
        for name in sorted(ours - set(known) - FOR_TESTS - FOR_CLIENTS)
        if not _is_service(name, given[name] or "")
    ]


def _sentence(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name.upper(), list(known), n=1, cutoff=LIKENESS)
    if near:
        return f"{name} is not a setting of Kept. Did you mean {near[0]}?"
    return f"{name} is not a setting of Kept. Remove it; names that begin with SLACK_ or KEPT_ are Kept’s own."


def _is_service(name: str, value: str) -> bool:
    return bool(_SERVICE.fullmatch(name)) or (name.endswith("_PORT") and bool(_SERVICE_ADDRESS.match(value)))
