"""How a levy lies in a row."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.types import JSON, TypeDecorator

from broadcaster.payments.levy import Levy


class LevyValue(TypeDecorator[Levy]):
    """A levy as JSON; NULL for none."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Levy | None, dialect: Dialect) -> dict[str, Any] | None:  # noqa: ARG002
        return asdict(value) if value is not None else None

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Levy | None:  # noqa: ARG002
        return Levy(**value) if value is not None else None
