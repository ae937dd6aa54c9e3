"""Documents: immutable values that the hub repeats; how they are written, read years later, and refused."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import ClassVar, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, ErrorDetails

from hub.core.failures import BadInput, HubError, Parameter
from hub.core.fields import Code, MaybeText, Value
from hub.core.json import JSON, dumps, loads
from hub.core.text import masked

Upcast = Callable[[dict[str, JSON]], dict[str, JSON]]
"""Pure: the JSON of one schema number made into that of the next."""


class Document(BaseModel):
    """A frozen value without unknown fields; what is not said is absent.

    Stored JSON leaves out what equals its default, so a changed default or field is a new `schema_number`.
    As a tree it is `model_dump(mode="json")`, whose texts lead back to money, times and decimals.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    schema_number: ClassVar[int] = 1

    @classmethod
    def accept(cls, values: object) -> Self:
        """From foreign values. Raises the first BadInput; `bad_inputs` tells all of them."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise bad_inputs(error)[0] from None


class NewerDocument(HubError):
    """A stored document was written by a newer release; its row is left to a worker that can read it."""


class Violation(NamedTuple):
    """A rule over several fields that a document does not keep."""

    rule: str
    field: str
    expected: str
    found: str


class Facts(Mapping[str, JSON]):
    """What a platform says beyond the model: kept word for word, never personal, never changed.

    Numbers with a fraction stand as texts, so that writing and reading again loses nothing.
    """

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, JSON] | None = None) -> None:
        self._facts = {key: _plain(value) for key, value in (facts or {}).items()}

    def __getitem__(self, key: str) -> JSON:
        return self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __hash__(self) -> int:
        return hash(dumps(self._facts))

    def __repr__(self) -> str:
        return f"Facts({self._facts!r})"

    @classmethod
    def read(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return cls(value)
        raise BadInput("field.wrong_type", field="", value=type(value).__name__)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return Value(cls.read, dict).schema()


NO_FACTS = Facts()


class Native(Document):
    """The name of a thing in the outside system it came from.

    `connection` is named only where it is not the connection that the document came from.
    """

    id: Code
    kind: MaybeText = None
    legacy_id: MaybeText = None
    url: MaybeText = None
    connection: MaybeText = None


class Part(Document):
    """A thing that has a name of its own outside and carries facts that only its platform knows."""

    native: Native | None = None
    metadata: Facts = NO_FACTS
    extensions: Facts = NO_FACTS


D = TypeVar("D", bound=Document)
_UPCASTS: dict[tuple[type[Document], int], Upcast] = {}


def upcast(model: type[Document], schema: int) -> Callable[[Upcast], Upcast]:
    """Register how a stored document of this schema number becomes one of the next."""

    def registered(step: Upcast) -> Upcast:
        _UPCASTS[model, schema] = step
        return step

    return registered


def write(document: Document, *, without: AbstractSet[str] = frozenset()) -> bytes:
    """The stored form; its number is `document.schema_number`. `without` leaves out whole fields."""
    left_out = set(without) or None
    return document.model_dump_json(exclude_unset=True, exclude_defaults=True, exclude=left_out).encode()


def read(model: type[D], schema: int, body: bytes) -> D:
    """A stored document of whatever age. Raises NewerDocument for a number this release does not know."""
    newest = model.schema_number
    if schema > newest:
        raise NewerDocument("document.newer", kind=model.__name__, schema=schema, known=newest)
    if schema == newest:
        return model.model_validate_json(body)
    tree = loads(body)
    for step in range(schema, newest):
        tree = _UPCASTS[model, step](_object(tree))
    return model.model_validate(tree)


def bad_inputs(error: ValidationError) -> list[BadInput]:
    """Every refusal of a document, with the path of the field, its masked value and a code."""
    return [_bad_input(found) for found in error.errors(include_url=False)]


def _bad_input(found: ErrorDetails) -> BadInput:
    params: dict[str, Parameter] = dict(found.get("ctx", {}))
    own = "." in found["type"]
    path = ".".join(str(step) for step in (*found["loc"], params.pop("field", "")) if step != "")
    shown = str(params.pop("value", "")) if own else _shown(found)
    code = found["type"] if own else CODES.get(found["type"], "field.invalid")
    return BadInput(code, field=path, value=shown, **(params if own else {}))


def _shown(found: ErrorDetails) -> str:
    value = found["input"]
    return masked(value) if isinstance(value, str | int | float) else type(value).__name__


CODES: Mapping[str, str] = {
    "missing": "field.missing",
    "extra_forbidden": "field.unknown",
    "enum": "field.not_allowed",
    "literal_error": "field.not_allowed",
    "string_too_short": "field.empty",
    "too_short": "field.empty",
    "string_too_long": "field.too_long",
    "string_pattern_mismatch": "field.wrong_form",
    "string_type": "field.wrong_type",
    "bool_type": "field.wrong_type",
    "int_type": "field.wrong_type",
    "tuple_type": "field.wrong_type",
    "model_type": "field.wrong_type",
    "model_attributes_type": "field.wrong_type",
}


def _object(tree: JSON) -> dict[str, JSON]:
    if isinstance(tree, dict):
        return tree
    raise TypeError("a stored document is a JSON object")


def _plain(value: object) -> JSON:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return str(value)
        case Mapping():
            return {str(key): _plain(child) for key, child in value.items()}
        case list() | tuple():
            return [_plain(child) for child in value]
        case _:
            raise BadInput("field.wrong_type", field="", value=type(value).__name__)
