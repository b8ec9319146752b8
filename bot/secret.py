"""A secret that neither prints nor is logged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class SecretStr:
    """A secret text, which only get_secret_value returns.

    >>> str(SecretStr("xoxb-1")), SecretStr("xoxb-1").get_secret_value()
    ('**********', 'xoxb-1')
    """

    _text: str

    def get_secret_value(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "**********"
