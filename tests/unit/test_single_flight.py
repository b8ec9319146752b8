"""Work that several callers want at the same moment is done once."""

import asyncio

from bot.language import current, reading_in
from bot.use_cases.single_flight import SingleFlight


async def test_callers_of_one_key_share_one_result_and_the_next_begins_again() -> None:
    flight: SingleFlight[int] = SingleFlight()
    door, begun = asyncio.Event(), 0

    async def work() -> int:
        nonlocal begun
        begun += 1
        await door.wait()
        return begun

    callers = [asyncio.create_task(flight.run("one", work)) for _ in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()  # the others still get it
    door.set()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(each) for each in found] == [asyncio.CancelledError, int, int]
    assert found[1:] == [1, 1]
    assert await flight.run("one", work) == 2


async def test_an_error_is_everybodys_and_is_forgotten() -> None:
    flight: SingleFlight[int] = SingleFlight()

    async def fails() -> int:
        raise ConnectionError

    async def works() -> int:
        return 1

    found = await asyncio.gather(*(flight.run("one", fails) for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in found] == [ConnectionError] * 2
    assert await flight.run("one", works) == 1


async def test_other_keys_do_not_wait() -> None:
    flight: SingleFlight[int] = SingleFlight()
    door = asyncio.Event()

    async def waits() -> int:
        await door.wait()
        return 1

    async def works() -> int:
        return 2

    first = asyncio.create_task(flight.run("one", waits))
    await asyncio.sleep(0)
    assert await flight.run("other", works) == 2
    door.set()
    assert await first == 1


async def test_readers_of_two_languages_get_each_their_own_error() -> None:
    flight: SingleFlight[int] = SingleFlight()

    async def fails() -> int:
        raise ConnectionError(current())

    async def asked(language: str) -> int:
        with reading_in(language):
            return await flight.run("one", fails)

    found = await asyncio.gather(asked("en"), asked("de"), asked("de"), return_exceptions=True)
    assert list(map(str, found)) == ["en", "de", "de"]
