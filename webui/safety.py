"""What protects the visitor: headers on every answer, errors that tell nothing of what was asked, no logs, no cookies, no other hosts."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from kg.errors import BadQuery, KGError, UnknownItem, WrongKind

from .assets import cache_rule

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

_STATUS: dict[type[KGError], int] = {UnknownItem: 404, WrongKind: 404, BadQuery: 400}

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


def _tell_kg_error(error: KGError) -> tuple[BaseResponse | str, int, dict[str, str]]:
    near = error.near if isinstance(error, UnknownItem) else ()
    told = _tell(type(error).__name__, error.message, page_hint(error), ours=False, near=near)
    return told, status_of(error), {"Retry-After": str(error.wait)} if hasattr(error, "wait") else {}


def status_of(error: KGError) -> int:
    """The status of a page that tells of the error: its own, if it is one of the web alone."""
    status: int = getattr(error, "status", 0) or _STATUS.get(type(error), 503)
    return status


def page_hint(error: KGError) -> str:
    """The next move, as a visitor of pages can make it: not a command to type."""
    typed = "kg " in error.hint or "--" in error.hint
    return gettext("Search for it by words, or go back to the start page.") if typed else error.hint


def _tell_http_error(error: HTTPException) -> BaseResponse | tuple[BaseResponse | str, int]:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if isinstance(
        error, SecurityError
    ):  # asked under a name that is not ours: no page can be made, since its links would carry that name
        return Response("This site is not reached under that name.\n", 400, mimetype="text/plain")
    message, hint = _TOLD.get(status, _TOLD_ELSE)
    return _tell(type(error).__name__, str(message), str(hint)), status


def _tell(name: str, message: str, hint: str, *, ours: bool = True, near: tuple[str, ...] = ()) -> BaseResponse | str:
    if request.path.startswith("/api/"):
        return jsonify({"error": {"type": name, "message": message, "hint": hint}})
    return render_template("error.html", message=message, hint=hint, ours=ours, near=near, failed=True)
