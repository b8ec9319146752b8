"""users.*, bots.info, dnd.info and team.info: who is here."""

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.payloads import user_json
from sandbox.settings import APP_ID
from sandbox.workspace import User


def user_info(call: Call) -> Answer:
    user = call.user()
    shown = user_json(user, call.now_s())
    if user.team != call.team.id:
        places = [c for c in call.world.workspace.channels.values() if c.is_of(call.team.id)]
        shown["is_stranger"] = not any(user.id in place.members for place in places)
    return {"user": shown | _locale(call, user)}


def _locale(call: Call, user: User) -> Answer:
    return {"locale": "en-GB"} if call.flag("include_locale") and not user.deleted else {}


def user_list(call: Call) -> Answer:
    _only_here(call)
    if call.is_org and not call.text("team_id"):
        raise SlackError("missing_argument")
    here = [user for user in call.world.workspace.users.values() if user.team == call.team.id]
    listed, cursor = call.page(here, default=1000)
    return {
        "members": [user_json(user, call.now_s()) | _locale(call, user) for user in listed],
        "cache_ts": int(call.now_s()),
        "response_metadata": {"next_cursor": cursor},
    }


def by_email(call: Call) -> Answer:
    email = call.needed("email")
    for user in call.world.workspace.people(call.team.id):
        if f"{user.name}@sandbox.example" == email.lower():
            return {"user": user_json(user, call.now_s())}
    raise SlackError("users_not_found")


def _only_here(call: Call) -> None:
    if call.text("team_id") not in ("", call.team.id):
        raise SlackError("team_access_not_granted")


def dnd_info(call: Call) -> Answer:
    _only_here(call)
    user = call.user() if call.text("user") else call.bot
    if user.dnd is None:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}
    start, end = user.dnd
    return {"dnd_enabled": True, "next_dnd_start_ts": start, "next_dnd_end_ts": end, "snooze_enabled": False}


def team_info(call: Call) -> Answer:
    team, url = call.team, f"https://{call.team.domain}.slack.com/"
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "url": url, "icon": {}}}


def bot_info(call: Call) -> Answer:
    bot_id = call.text("bot") or call.team.bot_id
    for user in call.world.workspace.users.values():
        if user.bot_id == bot_id:
            app_id = APP_ID if user.id == call.team.bot_user_id else "A0OTHERAPP"
            return {
                "bot": {
                    "id": bot_id,
                    "deleted": user.deleted,
                    "name": user.real_name,
                    "updated": 1_700_000_000,
                    "app_id": app_id,
                    "user_id": user.id,
                    "icons": {},
                }
            }
    raise SlackError("bot_not_found")


_PEOPLE = ("users:read",)
METHODS = {
    "users.info": Method(user_info, _PEOPLE, arguments=("user", "include_locale")),
    "users.list": Method(user_list, _PEOPLE, arguments=("limit", "cursor", "include_locale", "team_id")),
    "users.lookupByEmail": Method(by_email, ("users:read.email",), arguments=("email",)),
    "dnd.info": Method(dnd_info, ("dnd:read",), arguments=("user", "team_id")),
    "team.info": Method(team_info, ("team:read",), absent=("domain", "team")),
    "bots.info": Method(bot_info, _PEOPLE, arguments=("bot",), absent=("team_id",)),
}
