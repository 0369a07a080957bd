"""From a part of the graph to a course: what is taught, in which order, in which units, and what was left out and why."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from .choices import LEVELS, check_choice
from .course_material import LEVEL, WHY, Material, split
from .course_plan import TAUGHT, WANTED, count_units, plan_day, share_minutes
from .course_results import Card, Course, Reading, Unit
from .course_units import Draft, Writer
from .errors import BadQuery
from .model import Item
from .ordering import Before, order
from .reader import Reader
from .subgraph import Subgraph
from .teaching import Teaching

MOST_LETTERS = 120  # of a title
LEAST_IN_UNIT, ENOUGH = 2, 4  # items of a unit; what lets a course leave out what does not speak to its audience
MOST_IN_ONE, MOST_RESOURCES = 45, 8
_BROKEN = "“{}” helps to understand “{}” and comes after it: their links go round in a circle, or another unit needed the place."
_BLOCK = {"words": 0, "why": 1, "do": 2, "evidence": 3, "practice": 4}


def clean_title(text: str) -> str:
    """A title on one line, without characters that cannot be seen. :raises BadQuery: if it is too long.

    >>> clean_title("  Stories\\n and\\x00 consent ")
    'Stories and consent'
    """
    shown = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    title = " ".join(shown.split())
    if len(title) > MOST_LETTERS:
        raise BadQuery(f"The title has {len(title)} letters.", f"Give one with at most {MOST_LETTERS}.")
    return title


class Teacher:
    """Makes courses from one build."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def _teaching(self) -> Teaching:
        told = self._reader.snapshot.meta("teaching")
        if not told or not told["prompts"]["kinds"]:
            raise BadQuery("This build holds no texts for trainers.", "They are in data/teaching; then run: kg build")
        return Teaching.from_json(told)

    def teach(self, part: Subgraph, *, title: str, minutes: int, level: str, audience: str) -> Course:
        """See :meth:`kg.queries.KnowledgeGraph.curriculum`. The part that the course then holds is that of :func:`taught`."""
        check_choice("level", level, LEVELS)
        check_choice("audience", audience or None, self._reader.terms.audiences)
        teaching = self._teaching()
        material = Material(self._reader, part, LEVEL[level], audience)
        if not material.why or not material.do:
            raise BadQuery(
                "The selection holds nothing that a course could be made of: barriers or harms, and what can be done about them.",
                "Name a topic, a barrier group or a theme, such as topic-storytelling, or reach further with --depth 1.",
            )
        drafts, notes = self._draft(material, minutes)
        taught = [item.id for draft in drafts for item in draft.items]
        writer = Writer(material, teaching, taught)
        units = tuple(writer.write(number + 1, draft) for number, draft in enumerate(drafts))
        glossary = tuple(writer.read(term) for term in material.terms_of(map(material.item, taught)))
        left_out = self._left_out(material, set(taught))
        return Course(
            title=clean_title(title) or clean_title(part.title[:MOST_LETTERS]),
            words=part.words,
            minutes=minutes,
            level=level,
            audience=audience,
            units=units,
            agenda=plan_day(minutes, [(unit.question, unit.minutes) for unit in units]),
            glossary=glossary,
            resources=self._resources(material, writer, taught),
            cards=_cards(units, glossary),
            left_out=left_out,
            notes=(*notes, *self._notes(material, drafts, left_out)),
            texts=teaching.texts,
            lists=teaching.lists,
            part=part,
        )

    def _draft(self, material: Material, minutes: int) -> tuple[list[Draft], list[str]]:
        """Which units, with which items, in the order of teaching. A unit for words needs words that the other units use."""
        terms = material.terms_of([*material.why, *material.do])
        drafts = self._share(material, minutes, len(terms) >= LEAST_IN_UNIT)
        if any(draft.sort == "words" and len(draft.items) < LEAST_IN_UNIT for draft in drafts):
            drafts = self._share(material, minutes, False)
        return self._in_order(material, drafts)

    def _share(self, material: Material, minutes: int, words: bool) -> list[Draft]:
        most = {
            "why": max(1, len(material.why) // LEAST_IN_UNIT),
            "do": max(1, len(material.do) // LEAST_IN_UNIT),
            "words": words,
            "evidence": material.level.evidence,
            "practice": 1,
        }
        wanted, room = list[str](), count_units(minutes)
        for sort in WANTED:
            if len(wanted) < room and wanted.count(sort) < most[sort]:
                wanted.append(sort)
        whys, dos = self._groups(material, wanted.count("why"), wanted.count("do"))
        sorts = [
            sort for sort in TAUGHT for _ in range({"why": len(whys), "do": len(dos)}.get(sort, wanted.count(sort)))
        ]
        shares = share_minutes(minutes, sorts)
        if max(shares) > MOST_IN_ONE:
            fills = minutes - sum(share - MOST_IN_ONE for share in shares if share > MOST_IN_ONE)
            raise BadQuery(
                f"The selection is too small for {minutes} minutes.",
                f"It fills about {max(30, fills // 10 * 10)}. Ask for fewer minutes, add words, or reach further with --depth 1.",
            )
        drafts = [Draft(sort, share) for sort, share in zip(sorts, shares, strict=True)]
        self._fill(material, drafts, whys, dos)
        used = [item for draft in drafts for item in draft.items]
        for draft in drafts:
            if draft.sort == "words":
                draft.items = material.terms_of(used)[
                    : min(material.level.terms, max(LEAST_IN_UNIT, draft.minutes // 2))
                ]
        return drafts

    def _groups(self, material: Material, why: int, do: int) -> tuple[list[list[Item]], list[list[Item]]]:
        def family(item: Item) -> str:
            return WHY[item.kind]

        def group(item: Item) -> str:
            return item.id if item.kind == "harm-type" else item.parent

        def topic(item: Item) -> str:
            return item.about[0] if item.about else ""

        whys = split(material.why, why, [family, group, topic], LEAST_IN_UNIT)
        keys = [material.topic, material.actor, topic] if len(material.focus) > 1 else [material.actor, topic]
        return whys, split(material.asked_to_act(ENOUGH * do), do, keys, LEAST_IN_UNIT)

    def _fill(self, material: Material, drafts: list[Draft], whys: list[list[Item]], dos: list[list[Item]]) -> None:
        """Give each unit the items that matter most and that its minutes allow."""

        def room(draft: Draft) -> int:
            return max(LEAST_IN_UNIT, min(material.level.items, draft.minutes // material.level.pace))

        for draft, bucket in zip([draft for draft in drafts if draft.sort == "why"], whys, strict=True):
            draft.items = material.pick_why(bucket, room(draft))
        covered = Counter({item.id: 0 for draft in drafts if draft.sort == "why" for item in draft.items})
        taken: list[str] = []
        for draft, bucket in zip([draft for draft in drafts if draft.sort == "do"], dos, strict=True):
            draft.items = material.pick_do(bucket, room(draft), covered, taken)
            draft.actor = _shared(map(material.actor, draft.items), len(draft.items))
            if len(material.focus) > 1:
                draft.topic = _shared(map(material.topic, draft.items), len(draft.items))
            taken += [item.id for item in draft.items]

    def _in_order(self, material: Material, drafts: list[Draft]) -> tuple[list[Draft], list[str]]:
        """Units and their items so that what later ones need comes first; what goes round in a circle is told."""
        place = {item.id: number for number, item in enumerate(self._reader.model.items)}
        unit_of = {item.id: number for number, draft in enumerate(drafts) for item in draft.items}
        rules = material.rules(unit_of)
        between = Counter((unit_of[rule.first], unit_of[rule.then]) for rule in rules)
        units, _ = order(
            map(str, range(len(drafts))),
            [Before(str(first), str(then), count) for (first, then), count in between.items() if first != then],
            {str(number): (_BLOCK[draft.sort], number) for number, draft in enumerate(drafts)},
        )
        # Blocks stand: words, why, what can be done, practice. No link leads back from a later block to an earlier one.
        placed = sorted(units, key=lambda number: _BLOCK[drafts[int(number)].sort])
        at = {int(number): seat for seat, number in enumerate(placed)}
        rank = {item: (at[unit], place[item]) for item, unit in unit_of.items()}
        ordered, _ = order(unit_of, [rule for rule in rules if unit_of[rule.first] == unit_of[rule.then]], rank)
        found = [drafts[int(number)] for number in placed]
        for draft in found:
            draft.items.sort(key=lambda item: ordered.index(item.id))
        seats = {item.id: seat for seat, item in enumerate(item for draft in found for item in draft.items)}
        broken = [rule for rule in rules if seats[rule.first] > seats[rule.then]]
        return found, [
            _BROKEN.format(material.item(each.first).label, material.item(each.then).label) for each in broken
        ]

    def _left_out(self, material: Material, taught: set[str]) -> tuple[Item, ...]:
        left = [item for item in (*material.why, *material.do) if item.id not in taught and item not in material.added]
        return tuple(sorted(left, key=lambda item: (-material.relevance(item), -material.importance(item), item.id)))

    def _notes(self, material: Material, drafts: Sequence[Draft], left_out: Sequence[Item]) -> list[str]:
        notes = []
        taught = [item for draft in drafts for item in draft.items]
        added = [item.label for item in material.added if item in taught]
        if added:
            names = "; ".join(f"“{label}”" for label in added)
            notes.append(f"Not in the selection, but needed to show both difficulty and answer: {names}.")
        if left_out:
            notes.append(
                f"{len(left_out)} items of the selection did not fit; what matters most was kept. They are listed at the end."
            )
        if len(taught) < 3 * sum(draft.sort in ("why", "do") for draft in drafts):
            notes.append(f"The selection is small: {len(taught)} items. Talk takes more of the time than usual.")
        answered = {link.end for item in taught for link in material.answers_by(item.id)}
        whys = [item for draft in drafts if draft.sort == "why" for item in draft.items]
        bare = [item.label for item in whys if item.id not in answered and WHY[item.kind] in ("barriers", "harms")]
        if bare:
            names = "; ".join(f"“{label}”" for label in bare)
            notes.append(f"No direct answer is taught for: {names}.")
        return notes

    def _resources(self, material: Material, writer: Writer, taught: Sequence[str]) -> tuple[Reading, ...]:
        """What the texts of the items point to, then other resources that were selected."""
        named = [link.end for item in taught for link in material.links_from(item, "names")]
        selected = [item.id for item in material.part.items if item.kind == "resource"]
        found = list(dict.fromkeys([*named, *selected]))[:MOST_RESOURCES]
        return tuple(writer.read(material.item(each)) for each in found)


def _shared(values: Iterable[str], whole: int) -> str:
    """What more than half of the values are, or ""."""
    value, count = Counter(values).most_common(1)[0]
    return value if 2 * count > whole else ""


def _cards(units: Sequence[Unit], glossary: Sequence[Reading]) -> tuple[Card, ...]:
    """Cards for words, for what answers a difficulty, and for what a step is good for."""
    readings = [(unit.sort, reading) for unit in units for reading in unit.readings]
    answers: dict[str, list[str]] = {}
    for sort, reading in readings:
        for reason in reading.reasons:
            if sort == "do" and reason.phrase == "addresses":
                answers.setdefault(reason.other, []).append(f"{reading.label}. {reason.because}")
    cards = [Card(term.id, "word", term.label, (term.summary,), term.place, term.iri) for term in glossary]
    for sort, reading in readings:
        where = (reading.place, reading.iri)
        if sort == "why" and (lines := answers.get(reading.id)):
            front = f"What can be done about this? {reading.label}"
            cards.append(Card(f"{reading.id}--answers", "answer", front, tuple(lines), *where))
        elif sort == "do":
            front = f"Who is asked to do this, and what does it mean? {reading.label}"
            back = (f"{reading.actor}.", reading.summary) if reading.actor else (reading.summary,)
            cards.append(Card(f"{reading.id}--step", "step", front, back, *where))
    return tuple(cards)
