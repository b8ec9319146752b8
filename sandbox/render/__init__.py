"""Turns Slack's texts and blocks into HTML for one reader."""
