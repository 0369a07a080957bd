"""The languages of the interface: which one a visitor reads, how it stays with every link, and what is marked as English."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_skeleton
from flask import Flask, Response, has_request_context, request, url_for
from flask_babel import Babel, format_decimal, get_locale, gettext
from markupsafe import Markup

from . import basket

LANGUAGES = {"en": "English", "es": "Español"}  # each in its own words; a language is one catalogue in translations/
CONTENT = "en"  # what the graph is written in, whatever the interface speaks
_STAYS_AS_IT_IS = ("static", "api.", "linked.", "pages.healthz")
_SKELETONS = {4: "y", 7: "yMMMM", 10: "yMMMMd"}  # of dates known to the year, the month, the day


def speak(app: Flask) -> None:
    """Give the application its languages: `?lang=`, else what the browser asks for, else English."""
    Babel(app, default_locale=CONTENT, locale_selector=_select)
    app.url_defaults(_keep)
    app.after_request(_mark)
    app.jinja_env.globals.update(
        get_locale=get_locale, chosen_language=chosen, language_switch=language_switch, content_attrs=content_attrs
    )
    app.jinja_env.filters.update(said=said, day=day, number=number)


def chosen() -> str | None:
    """The language that the address names, if it is one of ours."""
    code = request.args.get("lang")
    return code if code in LANGUAGES else None


def language_switch(*, failed: bool = False) -> list[dict[str, Any]]:
    """Every language with the address of this very page in it; of the start page if this page *failed*, whatever was asked."""
    endpoint, values = (None if failed else request.endpoint) or "pages.home", None if failed else request.view_args
    rest = [] if failed else [each for each in request.args.items(multi=True) if each[0] not in ("lang", basket.NAME)]
    now = str(get_locale())
    return [
        {
            "code": code,
            "name": name,
            "now": code == now,
            "address": "&".join(filter(None, [url_for(endpoint, **{**(values or {}), "lang": code}), urlencode(rest)])),
        }
        for code, name in LANGUAGES.items()
    ]


def content_attrs() -> Markup:
    """Attributes for an element that holds words of the graph: nothing in English, else the language and its direction."""
    return Markup("") if get_locale().language == CONTENT else Markup(' lang="en" dir="ltr"')


def said(text: Any) -> str:
    """A word of the vocabulary (a kind, a strength, an audience) in the language of the interface."""
    return gettext(str(text)) if text else ""


def day(text: str) -> str:
    """A date as `2024`, `2024-05` or `2024-05-17` as people write it; anything else unchanged."""
    try:
        known = date.fromisoformat(text + "2000-01-01"[len(text) :])
        return format_skeleton(_SKELETONS[len(text)], known, locale=get_locale())
    except (ValueError, KeyError):
        return text


def number(value: float, pattern: str | None = None) -> str:
    """A number with the separators of the language."""
    return str(format_decimal(value, pattern))


def _select() -> str:
    if _is_data():
        return CONTENT
    return chosen() or request.accept_languages.best_match(LANGUAGES, CONTENT)


def _is_data() -> bool:
    """Data speak no language of the interface."""
    return request.path.startswith("/api/") or (request.endpoint or "").startswith("linked.")


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if has_request_context() and not endpoint.startswith(_STAYS_AS_IT_IS) and (code := chosen()):
        values.setdefault("lang", code)


def _mark(response: Response) -> Response:
    if request.endpoint != "static" and not _is_data():
        response.vary.add("Accept-Language")
        response.headers.setdefault("Content-Language", str(get_locale()))
    return response
