"""What is not about one promise: the Home tab, and the events that Slack tells."""

from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.answering import Reply
from handlers.home import FRONT, publish_home
from handlers.payloads import Call, text_at
from handlers.services import Services


async def on_home_opened(doors: Services, call: Call) -> Reply:
    if text_at(call.body, "event", "tab") == "home":
        await publish_home(doors, call, text_at(call.body, "event", "view", "private_metadata") or FRONT)
    return Reply()


async def on_home_place(doors: Services, call: Call) -> Reply:
    """A filter or a page of the Home tab."""
    await publish_home(doors, call, call.action_value)
    return Reply()


async def on_nothing(ack: AsyncAck) -> None:
    """Slack counts an unheard event as a failure, and shows a warning beside an unheard button."""
    await ack()
