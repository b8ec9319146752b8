"""What people type, turned into what Slack stores and sends."""

import re

from sandbox.workspace import Kind, Workspace

_ENTITY = re.compile(r"(?<![\w@#])([@#])([\w.-]*\w)")
_SPECIAL = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def entities(workspace: Workspace, text: str, user_id: str, *, labels: bool) -> str:
    """Typed text with its @people and #places made into references; `labels` adds |name as commands get it."""

    def reference(found: re.Match[str]) -> str:
        sign, name = found.groups()
        if sign == "#":
            channel = workspace.channel_named(name)
            known = channel and (channel.kind is Kind.PUBLIC or user_id in channel.members)
            return f"<#{channel.id}|{channel.name if labels else ''}>" if channel and known else found[0]
        if name.lower() in _SPECIAL:
            return _SPECIAL[name.lower()]
        user = workspace.user_named(name)
        if user is None or user.deleted or user.id == name:
            return found[0]
        return f"<@{user.id}|{user.name}>" if labels else f"<@{user.id}>"

    return _ENTITY.sub(reference, escaped(text))
