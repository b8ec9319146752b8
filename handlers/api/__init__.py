"""Doors for other tools: the same use cases, and the same authority, as a click in Slack (docs/adr/0016)."""
