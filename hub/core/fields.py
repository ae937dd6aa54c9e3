"""How values stand in documents: as themselves in memory, as short texts in JSON, refused with a code."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, Strict, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from hub.core.failures import BadInput, Parameter

LONGEST_CODE = 255

T = TypeVar("T")


def refusal(code: str, *, field: str = "", value: str = "", **params: Parameter) -> PydanticCustomError:
    """Raised by a document's own checks; `hub.core.document.bad_inputs` makes a BadInput of it."""
    return PydanticCustomError(code, "refused", {"field": field, "value": value, **params})


def refusing(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """Let a function that raises BadInput read a field of a document, which knows the field's path itself."""

    def reading(value: object) -> T:
        try:
            return read(value)
        except BadInput as bad:
            params = {**bad.params, "field": ""}
            raise PydanticCustomError(bad.code, "refused", params) from None

    return reading


class Value:
    """Annotation: a field read by one function and written to JSON by another, `str` where none is named."""

    def __init__(self, read: Callable[[Any], Any], write: Callable[[Any], Any] | None = None) -> None:
        self.read = read
        self.write = write

    def schema(self) -> CoreSchema:
        shown = core_schema.str_schema() if self.write is None else core_schema.any_schema()
        return core_schema.no_info_plain_validator_function(
            refusing(self.read), json_schema_input_schema=shown, serialization=self._writing()
        )

    def _writing(self) -> core_schema.SerSchema:
        if self.write is None:
            return core_schema.to_string_ser_schema(when_used="json")
        return core_schema.plain_serializer_function_ser_schema(
            self.write, return_schema=core_schema.any_schema(), when_used="json"
        )

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.schema()


class AbsentIfBlank:
    """Annotation of an optional text: what a platform sends as `""` is absent."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.union_schema(
            [
                core_schema.str_schema(min_length=1, strip_whitespace=True, strict=True),
                *self._others(handler),
                _BLANK,
                core_schema.none_schema(),
            ],
            mode="left_to_right",
            custom_error_type="field.wrong_type",
            custom_error_message="refused",
        )

    def _others(self, _handler: GetCoreSchemaHandler) -> list[CoreSchema]:
        return []

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]}


_BLANK = core_schema.chain_schema(
    [
        core_schema.str_schema(max_length=0, strip_whitespace=True, strict=True),
        core_schema.with_default_schema(core_schema.none_schema(), default=None, on_error="default"),
    ]
)

Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE, strip_whitespace=True)]
"""A name or number that another system gave, as it wrote it."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Words that must be there."""

MaybeText = Annotated[str | None, AbsentIfBlank()]
"""Words that may be absent; a blank text is absent, never `""`."""

Flag = Annotated[bool, Strict()]
"""Yes or no, and nothing that merely looks like it."""

Count = Annotated[int, Strict()]
"""A whole number."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2."""
