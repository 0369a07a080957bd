"""Do the records fit together? Ids, links, topics, audiences, gaps and sequences. No RDF here."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from .errors import Problem
from .records import Record
from .terms import Terms

SEQUENCES = ("cycle-stage", "accountability-step", "severity")  # the sources give these an order
MOST_COMPARED = 2_000_000  # names, to find what slips were meant for


def check_references(records: list[Record], terms: Terms) -> list[Problem]:
    """Ids that stand twice, links and names that lead nowhere or join the wrong kinds, gaps and sequences that are not told."""
    problems: list[Problem] = []
    first: dict[str, Record] = {}
    for record in records:
        if not record.kind:
            continue
        if record.id in first:
            earlier = first[record.id]
            told = f"{record.id} stands here a second time (first in {earlier.file}, line {earlier.line})"
            problems.append(record.problem(told, "keep one of the two, or give it another id", key="id"))
        else:
            first[record.id] = record
    known = _Known.of(records, terms)
    for record in records:
        if not record.kind and record.id not in known.sources:
            cure = f"add it to sources.yaml; known: {', '.join(list(known.sources)[:12]) or 'none'}"
            problems.append(record.problem(f"there is no source {record.id!r}", cure))
        elif record.kind == "link":
            problems += _check_link(record, known)
        elif record.id in known.items:
            problems += _check_item(record, known)
    return problems + _check_gaps(records) + _check_sequences(records)


@dataclass(frozen=True)
class _Known:
    """All that a record may name, gathered once. The keys of a dict keep their order and are found at once."""

    items: dict[str, Record]
    sources: dict[str, None]
    named: dict[str, dict[str, None]]  # key of an item -> what it may name
    closed: dict[str, tuple[str, ...]]  # key of a link -> what it may be
    terms: Terms
    compared: list[int] = field(default_factory=lambda: [0])

    def suggest(self, value: str, names: Collection[str]) -> str:
        """The name that it may be a slip of, or "": comparing is slow, so that a thousand slips in large data get no thousand hints."""
        self.compared[0] += len(names)
        near = difflib.get_close_matches(value, names, n=1) if self.compared[0] <= MOST_COMPARED else []
        return f"did you mean {near[0]!r}?" if near else ""

    @classmethod
    def of(cls, records: list[Record], terms: Terms) -> _Known:
        items = {record.id: record for record in records if record.kind not in ("", "link", "source")}
        return cls(
            items,
            dict.fromkeys(record.id for record in records if record.kind == "source"),
            {
                "about": dict.fromkeys(item.id for item in items.values() if item.kind == "topic"),
                "audiences": dict.fromkeys(terms.choices["audience"]),
                "resource-kind": dict.fromkeys(terms.choices["resourceKind"]),
            },
            {name: tuple(terms.choices[name]) for name in ("strength", "basis", "state")}
            | {"relation": terms.curated, "by": ("project",)},
            terms,
        )


def _check_item(record: Record, known: _Known) -> list[Problem]:
    """Its topics and audiences exist; a resource can be found."""
    problems = []
    for key, names in known.named.items():
        given = record.fields.get(key, [])
        for value in [given] if isinstance(given, str) else given:
            if value not in names:
                cure = known.suggest(value, names) or "one of: " + ", ".join(list(names)[:12])
                problems.append(record.problem(f"{key} names {value!r}, which does not exist", cure, key=key))
    if record.kind == "resource" and not record.fields.keys() & {"page", "publisher", "notes"}:
        problems.append(
            record.problem(
                "nobody could find this resource",
                "give its 'page' or its 'publisher', or say in 'notes' how to find it",
            )
        )
    return problems


def _check_sequences(records: list[Record]) -> list[Problem]:
    """What the sources give an order has it without a hole: each thing precedes the next among its siblings."""
    links = [record.fields for record in records if record.kind == "link"]
    before = {(link["from"], link["to"]) for link in links if link["relation"] == "precedes"}
    problems = []
    siblings: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.kind in SEQUENCES:
            siblings[record.parent, record.kind].append(record)
    for chain in siblings.values():
        for one, following in pairwise(chain):
            if (one.id, following.id) not in before:
                cure = f"add a link: from {one.id}, relation precedes, to {following.id}"
                problems.append(
                    one.problem(f"the sequence has a hole after it: nothing says that it precedes {following.id}", cure)
                )
    return problems


def _check_gaps(records: list[Record]) -> list[Problem]:
    """A barrier that nothing addresses directly says why; one that something addresses does not."""
    links = [record.fields for record in records if record.kind == "link"]
    answered = {link["to"] for link in links if link["relation"] == "addresses" and link["strength"] == "direct"}
    problems = []
    for record in records:
        if record.kind != "barrier" or (record.id in answered) != ("gap" in record.fields):
            continue
        if record.id in answered:
            problems.append(
                record.problem("has a gap note although something addresses it directly", "remove 'gap'", key="gap")
            )
        else:
            cure = "write 'gap': why the sources hold no direct answer; never fill it up with a weak link"
            problems.append(record.problem("nothing addresses it directly and no gap note says so", cure))
    return problems


def _check_link(record: Record, known: _Known) -> list[Problem]:
    problems = []
    fields, items = record.fields, known.items
    for key, allowed in known.closed.items():
        if fields[key] not in allowed:
            problems.append(record.problem(f"{key} is {fields[key]!r}", f"it is one of: {', '.join(allowed)}", key=key))
    for key in ("from", "to"):
        if fields[key] not in items:
            cure = known.suggest(fields[key], items) or "check the id"
            problems.append(record.problem(f"{key} names {fields[key]!r}, which does not exist", cure, key=key))
    if fields["from"] == fields["to"]:
        problems.append(record.problem("an item is linked to itself", "name two items, or remove the link", key="to"))
    relation = known.terms.relations.get(fields["relation"])
    for key, allowed_kinds in (("from", relation.domain), ("to", relation.range)) if relation else ():
        item = items.get(fields[key])
        if item and allowed_kinds and item.kind not in allowed_kinds:
            told = f"{fields['relation']!r} does not go {key} a {item.kind} ({item.id})"
            problems.append(record.problem(told, f"{key} is one of: {', '.join(allowed_kinds)}", key=key))
    return problems
