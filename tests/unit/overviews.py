"""The promises of a Home tab as its query returns them, made of whole promises."""

from collections.abc import Sequence

from bot.domain.acts import Act
from bot.domain.ordering import in_order
from bot.domain.overview import Outline, Overview, Show, sections
from bot.domain.promise import Promise
from bot.domain.working_time import WorkingHours
from bot.views.phrases import fresh_word


def outline(promise: Promise) -> Outline:
    word = fresh_word(promise)
    is_doubted = word is not None and word.act == Act.AT_RISK
    terms, priority = promise.terms, promise.weight.priority
    return Outline(promise.id, promise.number, terms.due.at, priority, promise.state, is_doubted)


def overview(
    owing: Sequence[Promise] = (),
    owed: Sequence[Promise] = (),
    at_risk: Sequence[Promise] = (),
    show: Show = Show.ALL,
    page: int = 0,
) -> Overview:
    """Return the overview of promises that were grouped by hand."""
    given = {Show.AT_RISK: at_risk, Show.OWING: owing, Show.OWED: owed}
    groups = {each: [outline(one) for one in in_order(some, WorkingHours())] for each, some in given.items()}
    return Overview(groups, sections(groups, show, page), {one.id: one for some in given.values() for one in some})
