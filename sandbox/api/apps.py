"""auth.test, api.test and the opening of Socket Mode."""

import secrets

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.settings import APP_ID, BOT_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, TEAM_NAME


def auth_test(call: Call) -> Answer:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": call.world.workspace.bot().name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def api_test(call: Call) -> Answer:
    args = {name: value for name, value in call.args.items() if name != "token"}
    if call.text("error"):
        raise SlackError(call.text("error"), args=args)
    return {"args": args}


def open_connection(call: Call) -> Answer:
    ticket = secrets.token_urlsafe(16)
    call.world.socket_tickets.add(ticket)
    return {"url": f"ws://127.0.0.1:{call.world.settings.port}/link/?ticket={ticket}&app_id={APP_ID}"}


METHODS = {
    "auth.test": Method(auth_test),
    "api.test": Method(api_test, token="none", arguments=("error",)),  # noqa: S106
    "apps.connections.open": Method(open_connection, token="app"),  # noqa: S106
}
