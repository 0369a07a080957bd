"""What protects the visitor: headers on every answer, errors that tell nothing of what was asked, no logs, no cookies, no other hosts."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import (
    BadQuery,
    FormatUnfit,
    KGError,
    QueryRefused,
    QueryTooCostly,
    QueryTooLong,
    StoreDown,
    StoreRefused,
    UnknownItem,
    WrongKind,
)

from .assets import cache_rule
from .formats import asks_for_data
from .problems import from_error, from_status

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noarchive",
}

_STATUS: dict[type[KGError], int] = {
    UnknownItem: 404,
    WrongKind: 404,
    BadQuery: 400,
    QueryRefused: 403,
    FormatUnfit: 406,
    QueryTooLong: 413,
    QueryTooCostly: 504,
}

_STORE = (StoreDown, StoreRefused)

# Status -> what happened, and what to do next.
_TOLD: dict[int, tuple[Any, Any]] = {
    404: (_l("There is no page at this address."), _l("Check the address, or search.")),
    405: (_l("This page does not take what was sent."), _l("Open the page with a link or the search box.")),
    413: (_l("That is more than this site takes at once."), _l("Ask with fewer words.")),
    500: (_l("Something went wrong here."), _l("The fault is on our side. Try again in a moment.")),
}
_TOLD_ELSE = (_l("This cannot be answered."), _l("Go back to the start page."))


class QuietFlask(Flask):
    """Flask that logs of a fault its type and its page alone: its text, and the address, may hold what a visitor asked."""

    def log_exception(self, exc_info: Any) -> None:
        """Log one line without a traceback."""
        self.logger.error("%s in %s", exc_info[0].__name__, request.endpoint)


def protect(app: Flask) -> None:
    """Put headers on every answer and turn every error into a page or JSON that says what to do next."""
    app.after_request(_add_headers)
    app.register_error_handler(KGError, _tell_kg_error)
    app.register_error_handler(HTTPException, _tell_http_error)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Nothing that shows what somebody read stays on a shared computer.
    response.headers["Cache-Control"] = cache_rule(response)
    return response


def _tell_kg_error(error: KGError) -> BaseResponse | tuple[Response | str, int, dict[str, str]]:
    if _for_programs():
        return from_error(error)
    near = error.near if isinstance(error, UnknownItem) else ()
    told = _tell(page_message(error), page_hint(error), ours=isinstance(error, _STORE), near=near)
    return told, status_of(error), {"Retry-After": str(error.wait)} if hasattr(error, "wait") else {}


def status_of(error: KGError) -> int:
    """The status of a page that tells of the error: its own, if it is one of the web alone."""
    status: int = getattr(error, "status", 0) or _STATUS.get(type(error), 503)
    return status


def page_message(error: KGError) -> str:
    """What happened, as a visitor may know it: of a store that fails, neither where it is nor what it said."""
    if not isinstance(error, _STORE):
        return error.message
    told: str = gettext("The store that holds this part of the graph does not answer.")
    return told


def page_hint(error: KGError) -> str:
    """The next move, as a visitor of pages can make it: not a command to type."""
    if isinstance(error, _STORE):
        told: str = gettext(
            "Search, the lists of barriers and harms, paths, gaps and downloads still work. Try this page again in a moment."
        )
        return told
    typed = "kg " in error.hint or "--" in error.hint
    return gettext("Search for it by words, or go back to the start page.") if typed else error.hint


def _tell_http_error(error: HTTPException) -> BaseResponse | tuple[Response | str, int, dict[str, str]]:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if isinstance(
        error, SecurityError
    ):  # asked under a name that is not ours: no page can be made, since its links would carry that name
        return Response("This site is not reached under that name.\n", 400, mimetype="text/plain")
    message, hint = _TOLD.get(status, _TOLD_ELSE)
    allow = {name: value for name, value in error.get_headers() if name == "Allow"}
    if _for_programs():
        answer = from_status(status)
        answer.headers.update(allow)
        return answer
    return _tell(str(message), str(hint)), status, allow


def _for_programs() -> bool:
    return request.path.startswith("/api/")


def _tell(message: str, hint: str, *, ours: bool = True, near: tuple[str, ...] = ()) -> Response | str:
    if asks_for_data():
        return Response(f"{message}\n{hint}\n", mimetype="text/plain")
    return render_template("error.html", message=message, hint=hint, ours=ours, near=near, failed=True)
