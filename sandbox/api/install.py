"""oauth.v2.access, auth.revoke and apps.uninstall: how an app is installed and removed."""

from sandbox.api.call import Answer, Call, Method
from sandbox.errors import SlackError
from sandbox.seed import install
from sandbox.settings import APP_ID
from sandbox.teams import team_with
from sandbox.tokens import Issued


def access(call: Call) -> Answer:
    _client(call)
    tokens, manifest = call.world.tokens, call.world.manifest
    if call.text("grant_type") == "refresh_token":
        return _answer(tokens.renew(call.text("refresh_token")))
    issued = tokens.exchange(call.text("code"), call.text("redirect_uri"))
    workspace, team = call.world.workspace, team_with(issued.grant.team)
    install(workspace, team, manifest.app_name, manifest.bot_name, call.now_s(), issued.grant.is_org)
    call.world.feed.publish("places", seen_by=frozenset(user.id for user in workspace.people(team.id)))
    return _answer(issued)


def _answer(issued: Issued) -> Answer:
    grant, team = issued.grant, team_with(issued.grant.team)
    rotating = {"refresh_token": issued.refresh_token, "expires_in": issued.expires_in}
    return {
        "access_token": issued.token,
        "token_type": "bot",
        "scope": ",".join(sorted(grant.scopes or ())),
        "bot_user_id": team.bot_user_id,
        "app_id": APP_ID,
        "team": None if grant.is_org else {"id": team.id, "name": team.name},
        "enterprise": team.enterprise,
        "authed_user": {"id": grant.user},
        "is_enterprise_install": grant.is_org,
        **(rotating if issued.refresh_token else {}),
    }


def revoke(call: Call) -> Answer:
    if not call.flag("test"):
        call.world.tokens.revoke(call.token)
        tokens = {"oauth": [], "bot": [call.team.bot_user_id]}
        call.world.events.notify("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens}, None, call.team)
    return {"revoked": not call.flag("test")}


def uninstall(call: Call) -> Answer:
    _client(call)
    call.world.tokens.revoke(call.token)
    call.world.events.notify("app_uninstalled", {"type": "app_uninstalled"}, None, call.team)
    call.world.workspace.installed.pop(call.team.id, None)
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
        arguments=("client_id", "client_secret", "code", "redirect_uri", "grant_type", "refresh_token"),
        absent=("assertion", "code_verifier"),
    ),
    "auth.revoke": Method(revoke, arguments=("test",)),
    "apps.uninstall": Method(uninstall, arguments=("client_id", "client_secret")),
}
