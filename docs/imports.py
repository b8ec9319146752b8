"""Draw the packages of the code as boxes, and the imports between them, for docs/architecture.md."""

import grimp

PACKAGES = ("bot", "handlers", "scheduler", "sandbox")
#: Packages and modules of `bot` that get a box of their own.
BOXES = ("bot.domain", "bot.ports", "bot.use_cases", "bot.views", "bot.storage", "bot.services", "bot.language")
#: Beginnings of the names of modules that reach outside (Slack, webhooks, clock, holidays, metrics), and of those that
#: put a process together; the rest of `bot` is the base: settings and files of the package.
OUTSIDE = (
    "slack",
    "webhook_caller",
    "profiles",
    "clock",
    "holidays_of",
    "region_names",
    "logs",
    "metrics",
    "readiness",
    "repeats",
)
PROCESS = (
    *("app", "backlog_metrics", "cli", "doctor", "export", "key_rotation", "process", "warm_up", "sandboxed"),
    *("serving", "tracing", "understand", "__main__"),
)


def box_of(module: str) -> str:
    """Return the box that a module belongs to.

    >>> box_of("bot.domain.reading.dates"), box_of("bot.app"), box_of("handlers.making")
    ('bot.domain', 'bot: process', 'handlers')
    """
    inside = [box for box in BOXES if module == box or module.startswith(f"{box}.")]
    package, _, name = module.partition(".")
    if inside or package != "bot" or not name:
        return inside[0] if inside else package
    if name.partition(".")[0] in PROCESS:
        return "bot: process"
    return "bot: outside" if name.startswith(OUTSIDE) else "bot: base"


def arrows() -> dict[tuple[str, str], int]:
    """Return how many imports lead from one box into another."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    counted: dict[tuple[str, str], int] = {}
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            pair = box_of(importer), box_of(imported)
            if pair[0] != pair[1]:
                counted[pair] = counted.get(pair, 0) + 1
    return counted


def diagram() -> str:
    """Return the boxes and the arrows between them as a Mermaid flowchart."""
    found = sorted(arrows())
    lines = [f"    {_name(importer)} --> {_name(imported)}" for importer, imported in found]
    boxes = sorted({box for pair in found for box in pair} | {"sandbox"})
    return "\n".join(["```mermaid", "flowchart TD", *(f"    {_name(box)}[{box}]" for box in boxes), *lines, "```"])


def _name(box: str) -> str:
    return box.replace(".", "_").replace(": ", "_")
