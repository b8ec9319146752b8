"""Small rules that combine into the schema of Block Kit.

A rule takes a value and its JSON pointer and yields a sentence for each fault, as Slack words it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


@dataclass(frozen=True)
class Field:
    rule: Rule
    required: bool = False


def need(rule: Rule) -> Field:
    return Field(rule, required=True)


def may(rule: Rule) -> Field:
    return Field(rule)


def fault(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    yield from ()


def string(most: int, least: int = 1) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", pointer)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", pointer)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", pointer)

    return rule


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", pointer)


def number(value: Any, pointer: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield fault("must be a number", pointer)


def integer(least: int, most: int) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield fault("must be an integer", pointer)
        elif not least <= value <= most:
            yield fault(f"must be between {least} and {most}", pointer)

    return rule


def one_of(*allowed: str) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(allowed)}", pointer)

    return rule


def array(item: Rule, most: int, least: int = 1) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", pointer)
            return
        if len(value) < least:
            yield fault(f"no less than {least} items required", pointer)
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", pointer)
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return rule


def record(fields: Mapping[str, Field]) -> Rule:
    """An object with these fields and no others."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", pointer)
            return
        for name, each in fields.items():
            if name not in value or value[name] is None:
                if each.required:
                    yield fault(f"missing required field: {name}", pointer)
            else:
                yield from each.rule(value[name], f"{pointer}/{name}")
        for name in value:
            if name not in fields:
                yield fault(f"invalid additional property: {name}", pointer)

    return rule


def typed(schemas: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which schema it has to follow."""

    def rule(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", pointer)
        elif "type" not in value:
            yield fault("missing required field: type", pointer)
        elif value["type"] not in schemas:
            yield fault(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            yield from schemas[value["type"]](value, pointer)

    return rule


def both(*rules: Rule) -> Rule:
    def rule(value: Any, pointer: str) -> Iterator[str]:
        for each in rules:
            yield from each(value, pointer)

    return rule
