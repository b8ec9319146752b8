"""A condition on a list of values, in one statement however long the list is.

SQLAlchemy's IN has a parameter for each value, so every length is another statement to compile and to plan.
"""

import json
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class Texts(TypeDecorator[list[str]]):
    """A list of texts as a parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" or value is None else json.dumps(value)


class _Among(FunctionElement[bool]):
    """It has no type: SQLAlchemy compares what is Boolean with 1 on SQLite, which then uses no index."""

    inherit_cache = True


def among(column: "ColumnElement[Any]", name: str) -> "ColumnElement[bool]":
    """Return the condition that a column's value is in the list given as the parameter `name`."""
    return _Among(column, bindparam(name, type_=Texts()))


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  what SQLAlchemy wrote itself


@compiles(_Among, "postgresql")
def _on_postgres(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({values})"


class _Unindexed(FunctionElement[str]):
    inherit_cache = True


def unindexed(column: "ColumnElement[str]") -> "ColumnElement[str]":
    """Return a column for a condition by which SQLite does not search an index: of two lists it would try all pairs.

    PostgreSQL without statistics would take a worse index then.
    """
    return _Unindexed(column)


@compiles(_Unindexed, "sqlite")
def _with_sign(element: _Unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(_Unindexed, "postgresql")
def _as_it_is(element: _Unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))
