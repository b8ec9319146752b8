"""oauth.v2.access, auth.revoke and apps.uninstall: how an app comes and goes."""

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.settings import APP_ID, BOT_USER_ID, TEAM_ID, TEAM_NAME


def access(call: Call) -> Answer:
    _client(call)
    token, grant = call.world.tokens.exchange(call.text("code"), call.text("redirect_uri"))
    return {
        "access_token": token,
        "token_type": "bot",
        "scope": ",".join(sorted(grant.scopes or ())),
        "bot_user_id": BOT_USER_ID,
        "app_id": APP_ID,
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "enterprise": None,
        "authed_user": {"id": grant.user},
        "is_enterprise_install": False,
    }


def revoke(call: Call) -> Answer:
    if not call.flag("test"):
        call.world.tokens.revoke(call.token)
        tokens = {"oauth": [], "bot": [BOT_USER_ID]}
        call.world.events.tell("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})
    return {"revoked": not call.flag("test")}


def uninstall(call: Call) -> Answer:
    _client(call)
    call.world.tokens.revoke(call.token)
    call.world.events.tell("app_uninstalled", {"type": "app_uninstalled"})
    return {}


def _client(call: Call) -> None:
    credentials = call.world.settings.credentials
    if call.text("client_id") != credentials.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != credentials.client_secret:
        raise SlackError("bad_client_secret")


METHODS = {
    "oauth.v2.access": Method(
        access,
        token="none",  # noqa: S106
        arguments=("client_id", "client_secret", "code", "redirect_uri"),
        absent=("assertion", "code_verifier", "grant_type", "refresh_token"),
    ),
    "auth.revoke": Method(revoke, arguments=("test",)),
    "apps.uninstall": Method(uninstall, arguments=("client_id", "client_secret")),
}
