"""Items of a batch: each is read by itself, so that one that cannot be read does not fail the others."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from closing.raw_json import shown
from closing.slip_content import Problem, ProblemCode
from closing.slip_rules import LARGEST_AMOUNT, SHOWN_OF_A_VALUE

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Of what a register's clock may say; the 営業日 is checked by the rules of the books.
FIRST_MOMENT, LAST_MOMENT = datetime(2019, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MOST_PARTS = 50


def written_as_text(value):
    """A number would be read as seconds since 1970."""
    if not isinstance(value, str):
        raise PydanticCustomError("not_written_as_text", "must be text")
    return value


def written_as_date(value):
    if not isinstance(value, str) or not DATE.fullmatch(value):
        raise PydanticCustomError("not_written_as_date", "must be YYYY-MM-DD")
    return value


Code = Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z-]{1,20}$")]
Text = Annotated[str, Field(strict=True, max_length=40)]
Yen = Annotated[int, Field(strict=True, ge=-LARGEST_AMOUNT, le=LARGEST_AMOUNT)]
PositiveYen = Annotated[int, Field(strict=True, ge=1, le=LARGEST_AMOUNT)]
YenFromZero = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT)]
Day = Annotated[date, BeforeValidator(written_as_date), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    AwareDatetime,
    Field(ge=FIRST_MOMENT, le=LAST_MOMENT),
    BeforeValidator(written_as_text),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "with its offset, such as 2026-04-01T12:34:56+09:00"}),
]


class Item(BaseModel):
    """A field that nobody knows is an error: a misspelt one would silently be left out of the books."""

    model_config = ConfigDict(extra="forbid")


class Unread:
    """`Unread[Model]` takes any JSON, and stands in the OpenAPI document as the model by which it is read later."""

    def __class_getitem__(cls, model):
        return type(f"Unread{model.__name__}", (cls,), {"model": model})

    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        return handler(Any)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema, handler):
        return handler(cls.model.__pydantic_core_schema__)


CODES = {
    "missing": ProblemCode.REQUIRED,
    "extra_forbidden": ProblemCode.UNKNOWN_FIELD,
    "model_type": ProblemCode.NOT_AN_OBJECT,
    "string_pattern_mismatch": ProblemCode.NOT_A_CODE,
    "int_type": ProblemCode.NOT_A_NUMBER,
    "greater_than_equal": ProblemCode.NOT_A_NUMBER,
    "less_than_equal": ProblemCode.TOO_LARGE,
    "not_written_as_date": ProblemCode.NOT_A_DATE,
    "date_from_datetime_parsing": ProblemCode.NOT_A_DATE,
    "date_parsing": ProblemCode.NOT_A_DATE,
    "not_written_as_text": ProblemCode.NOT_A_MOMENT,
    "datetime_from_date_parsing": ProblemCode.NOT_A_MOMENT,
    "datetime_parsing": ProblemCode.NOT_A_MOMENT,
    "timezone_aware": ProblemCode.NOT_A_MOMENT,
}


def problems_of(refusal: ValidationError) -> tuple[Problem, ...]:
    """Return what is wrong with an item, in the words of the books."""
    return tuple(_problem(error) for error in refusal.errors(include_url=False, include_context=False))


def _problem(error):
    column = ".".join(map(str, error["loc"]))
    code = CODES.get(error["type"], ProblemCode.WRONG_FORM)
    if code in (ProblemCode.REQUIRED, ProblemCode.NOT_AN_OBJECT):
        return Problem(code, shown(column, SHOWN_OF_A_VALUE))
    return Problem(code, shown(column, SHOWN_OF_A_VALUE), shown(error["input"], SHOWN_OF_A_VALUE))
