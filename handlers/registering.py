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
    filling,
    foreseeing,
    hearing,
    leaving,
    making,
    menus,
    nudging,
    own_data,
    recurring,
    settings,
    threads,
    tokens,
    welcoming,
)
from handlers.answering import Errands
from handlers.doors import ClickDoor, CommandDoor, FormDoor
from handlers.errors import Door, Handler, Listener, spoken
from handlers.telling import keep_events

Connect = Callable[[Handler], Listener]
#: What Bolt raises for a payload of an unexpected shape.
SHAPE_FAULTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)
log = structlog.get_logger("kept.handlers")


async def on_unreadable(error: Exception) -> BoltResponse:
    """Answer requests that reached no handler: the shape was wrong, or Slack could not be asked who we are."""
    log.warning("request not read", error=type(error).__name__)
    return BoltResponse(status=400 if isinstance(error, SHAPE_FAULTS) else 500, body="")


def register(app: AsyncApp, doors: Services, patience_s: float | None = None, events: Events | None = None) -> Errands:
    """Register all handlers; return the background tasks, to be drained before the process ends.

    With `events`, events are stored before they are acknowledged. `patience_s` overrides every responder's own.
    """
    errands = Errands()
    if events:
        keep_events(app, events, errands)

    def heard(handle: Handler, door: Door) -> Listener:
        return spoken(handle, door, doors, errands, patience_s)

    click, form = partial(heard, door=ClickDoor()), partial(heard, door=FormDoor())
    # In order of frequency: Bolt builds its arguments again for each listener that it tries.
    app.command("/promise")(heard(commands.on_command, CommandDoor()))
    _of_acts(app, click, form)
    _of_peoples_time(app, click, form)
    _beside_a_promise(app, click, form)
    _of_what_was_typed(app, click)
    app.action(re.compile(r"^nudge\."))(click(nudging.on_button))
    app.action("home.make")(click(filling.on_blank_form_wanted))
    app.action(re.compile(r"^home\.(show|more|page)\."))(click(welcoming.on_home_place))
    app.action("home.welcome.over")(click(welcoming.on_welcome_over))
    app.action("home.settings")(click(settings.on_settings_wanted))
    app.action(re.compile(""))(welcoming.on_nothing)  # a link's button reports its click, too
    app.view("make")(form(filling.on_form))
    app.view("settings")(form(settings.on_form))
    app.view(re.compile(""))(welcoming.on_nothing)
    app.shortcut("make_promise")(click(filling.on_blank_form_wanted))
    app.shortcut("track_message")(click(filling.on_message_shortcut))
    app.event("app_home_opened")(click(welcoming.on_home_opened))
    app.event("message")(click(hearing.on_message))
    app.event("reaction_added")(click(threads.on_reaction))
    app.event("user_change")(welcoming.on_person_changed(doors))
    app.event(re.compile("^channel_(un)?shared$"))(welcoming.on_place_changed(doors))
    _of_workspaces(app, doors)
    app.event(re.compile(""))(welcoming.on_nothing)
    app.error(on_unreadable)
    return errands


def _of_acts(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action(MORE)(click(menus.on_more))
    app.action(OPEN)(click(menus.on_open))
    app.action("act.propose_at")(click(menus.on_date))
    app.action(PART)(click(menus.on_part))
    app.action(re.compile(r"^act\."))(click(acting.on_button))
    app.view(re.compile(r"^act\."))(form(acting.on_form))


def _of_what_was_typed(app: AsyncApp, click: Connect) -> None:
    app.action(re.compile(r"^make\.candidate\."))(click(making.on_candidate))
    app.action("make.decline")(click(making.on_declined))
    app.action("make.alone")(click(making.on_only_for_me))
    app.action("make.form")(click(filling.on_form_wanted))
    app.action("form.more")(click(filling.on_more_fields))
    app.action(re.compile(r"^typed\.run\."))(click(commands.on_run))
    app.action("typed.promise")(click(commands.on_new))
    app.action("help.all")(click(welcoming.on_all_commands))


def _beside_a_promise(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action("series.end")(click(recurring.on_end_clicked))
    app.action("chain.propose")(click(chains.on_ask))
    app.action("chain.move")(click(chains.on_move))
    app.action("obstacle.ask")(click(foreseeing.on_asked))
    app.view("obstacle")(form(foreseeing.on_form))


def _of_peoples_time(app: AsyncApp, click: Connect, form: Connect) -> None:
    app.action(re.compile(r"^clash\.(earlier|later)$"))(click(clashes.on_shift))
    app.action(re.compile(r"^away\.(yes|no)$"))(click(away.on_status_answered))
    app.action("away.off")(click(away.on_taken_away))
    app.view("defaults")(form(settings.on_form_for_all))
    app.action("data.forget")(click(own_data.on_forget))
    app.action(re.compile(r"^tokens\.open\."))(click(tokens.on_tokens_wanted))
    app.action("tokens.revoke")(click(tokens.on_revoke))
    app.view(re.compile(r"^tokens\."))(form(tokens.on_form))


def _of_workspaces(app: AsyncApp, doors: Services) -> None:
    app.event("app_uninstalled")(leaving.on_uninstalled(doors))
    app.event("team_access_revoked")(leaving.on_access_revoked(doors))
    app.event("tokens_revoked")(leaving.on_tokens_revoked(doors))
