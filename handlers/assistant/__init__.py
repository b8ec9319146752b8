"""The MCP server for assistants: its tools are calls of /api/v1 with the person's own token."""
