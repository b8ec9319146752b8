"""The recipes of CONTRIBUTING, followed in a copy of the tree: what each adds to which file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Pairs of a text in the file and the text that takes its place; for a new file the first one is empty.
Edits = tuple[tuple[str, str], ...]
MIGRATIONS = "bot/storage/migrations/versions"


@dataclass(frozen=True, slots=True)
class Recipe:
    """`most` is how many files it may touch; `check` is the function of recipe_checks that uses what was added."""

    most: int
    check: str
    files: Mapping[str, Edits]


def _after(anchor: str, added: str) -> tuple[str, str]:
    return anchor, f"{anchor}{added}"


RECIPES = {
    "Add an act": Recipe(
        8,
        "check_act",
        {
            "bot/domain/acts.py": (
                _after('    OFFER_HELP = "offer_help"\n', '    CHEER = "cheer"\n'),
                (
                    "    _rule(Act.OFFER_HELP,",
                    '    _rule(Act.CHEER, _ACTIVE, {Role.REQUESTER}, None, "cheer"),\n    _rule(Act.OFFER_HELP,',
                ),
            ),
            "bot/domain/outcomes.py": (("(Act.PROMISE, Act.REQUEST,", "(Act.CHEER, Act.PROMISE, Act.REQUEST,"),),
            "bot/views/buttons.py": (
                _after('    Act.OFFER_HELP: N_("Offer help"),\n', '    Act.CHEER: N_("Cheer"),\n'),
            ),
            "bot/views/story.py": (
                _after('    Act.OFFER_HELP: N_("{by} offered to help"),\n', '    Act.CHEER: N_("{by} cheered"),\n'),
            ),
            "bot/views/did.py": (
                ("    Act.OFFER_HELP: ", '    Act.CHEER: N_("Cheered {owner}."),\n    Act.OFFER_HELP: '),
                ("**dict.fromkeys((Act.PROMISE, ", "**dict.fromkeys((Act.CHEER, Act.PROMISE, "),
            ),
            "bot/views/notices.py": (
                ("**dict.fromkeys((Act.ACCEPT_REQUEST, ", "**dict.fromkeys((Act.CHEER, Act.ACCEPT_REQUEST, "),
            ),
            "handlers/acting.py": (_after("            | Act.OFFER_HELP\n", "            | Act.CHEER\n"),),
        },
    ),
    "Add a message": Recipe(
        4,
        "check_message",
        {
            "bot/domain/kinds.py": (
                _after('    MIDWAY = "midway"\n', '    EVE = "eve"\n'),
                _after("KINDS: dict[Kind, KindRule] = {\n", "    Kind.EVE: _question(len(Kind) - 1, Phase.BEFORE),\n"),
            ),
            "bot/domain/agenda/nudges.py": (
                (
                    "    yield Candidate(Kind.DUE_NOW, occasion, due_at,",
                    "    yield _before(case, Kind.EVE, occasion, due_at - timedelta(days=1))\n"
                    "    yield Candidate(Kind.DUE_NOW, occasion, due_at,",
                ),
            ),
            "bot/views/nudges.py": (
                _after("WHY: dict[Kind, tuple[str, ...]] = {\n", '    Kind.EVE: (N_("I ask once on the eve."),),\n'),
                _after("_QUESTIONS = {\n", '    Kind.EVE: N_("Ready for tomorrow?"),\n'),
            ),
            "bot/views/timeline.py": (
                _after("WILL: dict[Kind, str] = {\n", '    Kind.EVE: "asks {to} on the eve",\n'),
                _after("NEXT: dict[Kind, str] = {\n", '    Kind.EVE: N_("ask you on the eve"),\n'),
            ),
        },
    ),
    "Add a setting of a person": Recipe(
        4,
        "check_setting",
        {
            "bot/domain/preferences.py": (
                _after("    shows_room: bool = False\n", "    likes_tea: bool = False\n"),
                _after('    "shows_room": "shows room",\n', '    "likes_tea": "likes tea",\n'),
            ),
            "bot/views/settings.py": (
                (
                    '        input_block("quiet", ',
                    '        input_block("likes_tea", _("Tea?"), boxes_input([("yes", _("Tea"))], [])),\n'
                    '        input_block("quiet", ',
                ),
            ),
            "handlers/settings.py": (
                (
                    "        quiet=errors.caught(None, lambda: _quiet(inputs)),\n",
                    '        likes_tea="yes" in inputs.choices("likes_tea"),\n'
                    "        quiet=errors.caught(None, lambda: _quiet(inputs)),\n",
                ),
            ),
        },
    ),
    "Add a setting of the process": Recipe(
        4,
        "check_process_setting",
        {
            "bot/config.py": (
                _after(
                    "    kept_limit_person: int = _setting(_count, 30)\n", "    kept_tea: int = _setting(_count, 7)\n"
                ),
            ),
            ".env.example": (_after("KEPT_LIMIT_PERSON=30\n", "\n# How many cups of tea. Default: 7.\nKEPT_TEA=7\n"),),
        },
    ),
    "Add a command": Recipe(
        3,
        "check_command",
        {
            "handlers/routes.py": (
                (
                    "async def on_show(",
                    "async def on_tea(services: Services, call: Call, words: re.Match[str]) -> Reply:\n"
                    '    return Reply(Message("Tea is ready.", []))\n\n\nasync def on_show(',
                ),
                ("import re\n", "import re\n\nfrom bot.ports import Message\n"),
                _after('    _route(r"help|\\?", on_help),\n', '    _route(r"tea", on_tea),\n'),
            ),
            "bot/domain/commands.py": (_after('    "export": (),\n', '    "tea": (),\n'),),
            "bot/views/help.py": (_after('    N_("For you"): (\n', '        ("tea", N_("have a cup")),\n'),),
        },
    ),
    "Add a column": Recipe(
        4,
        "check_column",
        {
            "bot/domain/promise.py": (_after("    lead_days: int | None = None\n", '    colour: str = ""\n'),),
            "bot/storage/tables.py": (
                _after('    Column("lead_days", Integer),\n', '    Column("colour", String),\n'),
            ),
            f"{MIGRATIONS}/{{next}}_colour.py": (
                (
                    "",
                    "import sqlalchemy as sa\nfrom alembic import op\n\n"
                    'revision = "{next}"\ndown_revision = "{last}"\n\n\n'
                    "def upgrade() -> None:\n"
                    '    op.add_column("promises", sa.Column("colour", sa.String()))\n',
                ),
            ),
            "bot/storage/rows.py": (
                _after('        "lead_days": promise.lead_days,\n', '        "colour": promise.colour,\n'),
                ("lead_days, estimate, priority) = row[27:38]", "lead_days, colour, estimate, priority) = row[27:39]"),
                _after("        lead_days=lead_days,\n", '        colour=colour or "",\n'),
            ),
        },
    ),
    "Add a webhook event": Recipe(
        2,
        "check_event",
        {
            "bot/domain/webhooks.py": (
                _after('TEST, KEPT = "test", "promise.kept"\n', 'MOVED = "promise.moved"\n'),
                (
                    "    closes = RULE_OF",
                    "    if entry.act is Act.ACCEPT_PROPOSAL:\n        return (name, MOVED)\n    closes = RULE_OF",
                ),
            ),
            "docs/api.md": (
                _after("`promise.missed` when a deadline passes,", " `promise.moved` when a new date is agreed,"),
            ),
        },
    ),
    "Add a language for deadlines": Recipe(
        3,
        "check_language",
        {
            "bot/domain/reading/words_nl.py": (
                (
                    "",
                    "from bot.domain.reading.kinds import WordKind\n"
                    "from bot.domain.reading.language import Language\n\n"
                    'DUTCH = Language(code="nl", entries=((WordKind.WEEKDAY, 4, "vrijdag"),))\n',
                ),
            ),
            "bot/domain/due_dates.py": (
                ("in (ENGLISH, GERMAN)}", "in (ENGLISH, GERMAN, DUTCH)}"),
                _after(
                    "from bot.domain.reading.words_en import ENGLISH\n",
                    "from bot.domain.reading.words_nl import DUTCH\n",
                ),
            ),
            "bot/domain/reading/recurrence.py": (('"de": GERMAN}', '"de": GERMAN, "nl": replace(ENGLISH)}'),),
        },
    ),
    "Add a language for sentences": Recipe(
        2,
        "check_sentences",
        {
            "bot/language.py": (
                ('"de": "Deutsch"}', '"de": "Deutsch", "nl": "Nederlands"}'),
                ("UNFINISHED: frozenset[str] = frozenset()", 'UNFINISHED = frozenset({"nl"})'),
            ),
            "bot/locale/nl/LC_MESSAGES/kept.po": (("", 'msgid "Accept"\nmsgstr "Aannemen"\n'),),
        },
    ),
}


def follow(root: Path, recipe: Recipe, but: str = "") -> None:
    """Make a recipe's changes in the tree, except for those in the file `but`. Raises LookupError for a lost anchor."""
    last = max(path.name[:4] for path in (root / MIGRATIONS).glob("[0-9]*.py"))
    numbers = {"{last}": last, "{next}": f"{int(last) + 1:04}"}
    for name, edits in recipe.files.items():
        if name == but:
            continue
        path = root / _filled(name, numbers)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for anchor, replacement in edits:
            if anchor not in text:
                raise LookupError(f"{name} has no {anchor!r} any more: bring its recipe up to date")
            new = replacement if anchor else _filled(replacement, numbers)
            text = text.replace(anchor, new, 1) if anchor else new
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _filled(text: str, numbers: Mapping[str, str]) -> str:
    return re.sub(r"\{(?:last|next)\}", lambda found: numbers[found[0]], text)
