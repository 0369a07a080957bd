"""What can go wrong, said in three beats: what happened, where or why, what to do next. One family, no imports."""

from __future__ import annotations

from dataclasses import dataclass


class KGError(Exception):
    """Base of every error that a user of this package can meet.

    :param message: what happened, and where or why.
    :param hint: the next move, or "" when there is none.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_json(self) -> dict[str, dict[str, str]]:
        """The error as every door gives it to a machine."""
        return {"error": {"type": type(self).__name__, "message": self.message, "hint": self.hint}}


class BadQuery(KGError):
    """The words of a question cannot be used: none, too many, or characters that nobody types."""


class QueryRefused(KGError):
    """A query asks for something that is not done here: other services, other data, or changes."""


class QueryTooLong(KGError):
    """A query has more characters than are read."""


class QueryTooCostly(KGError):
    """A query was stopped: it took more time or memory than a query may take."""


class FormatUnfit(KGError):
    """No format that was asked for can hold the result."""


class EngineDown(KGError):
    """The process that answers queries does not answer."""


class StoreDown(EngineDown):
    """A store of triples gives no answer, or none that can be used. :ivar wait: seconds after which it is worth asking again.

    :ivar slow: it took all the time that it had. :ivar gone: nobody was there.
    """

    wait = 3

    def __init__(self, message: str, hint: str = "", *, slow: bool = False, gone: bool = False) -> None:
        super().__init__(message, hint)
        self.slow, self.gone = slow, gone


class StoreTalks(StoreDown):
    """A store answers with more than is read."""


class StoreRefused(KGError):
    """A store of triples does not do what is asked. :ivar status: of its answer."""

    def __init__(self, message: str, hint: str = "", status_given: int = 0) -> None:
        super().__init__(message, hint)
        self.status_given = status_given


class BadUse(KGError):
    """A command was called with words that it does not take."""

    exit_code = 2


class UnknownItem(KGError):
    """No item has this id. :ivar near: ids that it may be a slip of."""

    def __init__(self, message: str, hint: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint)
        self.near = near


class WrongKind(KGError):
    """The item exists, but the question does not fit its kind."""


class DataFault(KGError):
    """The data cannot be read at all, or has problems that forbid a build."""

    def __init__(self, message: str, hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message, hint)
        self.problems = problems


class UnknownConstraint(KGError):
    """A shape says something that the engine for large builds has no rule for."""


class MissingFolder(KGError):
    """A folder or file that was named does not exist."""

    exit_code = 2


class BadSetting(KGError):
    """A setting has a value that it cannot have."""

    exit_code = 2


class MissingExtra(KGError):
    """Something was asked for that needs a package which is not installed."""

    exit_code = 2


class FileExists(KGError):
    """A file that would be written is there already."""


class NotInstalled(KGError):
    """Something that only some people need is not there; the hint says how to get it."""


class BuildMissing(KGError):
    """There is no build to answer from."""


class BuildDamaged(KGError):
    """A file of the build is not the file that was written."""


class BuildLocked(KGError):
    """Another process is building."""

    exit_code = 3


class CannotWrite(KGError):
    """A build cannot be written: the disk is full, or the folder is not one's own to write in."""

    exit_code = 4


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in the data, for the person who edits it.

    ``line`` and ``column`` count from 1; 0 means that the whole file is meant.
    """

    file: str
    line: int
    column: int
    severity: str  # "error" stops a build, "warning" does not
    item: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.item or '-'}: {self.what}; {self.cure}"
