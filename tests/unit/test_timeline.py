"""What the sandbox's clock tells of what is to come."""

from bot.domain.agenda import Hold
from bot.domain.kinds import Kind
from bot.views.timeline import HELD, WILL


def test_every_kind_of_message_can_be_told_before_it_comes() -> None:
    assert set(WILL) == set(Kind)
    assert set(HELD) == set(Hold)
    assert all("{to}" in words for kind, words in WILL.items() if kind is not Kind.REFRESH)
