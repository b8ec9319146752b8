"""Turn typed text into the form that Slack stores and sends."""

import re

from sandbox.workspace import User, Workspace

_ENTITY = re.compile(r"(?<![\w@#])([@#])([\w.-]*\w)")
_SPECIAL = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def entities(workspace: Workspace, text: str, user: User, *, labels: bool) -> str:
    """Typed text with its @people and #places made into references; `labels` adds |name as commands get it."""

    def reference(found: re.Match[str]) -> str:
        sign, name = found.groups()
        if sign == "#":
            channel = workspace.channel_named(name, user.team)
            known = channel and channel.readable_by(user)
            return f"<#{channel.id}|{channel.name if labels else ''}>" if channel and known else found[0]
        if name.lower() in _SPECIAL:
            return _SPECIAL[name.lower()]
        named = workspace.user_named(name, user.team)
        if named is None or named.deleted or named.id == name or not workspace.is_known(named, user):
            return found[0]
        return f"<@{named.id}|{named.name}>" if labels else f"<@{named.id}>"

    return _ENTITY.sub(reference, escaped(text))
