"""The two pages after Slack's consent page: next steps, or why the installation failed."""

from html import escape

#: Reasons for a failed installation, by Slack's and Bolt's names, and what a person can do.
REASONS = {
    "access_denied": "You chose not to install it. Nothing was stored.",
    "invalid_browser": "This page was opened in another browser than the one that began, or its cookie is gone.",
    "invalid_state": "This link was used already, or waited longer than ten minutes.",
    "missing_code": "Slack sent no code along.",
    "invalid_code": "Slack did not accept the code: it is good for ten minutes, and once.",
    "other_workspace": "This Kept is for certain workspaces, and yours is none of them. Nothing was stored.",
    "admins_only": "Only an admin of your workspace may install this Kept. Nothing was stored.",
    "not_checked": "Slack did not say whether you are an admin, as installing this Kept requires. Nothing was stored.",
    "slack_silent": "Slack did not answer, so nothing was stored. Try again in a few minutes.",
    "fault": "Kept could not store the installation; the fault is on its side, not yours. Try again in a few minutes. "
    "If it fails again, tell the people who run this Kept: its log says why.",
}
OTHER = "Slack reports: {reason}."

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; }}
a {{ color: #1f4d3a; font-weight: 600; }} code {{ background: #eef4f1; padding: .1em .3em; border-radius: 4px; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16211c; color: #e8efe9; }} a {{ color: #8fd3b3; }}
code {{ background: #24352d; }} }}
</style></head>
<body><main><h1>{title}</h1>{body}</main></body>
</html>
"""


def success_page(workspace: str, app_id: str, team_id: str | None, client_page: str = "") -> str:
    """Return the page that says what to do next in Slack, which the browser opens at `client_page` or as an app."""
    place = f"Kept is installed in {escape(workspace)}." if workspace else "Kept is installed."
    link = f"slack://app?team={escape(team_id)}&amp;id={escape(app_id)}" if team_id and app_id else "slack://open"
    link = escape(f"{client_page}{team_id or ''}") if client_page else link
    steps = (
        "<ol><li>In a channel where promises are made: <code>/invite @Kept</code></li>"
        "<li>Then promise something: <code>/promise @colleague send the deck by Friday 5pm</code></li></ol>"
    )
    return _PAGE.format(title="Kept is ready", body=f'<p>{place}</p>{steps}<p><a href="{link}">Open Slack</a></p>')


def failure_page(reason: str, again: str) -> str:
    """Return the page that says why Kept was not installed and how to try again."""
    why = REASONS.get(reason) or OTHER.format(reason=escape(reason[:100]))
    body = f'<p>{why}</p><p><a href="{escape(again)}">Try again</a></p>'
    return _PAGE.format(title="Kept was not installed", body=body)
