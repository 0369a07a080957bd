"""The basket: items that a visitor gathers. It stands in the address and nowhere else, and goes along with every link to a page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Flask, has_request_context, request, url_for

NAME, MOST = "basket", 100
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}")


def carry(app: Flask) -> None:
    """Let every link to a page carry the basket, and give the templates what is in it."""
    app.url_defaults(_keep)
    app.jinja_env.globals.update(
        basket=gathered, basket_text=to_text, basket_with=with_item, basket_without=without_item
    )


def gathered() -> tuple[str, ...]:
    """The ids in the basket, in the order in which they were gathered; what can be no id is passed over."""
    ids = request.args.get(NAME, "").split("~") if has_request_context() else []
    return tuple(dict.fromkeys(each for each in ids if _ID.fullmatch(each)))[:MOST]


def to_text(ids: tuple[str, ...] | list[str]) -> str | None:
    """Ids as the address holds them; None, which an address leaves out, if there are none."""
    return "~".join(ids) or None


def with_item(item_id: str) -> str:
    """The address of this very page with one item more in the basket."""
    return _here((*gathered(), item_id))


def without_item(item_id: str) -> str:
    """The address of this very page without an item in the basket."""
    return _here(tuple(each for each in gathered() if each != item_id))


def _here(ids: tuple[str, ...]) -> str:
    rest = [each for each in request.args.items(multi=True) if each[0] not in (NAME, "lang")]
    address = url_for(request.endpoint or "pages.home", **{**(request.view_args or {}), NAME: to_text(ids)})
    if not rest:  # names of the address are never names of options of url_for, which could lead elsewhere
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(rest)}"


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if has_request_context() and endpoint.startswith("pages.") and endpoint != "pages.healthz" and (ids := gathered()):
        values.setdefault(NAME, to_text(ids))
