"""Writes the pages of reference that come from the code: `make docs` runs it, and a test holds them up to date."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml

from bot.domain.acts import MAKING, RULES, ActRule, Role, State
from docs.gallery_page import gallery_page, german_page
from docs.http_page import http_page
from docs.imports import diagram
from docs.metrics_page import metrics_page
from docs.operator_pages import commands_page, settings_page

HERE = Path(__file__).parent


def loop_page() -> str:
    """docs/loop.md: the act table and its diagram."""
    rows = "\n".join(_row(rule) for rule in RULES)
    return (
        "# The loop\n\n"
        "Generated from `bot/domain/acts.py` by `make docs`; a test fails when it is out of date.\n\n"
        "Old terms bind while a proposal is open, one proposal is open at a time, and only the requester or the clock\n"
        "closes a promise as kept. Promised to nobody but oneself or a channel, a report closes it at once.\n\n"
        f"```mermaid\n{_diagram()}\n```\n\n"
        "| act | from | by | to | proposal |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _row(rule: ActRule) -> str:
    frm = "–" if rule.act in MAKING else ", ".join(state.value for state in State if state in rule.frm)
    by = " or ".join(role.name.lower() for role in Role if role in rule.by)
    proposal = {"any": "", "none": "none open", "open": "answers it"}[rule.pending.value]
    proposal = ", ".join(filter(None, [proposal, "ends it" if rule.clears_proposal else ""]))
    return f"| {rule.act.value} | {frm} | {by} | {rule.to.value if rule.to else 'stays'} | {proposal} |"


def _diagram() -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for rule in RULES:
        for frm in ["[*]"] if rule.act in MAKING else [state.value for state in State if state in rule.frm]:
            if rule.to and rule.to is not State.UNDONE and rule.to.value != frm:
                arrows.setdefault((frm, rule.to.value), []).append(rule.act.value)
    lines = [f"    {frm} --> {to}: {', '.join(acts)}" for (frm, to), acts in arrows.items()]
    ends = [f"    {state.value} --> [*]" for state in State if not state.is_open and state is not State.UNDONE]
    return "\n".join(["stateDiagram-v2", *lines, *ends])


def install_page() -> str:
    """docs/install.md with the link that creates the app from manifest.yaml in one click."""
    text = (HERE / "install.md").read_text(encoding="utf-8")
    manifest = yaml.safe_load((HERE.parent / "manifest.yaml").read_text(encoding="utf-8"))
    query = urlencode({"new_app": "1", "manifest_json": json.dumps(manifest, separators=(",", ":"))}, quote_via=quote)
    link = f"[Create the app from its manifest](https://api.slack.com/apps?{query})"
    return re.sub(r"(<!-- manifest link -->).*?(<!-- /manifest link -->)", lambda m: m[1] + link + m[2], text)


def architecture_page() -> str:
    """docs/architecture.md with the imports between its packages as a diagram."""
    text = (HERE / "architecture.md").read_text(encoding="utf-8")
    return re.sub(
        r"(<!-- imports -->).*?(<!-- /imports -->)", lambda m: f"{m[1]}\n{diagram()}\n{m[2]}", text, flags=re.DOTALL
    )


PAGES = {
    "architecture.md": architecture_page,
    "loop.md": loop_page,
    "install.md": install_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "messages.md": gallery_page,
    "messages.de.md": german_page,
    "http.md": http_page,
    "metrics.md": metrics_page,
}


def main() -> None:
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
