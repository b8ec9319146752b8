"""Installing the app: Slack's consent page, which sends the visitor back with a code."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.errors import UnknownHereError
from sandbox.page import html
from sandbox.places import find_user
from sandbox.render.lens import Lens
from sandbox.teams import Team
from sandbox.tokens import Grant
from sandbox.user_actions import NotPossibleError
from sandbox.world import World


def routes() -> list[Route]:
    return [
        Route("/oauth/v2/authorize", _ask, methods=["GET"]),
        Route("/oauth/v2/authorize", _decide, methods=["POST"]),
    ]


async def _ask(request: Request) -> Response:
    world: World = request.app.state.world
    query = request.query_params
    _checked_client(world, query.get("client_id", ""))
    target = _checked_target(world, query.get("redirect_uri", ""))
    team = _team(world, query.get("team", ""))
    people = world.workspace.people(team.id)
    viewer = find_user(world, query["as"]) if query.get("as") else people[0]
    asked = {"client_id": query.get("client_id", ""), "redirect_uri": target, "state": query.get("state", "")}
    scopes = [scope for scope in query.get("scope", "").split(",") if scope]
    asked["scope"] = ",".join(scopes)
    others = [(each, urlencode(asked | {"team": each.id})) for each in world.workspace.teams if each is not team]
    facts = {"asked": asked, "scopes": scopes, "people": people, "team": team, "others": others}
    return html("install.html", {"lens": Lens(world, viewer), "app_name": world.manifest.app_name, **facts})


def _team(world: World, team_id: str) -> Team:
    """The workspace that is asked: the one named, else the first that has not installed the app."""
    teams, installed = world.workspace.teams, world.workspace.installed
    named = [team for team in teams if team.id == team_id]
    return next(iter(named or [team for team in teams if team.id not in installed] or teams))


async def _decide(request: Request) -> Response:
    world: World = request.app.state.world
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    _checked_client(world, form.get("client_id", ""))
    target = _checked_target(world, form.get("redirect_uri", ""))
    answer = {"state": form.get("state", "")}
    if form.get("decision") == "allow":
        user = find_user(world, form.get("user", "alice"))
        team, is_org = world.workspace.team_of(user), form.get("everywhere") == "yes"
        if is_org and not (team.enterprise and user.is_admin):
            raise NotPossibleError(
                f"@{user.name} is no admin of an organisation: they install it in {team.name} alone."
            )
        scopes = frozenset(scope for scope in form.get("scope", "").split(",") if scope)
        answer["code"] = world.tokens.code(Grant(scopes, user.id, team=team.id, is_org=is_org), target)
    else:
        answer["error"] = "access_denied"
    joint = "&" if urlsplit(target).query else "?"
    return RedirectResponse(f"{target}{joint}{urlencode(answer)}", 302)


def _checked_client(world: World, client_id: str) -> None:
    if client_id != world.settings.credentials.client_id:
        raise UnknownHereError(
            f"There is no app with the client id “{client_id}”. SLACK_CLIENT_ID says another one here."
        )


def _checked_target(world: World, redirect_uri: str) -> str:
    """Return the address of the redirect: one of the manifest's addresses, or any on this machine."""
    allowed = world.manifest.redirect_urls
    if not redirect_uri and allowed:
        return allowed[0]
    here = urlsplit(redirect_uri).hostname in ("localhost", "127.0.0.1", "::1")
    if here or any(redirect_uri.startswith(each) for each in allowed):
        return redirect_uri
    raise UnknownHereError(f"“{redirect_uri}” is none of the app's redirect addresses.")
