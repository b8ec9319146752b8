"""The door for assistants: an MCP server whose tools are calls of /api/v1 with the person's own token."""
