"""`among(column, name)`: whether a column is one of many values that come as one parameter, a list of texts.

A statement with a parameter for each value is written and read anew for every number of them; this one
is made ready once.
"""

from typing import Any

import orjson
from sqlalchemy import ARRAY, ColumnElement, String, Text, TypeDecorator, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column is among the texts in the list that is given under a name."""
    condition: ColumnElement[bool] = column.bool_op("IN")(_Each(bindparam(name, type_=_Texts())))
    return condition


class _Texts(TypeDecorator[list[str]]):
    """A list of texts as one parameter: an array, or JSON where there are none."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else orjson.dumps(list(value)).decode()


class _Each(FunctionElement[str]):
    """The texts of a list as rows."""

    type = Text()
    inherit_cache = True


@compiles(_Each, "sqlite")
def _of_json(element: _Each, compiler: Any, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608 - a parameter


@compiles(_Each, "postgresql")
def _of_array(element: _Each, compiler: Any, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}))"
