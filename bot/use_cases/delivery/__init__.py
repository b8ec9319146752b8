"""Delivery of messages: claim, send, record. `Deliveries` is the entry point."""

from bot.use_cases.delivery.deliveries import Deliveries as Deliveries
from bot.use_cases.delivery.settings import DeliverySettings as DeliverySettings
