"""The REST API for other tools: the same use cases and permissions as a click in Slack (docs/adr/0016)."""
