"""In which form a thing is sent: by suffix, then `?format=`, then Accept. What forms of RDF there are is said once, in kg/rdf_formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, redirect, request, url_for
from werkzeug.datastructures import MIMEAccept
from werkzeug.wrappers import Response as BaseResponse

from kg.rdf_formats import RDF_FORMATS, RdfFormat, get_format

SUFFIX = f"any({','.join(form.suffix for form in RDF_FORMATS)})"  # for the rules of documents: /id/<item_id>.<any(...):suffix>
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_PAGE = "text/html"
_FORM_OF = {kind: form for form in RDF_FORMATS for kind in (form.media_type, *form.asked_as)}
# In order of preference among equals: a page for people, then data; XHTML last, so that `application/*` means data.
_OFFERED = [_PAGE, *(form.media_type for form in RDF_FORMATS), *_FORM_OF, "application/xhtml+xml"]
# Any site may read data from its scripts; pages stay closed to them.
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Location",
}

View = Callable[..., Any]
Negotiated = Callable[..., BaseResponse]


def find_wanted(accept: MIMEAccept) -> RdfFormat | str:
    """What an Accept header asks for: a form of RDF, ``"text/html"``, or ``""`` if nothing that it takes is there.

    Nothing asked, or anything taken, is the page; parameters such as a charset or a profile do not stand in the way.

    >>> find_wanted(MIMEAccept([("text/turtle;charset=utf-8", 1)])).name
    'turtle'
    >>> find_wanted(MIMEAccept([("*/*", 1)])), find_wanted(MIMEAccept([("image/png", 1)]))
    ('text/html', '')
    """
    if not accept:
        return _PAGE
    plain = MIMEAccept([(kind.partition(";")[0].strip().lower(), quality) for kind, quality in accept])
    found = plain.best_match(_OFFERED)
    return _FORM_OF.get(found, _PAGE) if found else ""


def negotiated(name: str, exists: Callable[..., object] = lambda **_: None) -> Callable[[View], Negotiated]:
    """Make a view of a page also the address of its thing: people get the page, who asks for data is sent on to the document.

    :param name: ``pages.NAME`` is the page; ``linked.NAME`` its documents, which take what the view takes, and a suffix.
    :param exists: is called with what the view takes before anybody is sent on. It raises UnknownItem if there is no such thing.
    """

    def decorate(view: View) -> Negotiated:
        @wraps(view)
        def chosen(**values: Any) -> BaseResponse:
            wanted = _wanted()
            if wanted == _PAGE:
                answer = _show(name, values, make_response(view(**values)))
            else:
                exists(**values)
                answer = _see(name, values, wanted) if isinstance(wanted, RdfFormat) else _refuse(name, values)
                answer.headers.update(OPEN)
            answer.headers.add("Vary", "Accept")
            return answer

        chosen.name_of_thing = name  # type: ignore[attr-defined]
        return chosen

    return decorate


def asks_for_data() -> bool:
    """Whether an error should be told in plain text: a document was asked for, or data at the address of a thing."""
    endpoint = request.endpoint or ""
    if endpoint.startswith("linked."):
        return True
    negotiable = hasattr(current_app.view_functions.get(endpoint), "name_of_thing")
    return negotiable and not request.path.endswith(".html") and find_wanted(request.accept_mimetypes) != _PAGE


def link_header(name: str, values: Mapping[str, Any], described_by: str) -> str:
    """The forms of a thing, its licence, what describes it and the address under which it is known, as one header."""
    links = [_to_link(address, "alternate", kind) for kind, address in _forms(name, values)]
    links += [_to_link(LICENCE, "license"), _to_link(described_by, "describedby")]
    return ", ".join([*links, _to_link(page_address(name, values), "canonical")])


def page_address(name: str, values: Mapping[str, Any]) -> str:
    """The address of a thing, which is also that of its page; without any state, such as the language."""
    return url_for(f"pages.{name}", **values).partition("?")[0]


def _to_link(address: str, rel: str, kind: str = "") -> str:
    return f'<{address}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "")


def _forms(name: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Media type and address of every document about a thing."""
    return [(form.media_type, url_for(f"linked.{name}", suffix=form.suffix, **values)) for form in RDF_FORMATS]


def _wanted() -> RdfFormat | str:
    if request.path.endswith(".html"):
        return _PAGE
    asked = request.args.get("format", "")
    if asked:
        return _PAGE if asked in ("html", _PAGE) else get_format(asked)
    return find_wanted(request.accept_mimetypes)


def _show(name: str, values: Mapping[str, Any], answer: Response) -> BaseResponse:
    """A page that says where its data are, and, at the address of the thing, which address is that of the page alone."""
    if answer.status_code == 200:
        answer.headers["Link"] = link_header(name, values, described_by=_forms(name, values)[0][1])
        if not request.args:
            answer.headers["Content-Location"] = f"{page_address(name, values)}.html"
    return answer


def _see(name: str, values: Mapping[str, Any], form: RdfFormat) -> BaseResponse:
    return redirect(url_for(f"linked.{name}", suffix=form.suffix, **values), 303)


def _refuse(name: str, values: Mapping[str, Any]) -> BaseResponse:
    """Nothing that is asked for is there: what is, one a line."""
    forms = [(_PAGE, f"{page_address(name, values)}.html"), *_forms(name, values)]
    told = [
        "It is not there in a form that was asked for. There are:",
        *(f"{kind} {address}" for kind, address in forms),
    ]
    answer = Response("\n".join(told) + "\n", 406, mimetype="text/plain")
    answer.headers["Link"] = ", ".join(_to_link(address, "alternate", kind) for kind, address in forms)
    return answer
