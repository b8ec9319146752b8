"""Webhooks' secrets: encrypted with KEPT_ENCRYPTION_KEYS where there are any."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Verifier

from bot.storage.encryption import WebhookSecrets, new_encryption_key
from bot.storage.installations import is_readable
from bot.storage.webhooks import webhooks as webhook_rows
from bot.use_cases.webhooks import Webhooks
from bot.webhook_caller import WebhookCaller
from tests.integration.front import Front
from tests.integration.receiver import Receiver
from tests.integration.test_store_opening import on_connection
from tests.integration.test_webhooks import LOOPBACK, front, there, webhooks  # noqa: F401  fixtures
from tests.unit.factories import BOB, TEAM


async def test_a_secret_is_encrypted_where_there_are_keys_and_one_stored_before_is_carried_over(
    front: Front,  # noqa: F811  the fixtures
    webhooks: Webhooks,  # noqa: F811
    there: Receiver,  # noqa: F811
    database_url: str,
) -> None:
    """Stored in clear text without a key, encrypted by `kept keys rotate`, and signed with at every step."""

    async def stored() -> list[str]:
        secrets = select(webhook_rows.c.secret)
        return await on_connection(database_url, lambda connection: list(connection.execute(secrets).scalars()))

    async def signed_by(*keys: str) -> str:
        """Send a test of the webhook; return what became of it."""
        async with WebhookCaller(LOOPBACK, secrets=WebhookSecrets(keys)) as caller:
            use = Webhooks(services.context, services.people, services.preference_changes, caller)
            front.clock.move(timedelta(minutes=2))
            await use.test(TEAM, BOB, added.id)
            await use.drain.run()
        return (await use.attempts(TEAM, BOB, added.id))[0].error

    services, old, new = front.services, new_encryption_key(), new_encryption_key()
    added = await webhooks.add(TEAM, BOB, there.url)
    assert await stored() == [added.secret]
    for keys in ((old,), (new, old)):
        assert await signed_by(*keys) == ""
        assert [await front.services.store.installations(keys).reencrypt() for _ in range(2)] == [1, 0]
        assert added.secret not in "".join(await stored())
        assert await signed_by(*keys) == ""
        headers, body, _ = there.taken[-1]
        signature = Verifier(added.secret).sign(headers["webhook-id"], front.clock.now(), body)
        assert headers["webhook-signature"] == signature
    readable = [await on_connection(database_url, partial(is_readable, keys=keys)) for keys in ((new,), (old,), ())]
    assert readable == [True, False, False]
    for unfit in ((old,), ()):
        assert await signed_by(*unfit) == "its secret cannot be decrypted"
