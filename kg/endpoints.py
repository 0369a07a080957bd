"""Where a store of triples answers: addresses of endpoints, apart from the name and password that open them. No network here."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from .errors import BadSetting


@dataclass(frozen=True)
class Endpoint:
    """One address. :ivar url: without name and password. :ivar login: these two; never shown, not even by ``repr``.

    >>> Endpoint("http://127.0.0.1:7878/query", ("reader", "secret"))
    Endpoint(url='http://127.0.0.1:7878/query')
    """

    url: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and port, as errors name it."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True)
class Store:
    """A store of triples, by any of several endpoints that hold the same.

    :ivar query: where it answers SPARQL queries; the first is asked first. :ivar update: its Graph Store endpoint, or None.
    :ivar graph: the graph that names the graph in use, or that is read itself.
    """

    query: tuple[Endpoint, ...]
    graph: str
    update: Endpoint | None = None

    @classmethod
    def from_settings(
        cls, query: str, update: str, graph: str, *, base: str, user: str = "", password: str = ""
    ) -> Store | None:
        """The store that settings name, or None if they name none.

        :param query: addresses with spaces between them. :param user: for addresses that carry no name of their own.
        :raises BadSetting: if an address is not of http or https.

        >>> found = Store.from_settings("http://a:b@127.0.0.1:1/q", "", "", base="https://example.org/")
        >>> found.query[0].url, found.query[0].login, found.graph
        ('http://127.0.0.1:1/q', ('a', 'b'), 'https://example.org/graph/current')
        """
        if not query and not update:
            return None
        login = (user, password) if user else None
        endpoints = tuple(read_endpoint("KG_SPARQL", each, login) for each in query.split())
        if not endpoints:
            raise BadSetting("KG_SPARQL_GSP is set, but KG_SPARQL is not.", "Name the query endpoint of the store too.")
        graph = graph or f"{base}graph/current"
        if not urlsplit(graph).scheme or any(sign in graph for sign in '<>"{}|^`\\ '):
            raise BadSetting("KG_GRAPH is not an IRI.", "Name a graph, such as https://example.org/graph/current.")
        return cls(endpoints, graph, read_endpoint("KG_SPARQL_GSP", update, login) if update else None)


def read_endpoint(setting: str, address: str, login: tuple[str, str] | None = None) -> Endpoint:
    """An address as somebody wrote it. :raises BadSetting: if it is not of http or https. It is not repeated: it may hold a password."""
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.fragment or not address.isascii() or any(sign <= " " for sign in address):
        raise BadSetting(
            f"{setting} is no address of http or https.", "Write it as http://127.0.0.1:7878/query, in ASCII."
        )
    if parts.username:
        login = (unquote(parts.username), unquote(parts.password or ""))
    return Endpoint(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), login)
