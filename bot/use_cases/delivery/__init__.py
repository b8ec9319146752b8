"""How a message leaves: claimed, sent, recorded. `Deliveries` is the one way in."""

from bot.use_cases.delivery.deliveries import Deliveries as Deliveries
from bot.use_cases.delivery.sending import Sending as Sending
