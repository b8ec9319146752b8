"""Draw the rooms of the code and the imports between them, for docs/architecture.md."""

import grimp

PACKAGES = ("bot", "handlers", "scheduler", "sandbox")
#: Packages and modules of `bot` that are rooms of their own.
ROOMS = ("bot.domain", "bot.ports", "bot.use_cases", "bot.views", "bot.storage", "bot.services", "bot.language")
#: Beginnings of the names of modules that reach outside (Slack, webhooks, clock, holidays, metrics), and of those that
#: put a process together; the rest of `bot` is the base: settings and files of the package.
OUTSIDE = ("slack", "webhook_caller", "profiles", "clock", "holidays_of", "logs", "metrics", "readiness", "repeats")
PROCESS = (
    *("app", "backlog_metrics", "cli", "doctor", "export", "key_rotation", "process", "warm_up", "sandboxed"),
    *("serving", "tracing", "understand", "__main__"),
)


def room_of(module: str) -> str:
    """Return the room that a module lies in.

    >>> room_of("bot.domain.reading.dates"), room_of("bot.app"), room_of("handlers.making")
    ('bot.domain', 'bot: process', 'handlers')
    """
    inside = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    package, _, name = module.partition(".")
    if inside or package != "bot" or not name:
        return inside[0] if inside else package
    if name.partition(".")[0] in PROCESS:
        return "bot: process"
    return "bot: outside" if name.startswith(OUTSIDE) else "bot: base"


def arrows() -> dict[tuple[str, str], int]:
    """Return how many imports lead from one room into another."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    counted: dict[tuple[str, str], int] = {}
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            pair = room_of(importer), room_of(imported)
            if pair[0] != pair[1]:
                counted[pair] = counted.get(pair, 0) + 1
    return counted


def diagram() -> str:
    """Return the rooms and the arrows between them as a Mermaid flowchart."""
    found = sorted(arrows())
    lines = [f"    {_name(importer)} --> {_name(imported)}" for importer, imported in found]
    rooms = sorted({room for pair in found for room in pair} | {"sandbox"})
    return "\n".join(["```mermaid", "flowchart TD", *(f"    {_name(room)}[{room}]" for room in rooms), *lines, "```"])


def _name(room: str) -> str:
    return room.replace(".", "_").replace(": ", "_")
