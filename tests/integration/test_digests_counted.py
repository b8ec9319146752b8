"""What digests tell, against a count in plain SQL that knows nothing of our code."""

import sqlite3
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain.digests import Cadence, DigestContent, DigestSetting, digest, period_of
from bot.storage.engine import open_store
from tests.integration.workspaces import C1, DAYS, OWNERS, mixed, writing
from tests.unit.factories import CHARLIE, MONDAY, TEAM

#: Instants are whole microseconds since 1970 in SQLite.
COUNT = """
WITH told AS (
    SELECT * FROM promises WHERE NOT is_private AND state != 'undone'
      AND (channel_id = 'C1' OR (:members AND channel_id != '' AND owner_id IN ('UALICE', 'UDAVE', 'UERIN')))
), talks AS (  -- each agreement on other terms, with the offer agreed to and who began the talk
    SELECT a.promise_id, a.seq, a.at, o.due_at AS offered, s."by" AS asked_by, s.early FROM acts a
    JOIN acts o ON o.promise_id = a.promise_id AND o.seq = (SELECT max(seq) FROM acts x
        WHERE x.promise_id = a.promise_id AND x.seq < a.seq AND x.act IN ('propose', 'counter', 'hand_over'))
    JOIN acts s ON s.promise_id = a.promise_id AND s.seq = (SELECT max(seq) FROM acts x
        WHERE x.promise_id = a.promise_id AND x.seq <= o.seq AND x.act IN ('propose', 'hand_over'))
    WHERE a.act = 'accept_proposal' AND o.due_at IS NOT NULL
    UNION ALL
    SELECT a.promise_id, a.seq, a.at, a.due_at, a."by", a.early FROM acts a JOIN told t ON t.id = a.promise_id
    WHERE a.act = 'propose' AND t.owner_id = t.requester_id AND a.due_at IS NOT NULL
), terms AS (
    SELECT promise_id, seq, due_at FROM acts WHERE seq = 1
    UNION ALL SELECT promise_id, seq, offered FROM talks
), misses AS (
    SELECT a.promise_id, a.seq, a.at FROM acts a WHERE a.act = 'miss' OR (a.act IN ('reopen', 'report') AND
        a.at > (SELECT due_at FROM terms w WHERE w.promise_id = a.promise_id AND w.seq < a.seq ORDER BY w.seq DESC))
), repairs AS (
    SELECT t.promise_id, t.seq, t.at FROM talks t WHERE EXISTS (SELECT 1 FROM misses m
        WHERE m.promise_id = t.promise_id AND m.seq < t.seq AND NOT EXISTS (SELECT 1 FROM talks b
            WHERE b.promise_id = t.promise_id AND m.seq < b.seq AND b.seq < t.seq))
), slips AS (  -- later dates that the owner asked for at the last minute: the date that counts stays behind
    SELECT t.promise_id, t.seq FROM talks t JOIN told p ON p.id = t.promise_id AND t.asked_by != p.requester_id
    WHERE NOT t.early AND t.offered >
        (SELECT due_at FROM terms w WHERE w.promise_id = t.promise_id AND w.seq < t.seq ORDER BY w.seq DESC)
), facts AS (
    SELECT p.*, (SELECT m.at FROM misses m WHERE m.promise_id = p.id AND m.seq >
            coalesce((SELECT max(seq) FROM repairs r WHERE r.promise_id = p.id), 0) ORDER BY m.seq LIMIT 1) AS missed,
        (SELECT r.at FROM repairs r WHERE r.promise_id = p.id ORDER BY r.seq DESC LIMIT 1) AS repaired,
        EXISTS (SELECT 1 FROM misses m WHERE m.promise_id = p.id) AS ever_missed,
        (SELECT max(t.at) FROM talks t WHERE t.promise_id = p.id AND t.early AND
            t.asked_by != CASE WHEN p.owner_id = p.requester_id THEN '' ELSE p.requester_id END
            AND NOT EXISTS (SELECT 1 FROM repairs r WHERE r.promise_id = p.id AND r.seq = t.seq)
            AND NOT EXISTS (SELECT 1 FROM slips s WHERE s.promise_id = p.id AND s.seq < t.seq AND NOT EXISTS (
                SELECT 1 FROM talks b WHERE b.promise_id = p.id AND b.asked_by = p.requester_id
                AND b.seq BETWEEN s.seq AND t.seq))
            AND EXISTS (SELECT 1 FROM acts b WHERE b.promise_id = p.id AND b.seq < t.seq
                AND b.act IN ('promise', 'accept_request', 'accept_proposal'))
            AND t.offered >
            (SELECT due_at FROM terms w WHERE w.promise_id = p.id AND w.seq < t.seq ORDER BY w.seq DESC)) AS moved
    FROM told p
), grouped AS (
    SELECT CASE
        WHEN state NOT IN ('active', 'reported', 'kept', 'revoked') THEN NULL
        WHEN (missed IS NULL AND repaired > :start AND repaired <= :end)
            OR (state = 'kept' AND ever_missed AND closed_at > :start AND closed_at <= :end)
            THEN CASE state WHEN 'revoked' THEN NULL ELSE 'repaired' END
        WHEN missed > :start AND missed <= :end THEN 'missed'
        WHEN state = 'kept' THEN CASE WHEN NOT ever_missed AND closed_at > :start AND closed_at <= :end THEN 'kept' END
        WHEN state IN ('active', 'reported') AND moved > :start AND moved <= :end THEN 'renegotiated'
        WHEN state = 'active' AND missed IS NULL AND due_at > :end AND due_at <= :coming THEN 'coming'
    END AS told_as, number FROM facts
)
SELECT told_as, number FROM grouped WHERE told_as IS NOT NULL
"""
GROUPS = ("missed", "repaired", "renegotiated", "kept", "coming")


def micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def numbers(content: DigestContent) -> set[tuple[str, int]]:
    return {(group, past.promise.number) for group in GROUPS for past in getattr(content, group)}


@pytest.mark.parametrize("of_members", [False, True], ids=["of the channel", "of its members"])
@pytest.mark.parametrize("seed", range(3))
async def test_digests_of_two_hundred_promises_match_a_count_in_plain_sql(
    tmp_path: Path, seed: int, of_members: bool
) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/kept.db")
    await store.write(TEAM, writing(mixed(Random(seed), 200)))
    books = sqlite3.connect(tmp_path / "kept.db")
    found: set[str] = set()
    for days in range(7, DAYS + 7, 7):
        end = MONDAY + timedelta(days=days)
        setting = DigestSetting(
            TEAM, C1, Cadence.WEEKLY, time(10), "Europe/Berlin", CHARLIE, MONDAY, end - timedelta(days=7), 0, of_members
        )
        period = period_of(setting, end)
        here = await store.read(TEAM, lambda tx, p=period: tx.records.of_channel(C1, p.start, p.coming_to))
        theirs = await store.read(
            TEAM, lambda tx, p=period: tx.records.of_members(OWNERS[:3] if of_members else (), p.start, p.coming_to)
        )
        told = numbers(digest({past.promise.id: past for past in (*here, *theirs)}.values(), period, setting.zone))
        moments = {"start": micros(period.start), "end": micros(end), "coming": micros(period.coming_to)}
        assert told == set(books.execute(COUNT, {"members": of_members, **moments}).fetchall())
        found |= {group for group, _ in told}
    books.close()
    await store.close()
    assert found == set(GROUPS)
