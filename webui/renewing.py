"""Answer from the build in use, and go over to the next one as soon as it is whole, without a restart or a request that fails."""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from werkzeug.wsgi import ClosingIterator

from kg.errors import BuildDamaged, KGError
from kg.queries import KnowledgeGraph

EVERY = 0.5  # seconds between two looks at which build is in use: a few bytes are read
# What whoever watches the limits of visitors holds: it outlives a build.
_CARRIED = ("clients", "turns", "pack_turns", "buckets")
# Pages that a new build must answer before it is served; they are quicker the second time.
_TRIED = ("/", "/barriers", "/search?q=work", "/api/v1/", "/healthz")


class _Site:
    """An application over one build. :ivar asked: how many requests are under way on it."""

    def __init__(self, knowledge: KnowledgeGraph, app: Flask) -> None:
        self.knowledge, self.app, self.asked = knowledge, app, 0


class Renewed:
    """A WSGI application that is always the one over the build in use.

    Each request is answered from beginning to end by the application that it began on, and so from one build. A build that is not whole,
    or does not answer, is said once on standard error and never served: the one before goes on.
    """

    def __init__(self, knowledge: KnowledgeGraph, make: Callable[[KnowledgeGraph], Flask]) -> None:
        """:param make: opens all of a build that will be needed, and gives the application over it."""
        self._make, self._lock, self._ended = make, threading.Lock(), threading.Event()
        self._site, self._left, self._seen = _Site(knowledge, make(knowledge)), list[_Site](), ""
        gc.freeze()  # what lives as long as the build need not be looked through again and again

    @property
    def app(self) -> Flask:
        """The application over the build in use."""
        return self._site.app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        with self._lock:
            site = self._site
            site.asked += 1
        try:
            return ClosingIterator(site.app(environ, start_response), [lambda: self._end(site)])
        except BaseException:
            self._end(site)
            raise

    def _end(self, site: _Site) -> None:
        with self._lock:
            site.asked -= 1

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look for a new build as long as the block runs; then let go of every build."""
        watcher = threading.Thread(target=self._watch, name="new builds", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._ended.set()
            watcher.join(EVERY)
            for site in (*self._left, self._site):
                site.knowledge.close()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            self.look()

    def look(self) -> None:
        """Go over to the build in use, if it is another one by now."""
        self._close_left()
        stamp = "?"
        try:
            stamp = self._site.knowledge.stamp()
            if stamp in ("", self._seen):
                return
            site = self._open()
        except Exception as error:  # whatever it is, the build that answers goes on
            if stamp != self._seen:
                _say(f"The build in use cannot be served: {_told(error)} Answers go on from the one before.")
        else:
            if site:
                self._go_over(site)
        self._seen = stamp

    def _open(self) -> _Site | None:
        newer = self._site.knowledge.find_newer()
        if newer is None:
            return None
        try:
            app = self._make(newer)
            for name in _CARRIED:
                app.extensions[name] = self.app.extensions[name]
            for path in _TRIED:
                if app.test_client().get(path).status_code >= 500:
                    raise BuildDamaged(f"The build {newer.digest[:12]} does not answer {path}.", "Run: kg build")
            return _Site(newer, app)
        except BaseException:
            newer.close()
            raise

    def _go_over(self, site: _Site) -> None:
        with self._lock:
            before, self._site = self._site, site
        self._left.append(before)
        _say(f"Answers come from the build {site.knowledge.digest[:12]} now.")

    def _close_left(self) -> None:
        """Close what no request is under way on any more."""
        with self._lock:
            done = [site for site in self._left if not site.asked]
            self._left = [site for site in self._left if site.asked]
        if not done:
            return
        while done:
            with contextlib.suppress(Exception):  # whatever it is, nobody is answered from it any more
                done.pop().knowledge.close()
        gc.unfreeze()
        gc.collect()  # what was frozen is full of circles, and would never go by itself
        gc.freeze()


def _say(told: str) -> None:
    print(told, file=sys.stderr, flush=True)


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, KGError) else f"{type(error).__name__}."
