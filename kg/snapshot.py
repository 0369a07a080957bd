"""Write and read the compact snapshot of a build: SQLite, opened in milliseconds with the standard library alone, read-only."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .errors import BuildDamaged
from .model import Item, Link, Model, Source, to_plain

FORMAT = 6

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, parent TEXT NOT NULL, source TEXT NOT NULL,
    rest TEXT NOT NULL, direct INTEGER NOT NULL, touched INTEGER NOT NULL);
CREATE INDEX items_by_kind ON items (kind, place);
CREATE INDEX items_by_parent ON items (parent, place);
CREATE TABLE subjects (topic TEXT NOT NULL, item INTEGER NOT NULL REFERENCES items (place), PRIMARY KEY (topic, item)) WITHOUT ROWID;
CREATE TABLE links (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, start TEXT NOT NULL, relation TEXT NOT NULL, "end" TEXT NOT NULL,
    strength TEXT NOT NULL, rest TEXT NOT NULL);
CREATE INDEX links_by_start ON links (start, place);
CREATE INDEX links_by_end ON links ("end", place);
CREATE TABLE measures (relation TEXT NOT NULL, firm INTEGER NOT NULL, measure TEXT NOT NULL, figures TEXT NOT NULL,
    PRIMARY KEY (relation, firm, measure)) WITHOUT ROWID;
"""
_ITEM_REST = (
    "label",
    "summary",
    "also",
    "hidden",
    "unlike",
    "notes",
    "gap",
    "lines",
    "position",
    "about",
    "audiences",
    "details",
)
_LINK_REST = ("because", "basis", "state", "by", "on", "lines")


