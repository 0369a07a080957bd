"""Write and read the compact snapshot of a build: SQLite, opened in milliseconds with the standard library alone, read-only."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import BuildDamaged
from .model import Item, Link, Model, Source, to_plain

FORMAT = 7

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, parent TEXT NOT NULL, source TEXT NOT NULL,
    label TEXT NOT NULL, rest TEXT NOT NULL, direct INTEGER NOT NULL, touched INTEGER NOT NULL);
CREATE INDEX items_by_kind ON items (kind, place);
CREATE INDEX items_by_parent ON items (parent, place);
CREATE INDEX items_by_source ON items (source, place);
CREATE TABLE subjects (topic TEXT NOT NULL, item INTEGER NOT NULL REFERENCES items (place), PRIMARY KEY (topic, item)) WITHOUT ROWID;
CREATE TABLE links (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, start TEXT NOT NULL, relation TEXT NOT NULL, "end" TEXT NOT NULL,
    strength TEXT NOT NULL, rest TEXT NOT NULL);
CREATE INDEX links_by_start ON links (start, place);
CREATE INDEX links_by_end ON links ("end", place);
CREATE TABLE measures (relation TEXT NOT NULL, firm INTEGER NOT NULL, measure TEXT NOT NULL, figures TEXT NOT NULL,
    PRIMARY KEY (relation, firm, measure)) WITHOUT ROWID;
"""
_ITEM_REST = (
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
        connection.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _item_rows(model, coverage))
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
        touched = coverage.get(item.id, (0, 0))
        yield (place, item.id, item.kind, item.parent, item.source, item.label, rest, *touched)


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
        rows = self._rows("SELECT id, kind, parent, source, label, rest FROM items WHERE id = ?", item)
        return _to_item(rows[0]) if rows else None

    def find_brief(self, item: str) -> tuple[str, str, str] | None:
        """Id, kind and label of the item with this id, or None."""
        rows = self._rows("SELECT id, kind, label FROM items WHERE id = ?", item)
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def briefs(self) -> list[tuple[str, str, str]]:
        """Id, kind and label of every item, in reading order."""
        return self._rows("SELECT id, kind, label FROM items ORDER BY place")

    def sorts(self) -> dict[str, tuple[str, str]]:
        """Item -> its kind and source, in reading order."""
        return {row[0]: (row[1], row[2]) for row in self._rows("SELECT id, kind, source FROM items ORDER BY place")}

    def briefs_below(self, kind: str) -> dict[str, list[tuple[str, str, str]]]:
        """Parent -> id, kind and label of each item of a kind that stands directly under it, in reading order."""
        below: dict[str, list[tuple[str, str, str]]] = {}
        for parent, *brief in self._rows(
            "SELECT parent, id, kind, label FROM items WHERE kind = ? ORDER BY place", kind
        ):
            below.setdefault(parent, []).append((brief[0], brief[1], brief[2]))
        return below

    def count_by_source(self) -> dict[str, dict[str, int]]:
        """Source -> kind -> how many items, in reading order."""
        counts: dict[str, dict[str, int]] = {}
        sql = "SELECT source, kind, count(*) FROM items GROUP BY source, kind ORDER BY min(place)"
        for source, kind, count in self._rows(sql):
            counts.setdefault(source, {})[kind] = count
        return counts

    def count_noted(self) -> dict[str, int]:
        """Source -> how many of its items have a note."""
        sql = "SELECT source, sum(json_array_length(rest, '$.notes') > 0) FROM items GROUP BY source"
        return dict(self._rows(sql))

    def count_about(self) -> dict[str, int]:
        """Topic -> how many items are about it."""
        return dict(self._rows("SELECT topic, count(*) FROM subjects GROUP BY topic"))

    def count_about_any(self, topics: Sequence[str]) -> int:
        """How many items are about any of some topics."""
        marks = ", ".join("?" * len(topics))
        rows = self._rows(f"SELECT count(DISTINCT item) FROM subjects WHERE topic IN ({marks})", *topics)  # noqa: S608
        count: int = rows[0][0]
        return count

    def siblings(self, item: Item) -> tuple[tuple[str, str, str] | None, tuple[str, str, str] | None]:
        """Id, kind and label of what stands before and after an item, among those of its kind, parent and source; None at an end."""
        of = "SELECT id, kind, label FROM items WHERE parent = ?1 AND kind = ?2 AND source = ?3 AND place"
        here = "(SELECT place FROM items WHERE id = ?4) ORDER BY place"
        asked = item.parent, item.kind, item.source, item.id
        before = self._rows(f"{of} < {here} DESC LIMIT 1", *asked)
        after = self._rows(f"{of} > {here} LIMIT 1", *asked)
        return (before[0] if before else None), (after[0] if after else None)

    def items(self, *, kind: str | None = None, parent: str | None = None, source: str | None = None) -> list[Item]:
        """Items in reading order: all, of one kind, directly under one parent, or of one source."""
        asked = (("kind", kind), ("parent", parent), ("source", source))
        where = [(column, value) for column, value in asked if value is not None]
        clause = " WHERE " + " AND ".join(f"{column} = ?" for column, _ in where) if where else ""
        sql = f"SELECT id, kind, parent, source, label, rest FROM items{clause} ORDER BY place"  # noqa: S608 - column names are ours
        return [_to_item(row) for row in self._rows(sql, *(value for _, value in where))]

    def items_about(self, topic: str) -> list[Item]:
        """Items with this topic, in reading order."""
        of = "items JOIN subjects ON subjects.item = items.place WHERE topic = ?"
        sql = f"SELECT id, kind, parent, source, label, rest FROM {of} ORDER BY place"  # noqa: S608 - no value in it
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

    def find_link(self, link: str) -> Link | None:
        """The curated link with this id, or None."""
        rows = self._rows('SELECT id, start, relation, "end", strength, rest FROM links WHERE id = ?', link)
        return _to_link(rows[0]) if rows else None

    def because(self, place: int) -> str:
        """The reason of the curated link at a place."""
        told: str = json.loads(self._rows("SELECT rest FROM links WHERE place = ?", place)[0][0])["because"]
        return told

    def link_ids(self) -> list[str]:
        """The id of every curated link, in order."""
        return [row[0] for row in self._rows("SELECT id FROM links ORDER BY place")]

    def all_links(self, relation: str | None = None) -> list[Link]:
        """Every curated link, or every one of a relation, by relation, in order."""
        where = "WHERE ?1 IS NULL OR relation = ?1 ORDER BY place"
        sql = f'SELECT id, start, relation, "end", strength, rest FROM links {where}'  # noqa: S608 - no value in it
        return [_to_link(row) for row in self._rows(sql, relation)]

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
    rest = json.loads(row[5])
    for key in ("also", "hidden", "unlike", "notes", "about", "audiences"):
        rest[key] = tuple(rest[key])
    return Item(id=row[0], kind=row[1], parent=row[2], source=row[3], label=row[4], **rest)


def _to_link(row: tuple[Any, ...]) -> Link:
    return Link(id=row[0], start=row[1], relation=row[2], end=row[3], strength=row[4], **json.loads(row[5]))
