"""What an address of the API is made of: an operation with its parameters, what was given, and a part of something long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.queries import KnowledgeGraph

FLAGS = ("1", "0", "true", "false")
LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    :ivar told: what it says, in a sentence. :ivar sort: "text", "number", "flag" or "choice". :ivar many: may be given several times.
    :ivar joined: several values stand in one, with commas between them. :ivar usual: what holds where it is not given.
    :ivar least: the least number, or how many characters. :ivar choices: gives the values of a choice in a build.
    :ivar place: "query" or "path".
    """

    name: str
    told: str
    sort: str = "text"
    required: bool = False
    many: bool = False
    joined: bool = False
    usual: Any = None
    least: int = 1
    most: int = LONGEST_TEXT
    pattern: str = ""
    choices: Callable[[KnowledgeGraph], Iterable[str]] | None = None
    place: str = "query"


@dataclass(frozen=True, slots=True)
class Given:
    """What was asked for, read and checked: parameter -> value, with what is usual where nothing was given.

    :ivar start: the place in a list from which on is asked for.
    """

    values: Mapping[str, Any]
    start: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def options(self, *names: str) -> dict[str, Any]:
        """Some of the values, as the options of a verb."""
        return {name: self.values[name] for name in names}

    @property
    def limit(self) -> int:
        return int(self.values["limit"])

    @property
    def end(self) -> int:
        return self.start + self.limit


@dataclass(frozen=True, slots=True)
class Part:
    """A result of which a list was cut to what was asked for. :ivar total: how long the list is in all."""

    found: Any
    total: int


Ask = Callable[[KnowledgeGraph, Given], Any]


def one_unit(kg: KnowledgeGraph, given: Given) -> float:
    """What a usual request counts."""
    return 1.0


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API.

    :ivar name: of the endpoint. :ivar path: below /api/v1, with its places as ``<name>``. :ivar told: what it gives, in a sentence.
    :ivar ask: the question to the library. :ivar gives: the type of the answer; of the entries, where these are a plain list.
    :ivar listed: the name of the list in the answer that has pages and fields; "" if the answer is one thing.
    :ivar pages: how many entries are usual on a page, and how many there can be; None if all come at once.
    :ivar command: the same asked of the command line. :ivar example: parameters with which it can be tried.
    :ivar cost: how many requests it counts. :ivar fields: whether `fields` may choose. :ivar form: it is asked by POST too.
    :ivar tagged: nothing but build and address decide the answer, so that a tag can name it.
    """

    name: str
    path: str
    told: str
    ask: Ask
    gives: Any
    parameters: tuple[Parameter, ...] = ()
    listed: str = ""
    pages: tuple[int, int] | None = None
    command: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    cost: Callable[[KnowledgeGraph, Given], float] = one_unit
    fields: bool = True
    form: bool = False
    tagged: bool = True

    @property
    def plain_list(self) -> bool:
        """Whether the answer is a list that the API puts into an object of its own."""
        return self.listed == "items"

    @property
    def all_parameters(self) -> tuple[Parameter, ...]:
        """Those of the question, then those that every list and every answer has."""
        more: list[Parameter] = []
        if self.pages:
            usual, most = self.pages
            more.append(Parameter("limit", "At most so many entries.", "number", usual=usual, most=most))
            more.append(
                Parameter(
                    "cursor",
                    "Where the next page begins: taken from `next` of the page before, for the same question.",
                    pattern=r"^[A-Za-z0-9_-]{12,40}$",
                    most=40,
                    least=12,
                )
            )
        if self.fields:
            told = "Only these fields of each entry" if self.listed else "Only these fields"
            more.append(Parameter("fields", f"{told}, with commas between them.", "field", many=True, joined=True))
        return (*self.parameters, *more)


def place(name: str, told: str) -> Parameter:
    """A place in the address."""
    return Parameter(name, told, required=True, most=200, place="path")


ITEM = place("item_id", "The id of an item, such as ap-barrier-2.6.")


def number(name: str, told: str, usual: int | None, most: int, least: int = 1) -> Parameter:
    """A whole number."""
    return Parameter(name, told, "number", usual=usual, least=least, most=most)


def flag(name: str, told: str, usual: bool = False) -> Parameter:
    """Yes or no."""
    return Parameter(name, told, "flag", usual=usual)


def choice(
    name: str,
    told: str,
    choices: Callable[[KnowledgeGraph], Iterable[str]],
    *,
    required: bool = False,
    usual: Any = None,
) -> Parameter:
    """One value of a closed list."""
    return Parameter(name, told, "choice", choices=choices, required=required, usual=usual)


def several(
    name: str, told: str, choices: Callable[[KnowledgeGraph], Iterable[str]] | None = None, **more: Any
) -> Parameter:
    """Values that may be given several times."""
    return Parameter(name, told, "choice" if choices else "text", many=True, choices=choices, usual=(), **more)