def write_snapshot(
    path: Path,
    model: Model,
    coverage: Mapping[str, tuple[int, int]],
    measures: Iterable[tuple[str, bool, str, Mapping[str, float]]],
    meta: Mapping[str, Any],
) -> None:
    """Write the file; the same input gives the same bytes.

    :param coverage: item id -> how many difficulties it addresses directly and in all.
    :param measures: relation, whether only firm links count, measure, item -> figure; see :func:`kg.measures.measure_all`.
    :param meta: JSON-able, kept by name.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA page_size = 4096;" + _SCHEMA)
        kept = {**meta, "format": FORMAT, "sources": to_plain(model.sources)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [(key, _dumps(kept[key])) for key in sorted(kept)])
        connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _item_rows(model, coverage))
        subjects = sorted((topic, place) for place, item in enumerate(model.items) for topic in item.about)
        connection.executemany("INSERT INTO subjects VALUES (?, ?)", subjects)
        connection.executemany(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    place,
                    link.id,
                    link.start,
                    link.relation,
                    link.end,
                    link.strength,
                    _dumps({key: getattr(link, key) for key in _LINK_REST}),
                )
                for place, link in enumerate(model.links)
            ],
        )
        rows = [(relation, firm, measure, _dumps(dict(figures))) for relation, firm, measure, figures in measures]
        connection.executemany("INSERT INTO measures VALUES (?, ?, ?, ?)", sorted(rows))
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _item_rows(model: Model, coverage: Mapping[str, tuple[int, int]]) -> Iterable[tuple[Any, ...]]:
    for place, item in enumerate(model.items):
        rest = _dumps({key: to_plain(getattr(item, key)) for key in _ITEM_REST})
        yield (place, item.id, item.kind, item.parent, item.source, rest, *coverage.get(item.id, (0, 0)))


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Snapshot:
    """The open snapshot. Safe to share between threads: one connection behind a lock, never written."""

    def __init__(self, path: Path) -> None:
        """Open it. :raises BuildDamaged: if it is not a snapshot that this version reads."""
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            found = self.meta("format")
        except sqlite3.Error as error:
            raise BuildDamaged(f"{path} is not a snapshot ({error}).", "Run: kg build") from error
        if found != FORMAT:
            raise BuildDamaged(f"{path} was written in format {found}, this version reads {FORMAT}.", "Run: kg build")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except UnicodeEncodeError:  # half a character, as a terminal hands over what is not UTF-8: nothing is named so
            return []

    def meta(self, key: str) -> Any:
        """What the build keeps under this name, or None."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return json.loads(rows[0][0]) if rows else None

    def sources(self) -> list[Source]:
        """Every source, in order."""
        return [Source(**{**value, "notes": tuple(value["notes"])}) for value in self.meta("sources")]

    def find_item(self, item: str) -> Item | None:
        """The item with this id, or None."""
        rows = self._rows("SELECT id, kind, parent, source, rest FROM items WHERE id = ?", item)
        return _to_item(rows[0]) if rows else None

    def items(self, *, kind: str | None = None, parent: str | None = None) -> list[Item]:
        """Items in reading order: all, of one kind, or directly under one parent."""
        where = [(column, value) for column, value in (("kind", kind), ("parent", parent)) if value is not None]
        clause = " WHERE " + " AND ".join(f"{column} = ?" for column, _ in where) if where else ""
        sql = f"SELECT id, kind, parent, source, rest FROM items{clause} ORDER BY place"  # noqa: S608 - column names are ours
        return [_to_item(row) for row in self._rows(sql, *(value for _, value in where))]

    def items_about(self, topic: str) -> list[Item]:
        """Items with this topic, in reading order."""
        sql = "SELECT id, kind, parent, source, rest FROM items JOIN subjects ON subjects.item = items.place WHERE topic = ? ORDER BY place"
        return [_to_item(row) for row in self._rows(sql, topic)]

    def ids(self, kind: str | None = None) -> list[str]:
        """The id of every item, or of every item of a kind, in reading order."""
        return [row[0] for row in self._rows("SELECT id FROM items WHERE ?1 IS NULL OR kind = ?1 ORDER BY place", kind)]

    def figures(self, measure: str, relation: str = "", *, firm: bool = False) -> dict[str, float]:
        """Item -> its figure: on all links or those of one relation, with or without computed and editorial ones."""
        sql = "SELECT figures FROM measures WHERE relation = ? AND firm = ? AND measure = ?"
        rows = self._rows(sql, relation, firm, measure)
        return json.loads(rows[0][0]) if rows else {}

    def coverage(self, item: str) -> tuple[int, int]:
        """How many difficulties the item addresses directly, and in all."""
        rows = self._rows("SELECT direct, touched FROM items WHERE id = ?", item)
        return rows[0] if rows else (0, 0)

    def answer_counts(self) -> dict[str, tuple[int, int]]:
        """Difficulty id -> how many items address it directly, and otherwise."""
        counts = "sum(strength = 'direct'), sum(strength <> 'direct')"
        sql = f"""SELECT "end", {counts} FROM links WHERE relation = 'addresses' GROUP BY "end" """  # noqa: S608
        return {row[0]: (row[1], row[2]) for row in self._rows(sql)}

    def links(self, *, start: str | None = None, end: str | None = None) -> list[Link]:
        """Curated links from an item, or to an item, in order."""
        sql = 'SELECT id, start, relation, "end", strength, rest FROM links WHERE start = ? OR "end" = ? ORDER BY place'
        return [_to_link(row) for row in self._rows(sql, start or "", end or "")]

    def all_links(self) -> list[Link]:
        """Every curated link, by relation, in order."""
        return [
            _to_link(row)
            for row in self._rows('SELECT id, start, relation, "end", strength, rest FROM links ORDER BY place')
        ]

    def pointed_to(self, item: str) -> tuple[int, int]:
        """How many curated links point to the item, and from how many sources."""
        sql = 'SELECT count(*), count(DISTINCT items.source) FROM links JOIN items ON items.id = links.start WHERE links."end" = ?'
        rows = self._rows(sql, item)
        return rows[0][0], rows[0][1]

    def count_links(self) -> dict[str, int]:
        """Relation -> how many curated links."""
        return dict(self._rows("SELECT relation, count(*) FROM links GROUP BY relation ORDER BY relation"))

    def count_items(self) -> dict[str, int]:
        """Kind -> how many items, in reading order."""
        return dict(self._rows("SELECT kind, count(*) FROM items GROUP BY kind ORDER BY min(place)"))


def _to_item(row: tuple[Any, ...]) -> Item:
    rest = json.loads(row[4])
    for key in ("also", "hidden", "unlike", "notes", "about", "audiences"):
        rest[key] = tuple(rest[key])
    return Item(id=row[0], kind=row[1], parent=row[2], source=row[3], **rest)


def _to_link(row: tuple[Any, ...]) -> Link:
    return Link(id=row[0], start=row[1], relation=row[2], end=row[3], strength=row[4], **json.loads(row[5]))
