"""Numbers and lengths, made from the words of the grammar."""

from bot.domain.reading.chart import Build
from bot.domain.reading.kinds import Digits, Unit
from bot.domain.reading.meaning import Length, View, length_of


def same(_: View, value: object) -> object:
    return value


def flip(build: Build) -> Build:
    """The same made of values that stand in the opposite order."""
    return lambda view, *values: build(view, *reversed(values))


def tens(_: View, ten: int, one: int) -> int | None:
    return ten + one if 0 < one < 10 else None


def hundreds(_: View, *factors: int) -> int:
    return 100 * (factors[0] if factors else 1)


def decimal(_: View, whole: Digits, part: Digits) -> float:
    return whole + float(part) / 10.0**part.width


def and_half(_: View, count: int, half: float) -> float:
    return count + half


def plus_half(_: View, count: int) -> float:
    return count + 0.5


def fraction(_: View, one: Digits, other: Digits) -> float | None:
    """1/2, 3/4."""
    return one / other if 0 < one < other < 5 else None


def quarters(_: View, *count: int) -> float:
    return (count[0] if len(count) > 1 else 1) / 4


def one(_: View) -> int:
    return 1


def one_of(_: View, unit: Unit) -> Length | None:
    return length_of(1, unit)


def one_and_half(_: View, unit: Unit, half_: float) -> Length | None:
    return length_of(1 + half_, unit)


def a_fortnight(_: View) -> Length:
    return Length(days=14)


def an_hour(_: View) -> Length:
    return Length(seconds=3600)


def length(_: View, amount: float, unit: Unit) -> Length | None:
    return length_of(amount, unit)


def length_and_half(_: View, amount: float, unit: Unit, half: float) -> Length | None:
    return length_of(amount + half, unit)


def lengths(_: View, amount: float, unit: Unit, more: Length) -> Length | None:
    first = length_of(amount, unit)
    return None if first is None else first + more


def hours_minutes(_: View, hours: int, minutes: int) -> Length | None:
    return Length(seconds=hours * 3600 + minutes * 60) if minutes < 60 and hours < 1000 else None
