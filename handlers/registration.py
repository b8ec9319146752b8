"""Register the handlers with Bolt."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.services import Services
from bot.use_cases.events import Events
from bot.views.buttons import MORE, OPEN
from bot.views.refusing import PART
from handlers import (
    acting,
    away,
    chains,
    clashes,
    commands,
    departures,
    home_events,
    making,
    menus,
    messages,
    nudge_answers,
    obstacles,
    own_data,
    promise_form,
    recurring,
    settings,
    threads,
    tokens,
    webhooks,
)
from handlers.dispatch import Dispatch
from handlers.errors import Handler, Listener, Responder, as_listener
from handlers.name_tables import NameTable
from handlers.payloads import text_at
from handlers.replies import BackgroundTasks
from handlers.responders import ClickResponder, CommandResponder, FormResponder
from handlers.stored_events import keep_events
from handlers.workflow_steps import register_steps

Connect = Callable[[Handler], Listener]
Handlers = Mapping[str | re.Pattern[str], Handler]
#: A pattern that every name matches.
EVERY = re.compile("")
#: What Bolt raises for a payload of an unexpected shape.
SHAPE_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
log = structlog.get_logger("kept.handlers")


async def on_unreadable(error: Exception) -> BoltResponse:
    """Answer requests that reached no handler: the shape was wrong, or Slack could not be asked who we are."""
    log.warning("request not read", error=type(error).__name__)
    return BoltResponse(status=400 if isinstance(error, SHAPE_FAULTS) else 500, body="")


def register(app: AsyncApp, services: Services, events: Events | None = None) -> BackgroundTasks:
    """Register all handlers; return the background tasks, to be drained before the process ends.

    With `events`, events are stored before they are acknowledged.
    """
    background = BackgroundTasks()

    def listener(handle: Handler, responder: Responder) -> Listener:
        return as_listener(handle, responder, services, background)

    click, form = partial(listener, responder=ClickResponder()), partial(listener, responder=FormResponder())
    command = listener(commands.on_command, CommandResponder())
    forms_and_clicks = {"block_actions": _buttons(click).listen, "view_submission": _forms(form).listen}
    app.use(Dispatch({"/promise": command}, forms_and_clicks))
    if events:
        keep_events(app, events, background)
    app.action(EVERY)(home_events.on_nothing)
    app.shortcut("make_promise")(click(promise_form.on_blank_form_wanted))
    app.shortcut("track_message")(click(promise_form.on_message_shortcut))
    app.event("app_home_opened")(click(home_events.on_home_opened))
    app.event("message")(click(messages.on_message))
    app.event("reaction_added")(click(threads.on_reaction))
    register_steps(app, services)
    _of_workspaces(app, services)
    app.event(EVERY)(home_events.on_nothing)
    app.error(on_unreadable)
    return background


def _buttons(click: Connect) -> NameTable:
    """Return the listeners of buttons, menus and fields. A link's button reports its click, too."""
    table = NameTable(lambda body: text_at(body, "actions", 0, "action_id"), _nothing)
    for buttons in (_OF_ACTS, _OF_PEOPLES_TIME, _OF_ONE_PROMISE, _OF_WHAT_WAS_TYPED, _OF_HOME):
        for name, handle in buttons.items():
            table.add(name, click(handle))
    return table


def _forms(form: Connect) -> NameTable:
    table = NameTable(lambda body: text_at(body, "view", "callback_id"), _nothing)
    for name, handle in _FORMS.items():
        table.add(name, form(handle))
    return table


async def _nothing(ack: AsyncAck, *_: object) -> None:
    await home_events.on_nothing(ack)


#: Handlers by the button's name, or what it matches.
_OF_ACTS: Handlers = {
    MORE: menus.on_more,
    OPEN: menus.on_open,
    "act.propose_at": menus.on_date,
    PART: menus.on_part,
    re.compile(r"^act\."): acting.on_act_button,
    re.compile(r"^nudge\."): nudge_answers.on_nudge_button,
}
_OF_PEOPLES_TIME: Handlers = {
    re.compile(r"^clash\.(earlier|later)$"): clashes.on_shift,
    re.compile(r"^away\.(yes|no)$"): away.on_status_answered,
    "away.off": away.on_taken_away,
    "data.forget": own_data.on_forget,
    re.compile(r"^tokens\.open\."): tokens.on_tokens_wanted,
    "tokens.revoke": tokens.on_revoke,
    re.compile(r"^webhooks\.open\."): webhooks.on_webhooks_wanted,
    re.compile(r"^webhooks\.(test|attempts|remove)$"): webhooks.on_webhook_button,
}
_OF_ONE_PROMISE: Handlers = {
    "series.end": recurring.on_end_clicked,
    "chain.propose": chains.on_dependent_date,
    "chain.move": chains.on_move_anyway,
    "obstacle.ask": obstacles.on_asked,
}
_OF_WHAT_WAS_TYPED: Handlers = {
    re.compile(r"^make\.candidate\."): making.on_candidate,
    "make.decline": making.on_declined,
    "make.alone": making.on_only_for_me,
    "make.form": promise_form.on_form_wanted,
    re.compile("^(owner|requester|due)$"): promise_form.on_asked_chosen,
    "form.more": promise_form.on_more_fields,
    re.compile(r"^typed\.run\."): commands.on_run,
    "typed.promise": commands.on_new,
    "help.all": home_events.on_all_commands,
}
_OF_HOME: Handlers = {
    "home.make": promise_form.on_blank_form_wanted,
    re.compile(r"^home\.(show|more|page)\."): home_events.on_home_place,
    "home.welcome.over": home_events.on_welcome_over,
    "home.settings": settings.on_settings_wanted,
}
_FORMS: Handlers = {
    "make": promise_form.on_promise_form,
    re.compile(r"^act\."): acting.on_act_form,
    "obstacle": obstacles.on_obstacle_form,
    "settings": settings.on_settings_form,
    "defaults": settings.on_form_for_all,
    re.compile(r"^tokens\."): tokens.on_token_form,
    re.compile(r"^webhooks\."): webhooks.on_webhooks_form,
}


def _of_workspaces(app: AsyncApp, services: Services) -> None:
    app.event("user_change")(home_events.on_person_changed(services))
    app.event(re.compile("^channel_(un)?shared$"))(home_events.on_place_changed(services))
    app.event("app_uninstalled")(departures.on_uninstalled(services))
    app.event("team_access_revoked")(departures.on_access_revoked(services))
    app.event("tokens_revoked")(departures.on_tokens_revoked(services))
