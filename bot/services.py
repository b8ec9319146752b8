"""All use cases over one context, built in one place for the app, the tests and the benchmarks."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.people import Person
from bot.ports import Calendars, Clock, InstallationBook, Messenger, Meter, Store, Transaction
from bot.ports.webhooks import Caller
from bot.ports.workflow_steps import StepEnder
from bot.use_cases.absences import Absences
from bot.use_cases.access import TokenAccess
from bot.use_cases.admin_choices import AdminChoices
from bot.use_cases.agenda import Agenda
from bot.use_cases.asides import Asides
from bot.use_cases.chains import Chains
from bot.use_cases.clashes import notify_of_clashes
from bot.use_cases.closed_accounts import notify_other_sides
from bot.use_cases.context import Context
from bot.use_cases.delivery import Deliveries, DeliverySettings
from bot.use_cases.departures import Departures
from bot.use_cases.digests import Digests
from bot.use_cases.events import Events
from bot.use_cases.exports import Exports
from bot.use_cases.listings import Listings
from bot.use_cases.nudge_answers import NudgeAnswers
from bot.use_cases.own_data import OwnData
from bot.use_cases.people import People
from bot.use_cases.places import Places
from bot.use_cases.preferences import PreferenceChanges
from bot.use_cases.promises import Promises
from bot.use_cases.records import Records
from bot.use_cases.recurring import Recurring
from bot.use_cases.retention import RetentionSweep
from bot.use_cases.webhooks import Webhooks
from bot.use_cases.workflow_steps import WorkflowSteps
from bot.views.renderer import BlockKitRenderer


@dataclass(frozen=True, slots=True)
class Services:
    context: Context
    messenger: Messenger
    calendars: Calendars
    people: People
    promises: Promises
    recurring: Recurring
    digests: Digests
    agenda: Agenda
    deliveries: Deliveries
    events: Events
    preference_changes: PreferenceChanges
    nudge_answers: NudgeAnswers
    absences: Absences
    records: Records
    places: Places
    chains: Chains
    exports: Exports
    asides: Asides
    departures: Departures
    own_data: OwnData
    admin_choices: AdminChoices
    retention: RetentionSweep
    access: TokenAccess
    listings: Listings
    webhooks: Webhooks
    steps: WorkflowSteps
    meter: Meter

    @property
    def store(self) -> Store:
        return self.context.store

    @property
    def clock(self) -> Clock:
        return self.context.clock


@dataclass(frozen=True, slots=True)
class Outside:
    """Ways in and out but messages: Kept's public address, the installations by OAuth, webhooks, workflows.

    Each is empty or None where there is none, as in most tests.
    """

    public_url: str = ""
    installations: InstallationBook | None = None
    caller: Caller | None = None
    ender: StepEnder | None = None


def build_services(
    context: Context,
    messenger: Messenger,
    calendars: Calendars,
    sending: DeliverySettings,
    outside: Outside = Outside(),
) -> Services:
    """Build every use case."""
    people = People(context, messenger, _when_changed(context))
    digests, preference_changes = Digests(context, messenger), PreferenceChanges(context, people, messenger)
    return Services(
        context,
        messenger,
        calendars,
        people,
        promises=Promises(context, people, sending.meter),
        recurring=Recurring(context, sending.meter),
        digests=digests,
        agenda=Agenda(context, messenger),
        deliveries=Deliveries(context, messenger, BlockKitRenderer(), digests, sending),
        events=Events(context.store.events, context.clock, sending.meter),
        preference_changes=preference_changes,
        admin_choices=AdminChoices(context, preference_changes, digests),
        retention=RetentionSweep(context),
        nudge_answers=NudgeAnswers(context),
        absences=Absences(context, people),
        records=Records(context),
        places=Places(context),
        chains=Chains(context),
        exports=Exports(context, outside.public_url, people),
        asides=Asides(context),
        departures=Departures(context, outside.installations),
        own_data=OwnData(context, people, messenger),
        access=TokenAccess(context, people, preference_changes),
        listings=Listings(context, people),
        webhooks=Webhooks(context, people, preference_changes, outside.caller),
        steps=WorkflowSteps(context, people, outside.ender),
        meter=sending.meter,
    )


def _when_changed(context: Context) -> Callable[[Transaction, Person, Person], None]:
    """Return the function to call when a person's Slack profile changes.

    Messages follow people into another zone, while deadlines keep their instant. For a closed account, the other side
    of each open promise is notified.
    """

    def changed(tx: Transaction, before: Person, after: Person) -> None:
        now = context.clock.now()
        if before.zone != after.zone or before.is_gone != after.is_gone:
            notify_of_clashes(tx, after.id, now, context.new_delivery)
        if after.is_gone and not before.is_gone:
            notify_other_sides(tx, after.id, now, context.new_delivery)

    return changed
