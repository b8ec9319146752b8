"""Check response_urls: with a leaked signing secret, a forged request must not make Kept call other hosts."""

from urllib.parse import urlsplit

from bot.setting_rules import is_loopback

#: Slack's hosts for response_url: the commercial one and that of GovSlack.
HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})


def is_slacks(url: str, api_url: str) -> bool:
    """Return whether a response_url leads to Slack, or to the host that stands in for it in `api_url`.

    >>> api = "https://slack.com/api/"
    >>> [is_slacks(url, api) for url in ("https://hooks.slack.com/commands/1", "http://hooks.slack.com/", "https://x.io")]
    [True, False, False]
    >>> is_slacks("http://127.0.0.1:4000/answers", "http://127.0.0.1:4000/api/")
    True
    """
    try:
        address = urlsplit(url)
        host, api_host = address.hostname, urlsplit(api_url).hostname
    except ValueError:
        return False
    is_safe = address.scheme == "https" or (address.scheme == "http" and is_loopback(url))
    return is_safe and bool(host) and (host in HOOKS or host == api_host)
