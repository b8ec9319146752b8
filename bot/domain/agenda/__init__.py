"""The agenda of one person: decide which messages to send them now, from the facts of that moment.

`agenda(facts, now)` is the only place that decides whether, when and with which others a message is sent.
"""

from bot.domain.agenda.deciding import SPACING as SPACING
from bot.domain.agenda.deciding import agenda as agenda
from bot.domain.agenda.deciding import day_began_at as day_began_at
from bot.domain.agenda.deciding import upcoming as upcoming
from bot.domain.agenda.facts import ActRecord as ActRecord
from bot.domain.agenda.facts import Candidate as Candidate
from bot.domain.agenda.facts import Case as Case
from bot.domain.agenda.facts import Entry as Entry
from bot.domain.agenda.facts import Facts as Facts
from bot.domain.agenda.facts import Hold as Hold
from bot.domain.agenda.facts import MessageRecord as MessageRecord
from bot.domain.agenda.facts import Send as Send
from bot.domain.agenda.facts import Untold as Untold
from bot.domain.agenda.facts import Upcoming as Upcoming
from bot.domain.agenda.facts import Wait as Wait
from bot.domain.agenda.facts import is_on_record as is_on_record
from bot.domain.agenda.in_turn import Decided as Decided
from bot.domain.agenda.in_turn import Turn as Turn
from bot.domain.agenda.in_turn import waiting_for as waiting_for
from bot.domain.agenda.news import ANSWERS as ANSWERS
from bot.domain.agenda.news import OFFER_ACTS as OFFER_ACTS
from bot.domain.agenda.news import STATES_TERMS as STATES_TERMS
from bot.domain.agenda.news import is_answered as is_answered
from bot.domain.agenda.news import precedence as precedence
from bot.domain.agenda.news import voids_offer as voids_offer
from bot.domain.agenda.truth import is_still_true as is_still_true
from bot.domain.agenda.unanswered import heir_asked_again as heir_asked_again
