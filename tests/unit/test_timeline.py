"""Coming messages as the sandbox's clock shows them."""

from bot.domain.agenda import Hold
from bot.domain.kinds import Kind
from bot.views.timeline import HELD, NEXT, WILL


def test_every_kind_of_message_has_a_line_in_the_timeline() -> None:
    assert set(WILL) == set(Kind)
    assert set(HELD) == set(Hold)
    assert set(NEXT) == {kind for kind in Kind if kind.is_nudge}
    assert all("{to}" in words for kind, words in WILL.items() if kind is not Kind.REFRESH)
