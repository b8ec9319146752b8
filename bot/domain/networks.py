"""Networks as settings name them."""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks_of(text: str) -> tuple[Network, ...]:
    """Return networks written with commas between them. Raises ValueError for what is none.

    >>> networks_of("10.1.0.0/16, ::1")
    (IPv4Network('10.1.0.0/16'), IPv6Network('::1/128'))
    """
    return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())


def checked_networks(text: str) -> str:
    """Return a setting of networks as it stands. Raises ValueError, with a sentence, for what holds none."""
    try:
        networks_of(text)
    except ValueError:
        raise ValueError("must hold networks like 10.1.0.0/16, separated by commas.") from None
    return text
