"""Exercises from the graph: wrong answers come from near by, and none of them is also right as far as any link of the build says."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from .course_material import Material
from .course_results import Matching, Option, Pair, Question
from .model import Item, Link
from .words import to_stems

WRONG, MOST_TRIED = 3, 80
# Relation, and whether the end of the link is asked for.
_ASK = {
    ("addresses", False): "Which of these would directly lessen this? “{}”",
    ("worsens", True): "Which of these barriers does this make heavier? “{}”",
    ("worsens", False): "Which of these makes this barrier heavier? “{}”",
    ("leadsTo", True): "What does this lead to? “{}”",
    ("underpins", False): "Which of these beliefs stands behind this? “{}”",
    ("usesTerm", True): "Which word is meant? {}",
}
_INSTEAD = {
    ("addresses", False): "This is an answer to something else: “{}”.",
    ("worsens", True): "This is made heavier by something else: “{}”.",
    ("worsens", False): "This makes something else heavier: “{}”.",
    ("leadsTo", True): "This follows from something else: “{}”.",
    ("underpins", False): "This stands behind something else: “{}”.",
}


class Examiner:
    """Makes questions about the items of a course. A pair that nobody has read is no wrong answer: silence is not a no."""

    def __init__(self, material: Material, taught: Iterable[str]) -> None:
        self._material, self._taught = material, set(taught)
        self._pairs = {(link.start, link.relation, link.end) for link in material.reader.model.links}
        self._used: Counter[str] = Counter()
        self._asked: set[tuple[str, str, bool]] = set()

    def may_be_right(self, start: str, relation: str, end: str) -> bool:
        """Whether any link says so of the two, or of what says the same as one of them, holds it or stands under it."""
        starts, ends = self._same(start), self._same(end)
        return any((first, relation, last) in self._pairs for first in starts for last in ends)

    def _same(self, item_id: str) -> set[str]:
        """The item, what says nearly the same, and for harm its type or its examples."""
        item = self._material.item(item_id)
        found = {item_id, *self._material.aligned(item_id)}
        if item.kind == "harm-example":
            found.add(item.parent)
        elif item.kind == "harm-type":
            found |= {
                each.id
                for each in self._material.reader.model.items
                if each.parent == item_id and each.kind == "harm-example"
            }
        return found

    def was_read(self, start: str, relation: str, end: str) -> bool:
        """Whether somebody looked at this pair for this relation."""
        first, last = self._material.item(start), self._material.item(end)
        return any(
            reading.relation == relation
            and (first.source, first.kind) in reading.starts
            and (last.source, last.kind) in reading.ends
            and (not reading.siblings or first.parent == last.parent)
            for reading in self._material.reader.readings
        )

    def ask(self, link: Link, *, forward: bool) -> Question | None:
        """A question with one right answer about a link, or None if something is asked of its fixed end already, or if there are not
        enough answers that are surely wrong.

        :param forward: ask for the end of the link; else for its start.
        """
        fixed, right = (link.start, link.end) if forward else (link.end, link.start)
        if (fixed, link.relation, forward) in self._asked:
            return None
        wrong = self._wrong(link.relation, self._material.item(fixed), self._material.item(right), forward)
        if len(wrong) < WRONG:
            return None
        self._asked.add((fixed, link.relation, forward))
        self._used.update(item.id for item in wrong)
        name = f"{link.id}--{'end' if forward else 'start'}"
        options = [Option(right, self._material.item(right).label, True, link.because)]
        options += [Option(item.id, item.label, False, self._instead(item, link.relation, forward)) for item in wrong]
        ask = _ASK[link.relation, forward].format(self._material.item(fixed).label)
        return Question(name, ask, tuple(sorted(options, key=lambda option: shuffled(name, option.id))))

    def _wrong(self, relation: str, fixed: Item, right: Item, forward: bool) -> list[Item]:
        def surely(item: Item) -> bool:
            start, end = (fixed.id, item.id) if forward else (item.id, fixed.id)
            return self.was_read(start, relation, end) and not self.may_be_right(start, relation, end)

        seen = set(to_stems(f"{fixed.label} {right.label}"))
        same = {right.id, fixed.id, *self._material.aligned(right.id)}
        pool = [
            item
            for item in self._material.reader.model.items
            if item.kind == right.kind
            and item.source == right.source
            and item.id not in same
            and not item.label.endswith("repeated)")
        ]

        def nearness(item: Item) -> float:
            """Near enough to be thought about, not so near that it could be argued for."""
            topics = {self._wide(topic) for topic in right.about} & {self._wide(topic) for topic in item.about}
            too_near = bool(fixed.about[:1]) and fixed.about[0] in item.about
            alike = len(set(to_stems(item.label)) & seen)
            length = abs(len(item.label) - len(right.label)) / 20
            taught = item.id in self._taught
            return 2 * taught + len(topics) - 2 * too_near - 1.5 * alike - length - 2 * self._used[item.id]

        return sorted(filter(surely, pool), key=lambda item: (-nearness(item), item.id))[:WRONG]

    def _wide(self, topic: str) -> str:
        return self._material.item(topic).parent or topic

    def _instead(self, item: Item, relation: str, forward: bool) -> str:
        """What a wrong answer is good for."""
        links = self._material.links_to(item.id, relation) if forward else self._material.links_from(item.id, relation)
        links = sorted(
            links,
            key=lambda link: (link.strength != "direct", (link.start if forward else link.end) not in self._taught),
        )
        if not links:
            return "No link of the graph joins the two."
        other = self._material.item(links[0].start if forward else links[0].end)
        return _INSTEAD[relation, forward].format(other.label)

    def ask_terms(self, terms: Sequence[Item], most: int) -> list[Question]:
        """Questions for the word that a definition is of, where the definition does not give it away."""
        glossary = [item for item in self._material.reader.model.items if item.kind == "term"]
        found: list[Question] = []
        for term in terms:
            own, means = set(to_stems(term.label)), set(to_stems(term.summary))
            near = [
                (len(means & set(to_stems(other.summary))), other)
                for other in glossary
                if other.id != term.id and not own & set(to_stems(other.label))
            ]
            # Two words of nearly the same meaning would both be right.
            fit = [(alike, other) for alike, other in near if alike < len(means) / 3]
            wrong = [
                other for _, other in sorted(fit, key=lambda pair: (self._used[pair[1].id], -pair[0], pair[1].id))
            ][:WRONG]
            if own & means or len(wrong) < WRONG or len(found) == most:
                continue
            self._used.update(item.id for item in wrong)
            name = f"term--{term.id}"
            options = [Option(term.id, term.label, True, "Yes.")]
            options += [Option(item.id, item.label, False, f"{item.label}: {item.summary}") for item in wrong]
            shown = tuple(sorted(options, key=lambda option: shuffled(name, option.id)))
            found.append(Question(name, _ASK["usesTerm", True].format(term.summary), shown))
        return found

    def match(self, links: Sequence[Link], most: int) -> Matching | None:
        """Pairs of a difficulty and what directly lessens it, each of which fits no other pair; None if there are not three."""
        links = links[:MOST_TRIED]
        apart = {
            (one.id, other.id) for place, one in enumerate(links) for other in links[:place] if self._apart(one, other)
        }
        grown = (_grow(first, links, apart, most) for first in links)
        pairs = max(grown, key=lambda found: (len(found), self._inside(found)), default=[])
        if len(pairs) < 3:
            return None
        item = self._material.item
        made = tuple(
            Pair(link.end, item(link.end).label, link.start, item(link.start).label, link.because) for link in pairs
        )
        rights = tuple(sorted((pair.right for pair in made), key=lambda right: shuffled("match", right)))
        if all(pair.right == right for pair, right in zip(made, rights, strict=True)):
            rights = rights[1:] + rights[:1]
        return Matching("Which step belongs to which difficulty? Each step is used once.", made, rights)

    def _inside(self, links: Iterable[Link]) -> int:
        return sum(len({link.start, link.end} & self._taught) for link in links)

    def _apart(self, one: Link, other: Link) -> bool:
        """Whether neither answer could also stand in the place of the other."""
        crossed = ((one.start, one.relation, other.end), (other.start, other.relation, one.end))
        return (
            one.start != other.start
            and one.end != other.end
            and all(self.was_read(*pair) and not self.may_be_right(*pair) for pair in crossed)
        )


def _grow(first: Link, links: Sequence[Link], apart: Collection[tuple[str, str]], most: int) -> list[Link]:
    """Links, beginning with the first, all of them apart from each other."""
    found = [first]
    for link in links:
        if len(found) < most and all((link.id, other.id) in apart or (other.id, link.id) in apart for other in found):
            found.append(link)
    return found


def shuffled(salt: str, name: str) -> str:
    """A key that sorts as if by chance, and always the same way."""
    return hashlib.sha256(f"{salt} {name}".encode()).hexdigest()
