"""Register the handlers with Bolt. Few listeners, because Bolt tries them one after the other."""

import re
from collections.abc import Callable
from functools import partial

import structlog
from slack_bolt.async_app import AsyncApp
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
from handlers.errors import Handler, Listener, Responder, as_listener
from handlers.replies import BackgroundTasks
from handlers.responders import ClickResponder, CommandResponder, FormResponder
from handlers.stored_events import keep_events
from handlers.workflow_steps import register_steps

Connect = Callable[[Handler], Listener]
#: What Bolt raises for a payload of an unexpected shape.
SHAPE_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
log = structlog.get_logger("kept.handlers")


async def on_unreadable(error: Exception) -> BoltResponse:
    """Answer requests that reached no handler: the shape was wrong, or Slack could not be asked who we are."""
    log.warning("request not read", error=type(error).__name__)
    return BoltResponse(status=400 if isinstance(error, SHAPE_FAULTS) else 500, body="")


def register(
    app: AsyncApp, services: Services, patience_s: float | None = None, events: Events | None = None
) -> BackgroundTasks:
    """Register all handlers; return the background tasks, to be drained before the process ends.

    With `events`, events are stored before they are acknowledged. `patience_s` overrides every responder's own.
    """
    background = BackgroundTasks()
    if events:
        keep_events(app, events, background)

    def listener(handle: Handler, responder: Responder) -> Listener:
        return as_listener(handle, responder, services, background, patience_s)

    click, form = partial(listener, responder=ClickResponder()), partial(listener, responder=FormResponder())
    # In order of frequency: Bolt builds its arguments again for each listener that it tries.
    app.command("/promise")(listener(commands.on_command, CommandResponder()))
    _of_acts(app, click, form)
    _of_peoples_time(app, click, form)
    _of_one_promise(app, click, form)
    _of_what_was_typed(app, click)
    app.action(re.compile(r"^nudge\."))(click(nudge_answers.on_nudge_button))
    app.action("home.make")(click(promise_form.on_blank_form_wanted))
    app.action(re.compile(r"^home\.(show|more|page)\."))(click(home_events.on_home_place))
    app.action("home.welcome.over")(click(home_events.on_welcome_over))
    app.action("home.settings")(click(settings.on_settings_wanted))
    app.action(re.compile(""))(home_events.on_nothing)  # a link's button reports its click, too
    app.view("make")(form(promise_form.on_promise_form))
    app.view("settings")(form(settings.on_settings_form))
    app.view(re.compile(""))(home_events.on_nothing)
    app.shortcut("make_promise")(click(promise_form.on_blank_form_wanted))
    app.shortcut("track_message")(click(promise_form.on_message_shortcut))
    app.event("app_home_opened")(click(home_events.on_home_opened))
    app.event("message")(click(messages.on_message))
    app.event("reaction_added")(click(threads.on_reaction))
    register_steps(app, services)
    _of_workspaces(app, services)
    app.event(re.compile(""))(home_events.on_nothing)
    app.error(on_unreadable)
    return background


def _of_acts(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action(MORE)(click(menus.on_more))
    app.action(OPEN)(click(menus.on_open))
    app.action("act.propose_at")(click(menus.on_date))
    app.action(PART)(click(menus.on_part))
    app.action(re.compile(r"^act\."))(click(acting.on_act_button))
    app.view(re.compile(r"^act\."))(form(acting.on_act_form))


def _of_what_was_typed(app: AsyncApp, click: Connect) -> None:
    app.action(re.compile(r"^make\.candidate\."))(click(making.on_candidate))
    app.action("make.decline")(click(making.on_declined))
    app.action("make.alone")(click(making.on_only_for_me))
    app.action("make.form")(click(promise_form.on_form_wanted))
    app.action(re.compile("^(owner|requester|due)$"))(click(promise_form.on_asked_chosen))
    app.action("form.more")(click(promise_form.on_more_fields))
    app.action(re.compile(r"^typed\.run\."))(click(commands.on_run))
    app.action("typed.promise")(click(commands.on_new))
    app.action("help.all")(click(home_events.on_all_commands))


def _of_one_promise(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action("series.end")(click(recurring.on_end_clicked))
    app.action("chain.propose")(click(chains.on_dependent_date))
    app.action("chain.move")(click(chains.on_move_anyway))
    app.action("obstacle.ask")(click(obstacles.on_asked))
    app.view("obstacle")(form(obstacles.on_obstacle_form))


def _of_peoples_time(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action(re.compile(r"^clash\.(earlier|later)$"))(click(clashes.on_shift))
    app.action(re.compile(r"^away\.(yes|no)$"))(click(away.on_status_answered))
    app.action("away.off")(click(away.on_taken_away))
    app.view("defaults")(form(settings.on_form_for_all))
    app.action("data.forget")(click(own_data.on_forget))
    app.action(re.compile(r"^tokens\.open\."))(click(tokens.on_tokens_wanted))
    app.action("tokens.revoke")(click(tokens.on_revoke))
    app.view(re.compile(r"^tokens\."))(form(tokens.on_token_form))
    app.action(re.compile(r"^webhooks\.open\."))(click(webhooks.on_webhooks_wanted))
    app.action(re.compile(r"^webhooks\.(test|attempts|remove)$"))(click(webhooks.on_webhook_button))
    app.view(re.compile(r"^webhooks\."))(form(webhooks.on_webhooks_form))


def _of_workspaces(app: AsyncApp, services: Services) -> None:
    app.event("user_change")(home_events.on_person_changed(services))
    app.event(re.compile("^channel_(un)?shared$"))(home_events.on_place_changed(services))
    app.event("app_uninstalled")(departures.on_uninstalled(services))
    app.event("team_access_revoked")(departures.on_access_revoked(services))
    app.event("tokens_revoked")(departures.on_tokens_revoked(services))
