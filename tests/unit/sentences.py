"""Sentences in the code that people read, and whether each is marked for the catalogues."""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MARKS = frozenset({"_", "N_", "ngettext", "pgettext"})
#: Whose sentences people read. In the others, sentences are for those who run Kept, or for programs.
READ = ("bot/views", "bot/domain", "bot/use_cases", "handlers")
#: Files without a sentence for a reader in Slack, and why.
OTHERS = {
    "bot/domain/reading": "words to be recognised",
    "bot/domain/answers.py": "words to be recognised",
    "bot/domain/commands.py": "commands as they are typed",
    "bot/domain/likely_answers.py": "words to be recognised",
    "bot/domain/listing.py": "words to be recognised",
    "bot/domain/ordinary_words.py": "words to be recognised",
    "bot/domain/export.py": "a table for programs",
    "bot/domain/networks.py": "a setting of the process",
    "bot/domain/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "handlers/api": "for programs",
    "handlers/assistant": "for programs",
    "handlers/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "bot/use_cases/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "handlers/oauth.py": "pages for the person who installs",
    "handlers/install_pages.py": "pages for the person who installs",
    "handlers/workspaces.py": "for those who run Kept",
    "handlers/installed.py": "for those who run Kept",
    "handlers/http.py": "for those who run Kept",
    "handlers/socket.py": "for those who run Kept",
    "handlers/protocol.py": "for programs",
    "handlers/routes.py": "commands as they are typed",
}
#: Names of tables and functions with words that are recognised, stored in English, or not shown in Slack.
NOT_READ = {
    "bot/domain/addressing.py": "GIVING TOWARDS FOLLOWING _NO_NAMES",
    "bot/domain/due_dates.py": "__all__",
    "bot/domain/kinds.py": "EITHER BEFORE AFTER NONE",
    "bot/domain/leavers.py": "WORDS",
    "bot/domain/moving.py": "_GOES_ON",
    "bot/domain/preferences.py": "_NAMES _written",
    "bot/domain/retention.py": "WORDS",
    "bot/use_cases/access.py": "AUDITED",
    "bot/use_cases/preferences.py": "DEFAULTS",
    "bot/use_cases/webhooks.py": "AUDITED",
    "bot/views/timeline.py": "WILL HELD",
    "handlers/export.py": "PRIVATE",
    "handlers/near_commands.py": "ACTING _ASKED",
}
#: Calls whose texts are not shown in Slack.
_SILENT = frozenset(
    "compile info warning error exception debug ValueError TypeError RuntimeError AssertionError KeyError PayloadError "
    "SlackApiError NaiveTimeError TypeVar NewType cast get_logger ExceptionGroup _route match fullmatch sub search "
    "split strftime startswith endswith removeprefix removesuffix create_task Guess digest_over put_off "
    "record_done _report Planned".split()
)
_SENTENCE = re.compile(r"[^\W\d_]{2,}[’']?[\w]*,? +[^\W\d_]{2,}|^[A-Z][a-z]+[.:?!]? ?$")
_NO_SENTENCE = re.compile(r"\\[sbdw]|\(\?|^/|^`[^`]*`$|https?://|^[a-z_]+(?:[.:/-][a-z_.0-9-]+)+$|^<[!@#]")


def python_files() -> Iterator[Path]:
    for folder in READ:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(name == other or name.startswith(f"{other}/") for other in OTHERS):
                yield path


def unmarked(source: str, not_read: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each sentence that is not marked, but in tables and functions of these names."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sentence = _SENTENCE.search(node.value.strip()) and not _NO_SENTENCE.search(node.value.strip())
            if is_sentence and not _is_passed_over(node, parents, not_read):
                yield node.lineno, node.value


def _is_passed_over(node: ast.AST, parents: dict[ast.AST, ast.AST], not_read: Collection[str]) -> bool:
    parent = parents[node]
    if isinstance(parent, (ast.Expr, ast.MatchValue, ast.Subscript)):  # docstrings and keys
        return True
    if (
        isinstance(parent, ast.Tuple) and len(parent.elts) == 2 and parent.elts[0] is node
    ):  # a command, and what it does
        return True
    return any(_is_silent(outer, inner, not_read) for inner, outer in _outwards(node, parents))


def _outwards(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[tuple[ast.AST, ast.AST]]:
    while node in parents:
        yield node, parents[node]
        node = parents[node]


def _is_silent(outer: ast.AST, inner: ast.AST, not_read: Collection[str]) -> bool:
    match outer:
        case ast.Call(func=func) if inner is not func:
            return getattr(func, "id", getattr(func, "attr", "")) in MARKS | _SILENT
        case ast.Dict(keys=keys):
            return inner in keys
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name in not_read or inner is getattr(outer, "annotation", None)
        case ast.FunctionDef(name=name, returns=returns) | ast.AsyncFunctionDef(name=name, returns=returns):
            return name in not_read or inner is returns
        case ast.Compare() | ast.arg() | ast.Assert():
            return True
        case _:
            return False
