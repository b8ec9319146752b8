"""Sentences in the code that people read, and whether each is marked for the catalogues."""

import ast
import re
from collections.abc import Iterator
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
    "bot/domain/listing.py": "words to be recognised",
    "bot/domain/ordinary_words.py": "words to be recognised",
    "bot/domain/export.py": "a table for programs",
    "bot/domain/networks.py": "a setting of the process",
    "bot/domain/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "bot/views/limits.py": "faults for developers",
    "handlers/api": "for programs",
    "handlers/assistant": "for programs",
    "handlers/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "bot/use_cases/workflow_steps.py": "read in the log of Slack's Workflow Builder",
    "handlers/installing.py": "pages for the person who installs",
    "handlers/install_pages.py": "pages for the person who installs",
    "handlers/workspaces.py": "for those who run Kept",
    "handlers/installed.py": "for those who run Kept",
    "handlers/http.py": "for those who run Kept",
    "handlers/socket.py": "for those who run Kept",
    "handlers/protocol.py": "for programs",
    "handlers/routes.py": "commands as they are typed",
}
#: Names of tables that are recognised, stored, or shown in the sandbox alone.
NOT_READ = frozenset({"_NAMES_STORED", "WILL", "HELD"})
#: Calls whose texts nobody in Slack reads.
_SILENT = frozenset(
    "compile info warning error exception debug ValueError TypeError RuntimeError AssertionError KeyError PayloadError "
    "SlackApiError NaiveTimeError TypeVar NewType cast get_logger ExceptionGroup _route match fullmatch sub search split "
    "strftime startswith endswith removeprefix removesuffix NamedTuple create_task header Guess".split()
)
_SENTENCE = re.compile(r"[^\W\d_]{2,}[’']?[\w]*,? +[^\W\d_]{2,}|^[A-Z][a-z]+[.:?!]? ?$|[a-z]{3,}[.?!]$")
_NO_SENTENCE = re.compile(r"\\[sbdw]|\(\?|^/|^`[^`]*`$|https?://|^[a-z_]+(?:[.:/-][a-z_.0-9-]+)+$|^<[!@#]")


def python_files() -> Iterator[Path]:
    for folder in READ:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not any(name == other or name.startswith(f"{other}/") for other in OTHERS):
                yield path


def unmarked(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each sentence that is not marked."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sentence = _SENTENCE.search(node.value.strip()) and not _NO_SENTENCE.search(node.value.strip())
            if is_sentence and not _is_passed_over(node, parents):
                yield node.lineno, node.value


def _is_passed_over(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, (ast.Expr, ast.MatchValue, ast.Subscript)):  # docstrings and keys
        return True
    inner: ast.AST = node
    while inner in parents:
        outer = parents[inner]
        if isinstance(outer, ast.Call) and inner is not outer.func:
            name = getattr(outer.func, "id", getattr(outer.func, "attr", ""))
            if name in MARKS or name in _SILENT:
                return True
        if isinstance(outer, ast.Compare) or (isinstance(outer, ast.Dict) and inner in outer.keys):
            return True
        if isinstance(outer, (ast.Assign, ast.AnnAssign)):
            targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
            if any(isinstance(target, ast.Name) and target.id in NOT_READ for target in targets):
                return True
            if isinstance(outer, ast.AnnAssign) and inner is outer.annotation:
                return True
        if isinstance(outer, ast.arg) or (isinstance(outer, ast.FunctionDef) and inner is outer.returns):
            return True
        inner = outer
    return False
