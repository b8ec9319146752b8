"""auth.test, api.test and the opening of Socket Mode."""

import secrets

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.settings import APP_ID


def auth_test(call: Call) -> Answer:
    team, enterprise = call.team, call.team.enterprise_id if call.is_org else ""
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.enterprise_name if enterprise else team.name,
        "user": call.bot.name,
        "team_id": enterprise or team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        **({"enterprise_id": team.enterprise_id} if team.enterprise_id else {}),
        "is_enterprise_install": call.is_org,
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
