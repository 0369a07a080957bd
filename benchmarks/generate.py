"""Write made-up data of any size in the shape of the real data, to measure growth with; it says nothing about anything.

Every document of the real data is a pattern. A round writes one more document after each pattern: each item takes after a real item
that stands at the same place (how long its texts are, how many names, topics and links it has, of which relation, strength, basis and
state, to which kinds), but its words are drawn anew: the data's own words as often as the data uses them, and made-up words, so many
that the vocabulary grows with the text as in real collections (Heaps) and the rare ones are many (Zipf). Topics and vocabulary grow
slower than items. The same number and seed give the same bytes; rounds are written one by one, so that memory does not grow.

    python benchmarks/generate.py 10000 1 --into corpus/data
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import shutil
import sys
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from kg.config import Config
from kg.model import Model
from kg.records import Record
from kg.references import SEQUENCES
from kg.source import THESAURUS, load_records
from kg.terms import Terms, read_terms

TEXTS = {"summary": True, "notes": True, "gap": True, "label": False, "also": False, "hidden": False, "not": False}
COPIED = ("resource-kind", "language", "issued", "audiences", "status")  # closed lists and years: nothing to draw
FILE_BYTES = 400_000  # of one file, well below what the reader takes
AFAR = 0.12  # of links that join documents of different rounds
REMEMBERED = 400  # items of earlier rounds, of each kind, that later rounds may link to
KEPT = 0.9  # how often what holds others stays when a tree is cut back, since with it they would all go
HEAPS = 0.6  # the exponent by which vocabularies of English collections grow
DAY = "2026-11-22"
GAP = "Nothing in these made-up documents answers this one directly."
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Outgoing:
    """A link of a pattern: what a link of one who takes after it is like. ``kin``: it joins children of one parent."""

    relation: str
    end: str  # kind
    fields: dict[str, str]
    kin: bool


@dataclass
class Pattern:
    """A real item as something to take after."""

    record: Record
    children: dict[str, int] = field(default_factory=dict)
    links: list[Outgoing] = field(default_factory=list)
    uses: int = 0
    wanted: Counter[str] = field(default_factory=Counter)  # relation -> links that end here


@dataclass(eq=False)
class Node:
    """A made-up item on its way into a file."""

    pattern: Pattern
    parent: Node | None
    key: str
    id: str = ""
    children: dict[str, list[Node]] = field(default_factory=dict)
    answered: bool = False
    terms: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for nodes in self.children.values():
            for node in nodes:
                yield from node.walk()

    @property
    def kind(self) -> str:
        return self.pattern.record.kind


class Words:
    """Texts of a wanted length. The words of sentences and those of names are drawn as the data uses each."""

    def __init__(self, records: Iterable[Record]) -> None:
        counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for record in records:
            for key, sentence in {**TEXTS, "because": True}.items():
                for text in _as_list(record.fields.get(key, [])) if record.kind != "source" else ():
                    counts[sentence].update(_WORD.findall(text.lower()))
        self.tables = {sentence: (list(found), list(accumulate(found.values()))) for sentence, found in counts.items()}
        self.known = set(counts[True]) | set(counts[False])
        self.made, self.share = 0, 0.0

    def grow(self, rounds: int) -> None:
        """Settle how many made-up words there are after so many *rounds*, and how often one is drawn."""
        self.made = int(len(self.known) * ((1 + rounds) ** HEAPS - 1))
        self.share = 1 - math.log(len(self.known)) / math.log(len(self.known) + self.made + 1)

    def draw(self, rng: random.Random, length: int, *, sentence: bool) -> list[str]:
        words, weights = self.tables[sentence]
        drawn = rng.choices(words, cum_weights=weights, k=length)
        if self.made:
            size = len(self.known)
            for place in range(length):
                if rng.random() < self.share:  # Zipf goes on behind the real words
                    low = math.log(size)
                    rank = math.exp(low + rng.random() * (math.log(size + self.made) - low))
                    drawn[place] = self.coin(2 * min(int(rank - size), self.made - 1))
        return drawn

    def coin(self, number: int) -> str:
        """The made-up word of this number; another for each number."""
        word = ""
        rest = number
        while rest or len(word) < 6:
            rest, syllable = divmod(rest, len(_CONSONANTS) * len(_VOWELS))
            word += _CONSONANTS[syllable // len(_VOWELS)] + _VOWELS[syllable % len(_VOWELS)]
        return word + "x" if word in self.known else word

    def text(self, rng: random.Random, like: str, *, sentence: bool, holding: Iterable[str] = ()) -> str:
        """A text of as many words as *like*; a sentence begins and ends as one."""
        drawn = self.draw(rng, max(1, len(like.split())), sentence=sentence)
        for place, word in enumerate(holding, start=1):
            drawn[-place % len(drawn)] = word
        joined = " ".join(drawn)
        return joined[0].upper() + joined[1:] + "." if sentence else joined[:200].rstrip()


class Shape:
    """What the real data is like: patterns by where they stand, and the words."""

    def __init__(self, data: Path, terms: Terms) -> None:
        records, problems = load_records(data, terms)
        assert not problems, "the data that is taken after must be clean"
        self.terms, self.words = terms, Words(records)
        self.sources = {record.id: record for record in records if record.kind == "source"}
        self.patterns = {r.id: Pattern(r) for r in records if r.kind not in ("", "link", "source")}
        self.tops: dict[str, dict[str, int]] = {source: {} for source in self.sources}
        self.places: dict[tuple[str, str], list[Pattern]] = defaultdict(list)  # (parent's kind or source, key)
        for record in records:
            if not record.kind:
                for key, children in self._children(record).items():
                    self.tops[record.id][key] = self.tops[record.id].get(key, 0) + len(children)
                    self.places[record.id, key] += [self.patterns[child] for child in children]
            elif record.id in self.patterns:
                for key, children in self._children(record).items():
                    self.patterns[record.id].children[key] = len(children)
                    self.places[record.kind, key] += [self.patterns[child] for child in children]
            elif record.kind == "link":
                self._read_link(record)
        self.topics = [pattern for pattern in self.patterns.values() if pattern.record.kind == "topic"]
        self.about = Counter(topic for p in self.patterns.values() for topic in p.record.fields.get("about", []))

    def _children(self, record: Record) -> dict[str, list[str]]:
        return {key: record.fields[key] for key in self.terms.keys if key in record.fields}

    def _read_link(self, record: Record) -> None:
        start, end = (self.patterns[record.fields[key]] for key in ("from", "to"))
        relation = record.fields["relation"]
        end.wanted[relation] += 1
        if relation == "usesTerm":
            start.uses += 1
        elif start.record.kind not in SEQUENCES or relation != "precedes":
            kin = bool(start.record.parent) and start.record.parent == end.record.parent and relation != "alignsWith"
            start.links.append(Outgoing(relation, end.record.kind, record.fields, kin))


class Writer:
    """Files of one folder, begun anew when one is full."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.count = folder, name, 0
        self.parts: list[str] = []
        self.size, self.head = 0, ""

    def add(self, head: str, text: str) -> None:
        """Put *text* under *head*, which is written where it is not the last one of the file."""
        if self.size + len(text) > FILE_BYTES:
            self.close()
        if head != self.head:
            lines = head.splitlines(keepends=True)
            same = len(lines) > 1 and self.head.startswith(lines[0])
            self.parts.append("".join(lines[1:]) if same else head)
            self.head = head
        self.parts.append(text)
        self.size += len(text)

    def close(self) -> None:
        if self.parts:
            self.count += 1
            path = self.folder / f"{self.name}-{self.count:02}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(self.parts), encoding="utf-8", newline="\n")
        self.parts, self.size, self.head = [], 0, ""


class Maker:
    """Makes the documents of one corpus, round by round."""

    def __init__(self, shape: Shape, count: int, seed: int, folder: Path) -> None:
        self.shape, self.words, self.seed, self.folder = shape, shape.words, seed, folder
        real, topics = len(shape.patterns), len(shape.topics)
        growth = count / real
        self.topic_count = max(2, round(topics * (growth if growth < 1 else math.sqrt(growth))))
        self.item_count = count - self.topic_count
        self.rounds = max(1, round(self.item_count / (real - topics)))
        self.topics: list[tuple[str, int]] = []  # id, how often it is used
        self.earlier: dict[str, list[str]] = defaultdict(list)
        self.seen: Counter[str] = Counter()

    def write(self) -> None:
        """Write the whole corpus into its folder."""
        self._write_topics()
        with (self.folder / "uses-term.tsv").open("w", encoding="utf-8", newline="\n") as uses:
            uses.write("term\twords\tpassages\texcept\ton\n")
            for number in range(self.rounds):
                target = self.item_count * (number + 1) // self.rounds - self.item_count * number // self.rounds
                self.words.grow(number)
                _Round(self, number, random.Random(f"{self.seed}/{number}")).write(target, uses.write)

    def _write_topics(self) -> None:
        rng = random.Random(f"{self.seed}/topics")
        tree = grow_tree(self.shape, "topics", rng, self.topic_count)
        writer = Writer(self.folder / "topics", "topics")
        source = self.shape.sources["topics"]
        writer.add("sources:\n", to_source(self, source, "topics", rng))
        writer.close()
        for number, node in enumerate(each for top in tree for each in top.walk()):
            node.id = f"topic-{number + 1}"
            self.topics.append((node.id, 1 + self.shape.about[node.pattern.record.id]))
        for top in tree:
            writer.add(f"id: topics\n{top.key}:\n", self.to_yaml(top, 1, rng, None))
        writer.close()

    def to_yaml(self, node: Node, depth: int, rng: random.Random, about: Callable[[int], list[str]] | None) -> str:
        """A made-up item with all below it, as an entry of a list."""
        like = node.pattern.record.fields
        pad = "  " * depth
        lines: list[str] = [f"{'  ' * (depth - 1)}  - id: {node.id}\n"]

        def say(key: str, value: str | list[str]) -> None:
            if isinstance(value, str):
                lines.append(f"{pad}  {key}: {value}\n")
            elif value:
                lines.append(f"{pad}  {key}:\n")
                lines.extend(f"{pad}    - {each}\n" for each in value)

        label = self.words.text(rng, like["label"], sentence=False)
        while len(label) < 3:  # one letter is no name
            label = self.words.text(rng, like["label"], sentence=False)
        say("label", label[0].upper() + label[1:])
        if "lines" in like:
            start = rng.randrange(1, 4000)
            say("lines", f"{start}-{start + 2}" if "-" in like["lines"] else str(start))
        say("summary", self.words.text(rng, like["summary"], sentence=True, holding=node.terms))
        for key in ("also", "hidden", "not"):
            texts = [self.words.text(rng, text, sentence=False) for text in like.get(key, [])]
            say(key, list(dict.fromkeys(texts)))
        if about and "about" in like:
            say("about", about(len(like["about"])))
        say("notes", [self.words.text(rng, text + " x x x", sentence=True) for text in like.get("notes", [])])
        if node.kind == "barrier" and not node.answered:
            say("gap", GAP)
        for key in COPIED:
            if key in like:
                say(key, like[key])
        if "publisher" in like:
            say("publisher", self.words.text(rng, like["publisher"], sentence=False))
        if "page" in like:
            say("page", f"https://example.org/{node.id}")
        for key, children in node.children.items():
            lines.append(f"{pad}  {key}:\n")
            lines.extend(self.to_yaml(child, depth + 2, rng, about) for child in children)
        return "".join(lines)

    def remember(self, node: Node, rng: random.Random) -> None:
        """Let later rounds link to this item, or not: a fair sample of what came before."""
        self.seen[node.kind] += 1
        kept = self.earlier[node.kind]
        if len(kept) < REMEMBERED:
            kept.append(node.id)
        elif (place := rng.randrange(self.seen[node.kind])) < REMEMBERED:
            kept[place] = node.id


class _Round:
    """One more document after each pattern, with the links among them and to earlier ones."""

    def __init__(self, maker: Maker, number: int, rng: random.Random) -> None:
        self.maker, self.shape, self.number, self.rng = maker, maker.shape, number, rng
        self.sources = [source for source in self.shape.sources if source != "topics"]
        topics = rng.choices(maker.topics, weights=[used for _, used in maker.topics], k=60)
        self.topics = sorted(set(topics))
        self.by_kind: dict[str, list[Node]] = defaultdict(list)
        self.weights: dict[tuple[str, str], list[int]] = {}

    def write(self, target: int, say_use: Callable[[str], Any]) -> None:
        trees = self._grow(target)
        for source, tops in trees.items():
            self._name(f"{source}{self.number + 1}", tops)
        nodes = [node for tops in trees.values() for top in tops for node in top.walk()]
        for node in nodes:
            self.by_kind[node.kind].append(node)
        self._use_terms(nodes, say_use)
        folder = self.maker.folder / f"round-{self.number + 1:05}"
        links = Writer(folder / "links", "links")
        for node in nodes:
            for text in self._links(node):
                links.add("links:\n", text)
        for text in self._sequences(nodes):
            links.add("links:\n", text)
        links.close()
        names = Writer(folder, "sources")
        for source, tops in trees.items():
            name = f"{source}{self.number + 1}"
            names.add("sources:\n", to_source(self.maker, self.shape.sources[source], name, self.rng))
            items = Writer(folder, source)
            for top in tops:
                items.add(f"id: {name}\n{top.key}:\n", self.maker.to_yaml(top, 1, self.rng, self._about))
            items.close()
        names.close()
        for node in nodes:
            if node.kind != "barrier" or node.answered:
                self.maker.remember(node, self.rng)

    def _grow(self, target: int) -> dict[str, list[Node]]:
        """A tree after each document, together as many items as wanted, each document with its share."""
        sizes = Counter(pattern.record.source for pattern in self.shape.patterns.values())
        whole = sum(sizes[source] for source in self.sources)
        trees, given = {}, 0
        for source in sorted(self.sources, key=sizes.__getitem__):  # the largest last: it can best make up for others
            last = source == max(self.sources, key=sizes.__getitem__)
            wanted = target - given if last else round(target * sizes[source] / whole)
            trees[source] = grow_tree(self.shape, source, self.rng, wanted)
            given += sum(1 for top in trees[source] for _ in top.walk())
        return trees

    def _name(self, source: str, tops: list[Node]) -> None:
        counts: Counter[str] = Counter()
        for node in (each for top in tops for each in top.walk()):
            counts[node.kind] += 1
            node.id = f"{source}-{node.kind}-{counts[node.kind]}"

    def _about(self, count: int) -> list[str]:
        drawn = self.rng.choices([name for name, _ in self.topics], weights=[used for _, used in self.topics], k=count)
        return sorted(set(drawn))

    def _use_terms(self, nodes: list[Node], say_use: Callable[[str], Any]) -> None:
        """Give each term a word of its own, and put it into the summaries of as many items as use it."""
        terms = self.by_kind["term"]
        words = {
            term.id: self.shape.words.coin(2 * (self.number * 100 + place) + 1) for place, term in enumerate(terms)
        }
        for term in terms:
            say_use(f"{term.id}\t{words[term.id]}\t\t\t{DAY}\n")
        for node in nodes:
            for _ in range(node.pattern.uses):
                term = self._pick("usesTerm", "term")
                if term is not None and term is not node and words[term.id] not in node.terms:
                    node.terms.append(words[term.id])

    def _pick(self, relation: str, kind: str) -> Node | None:
        """An item of this kind; the more links of the relation end at what it takes after, the likelier."""
        nodes = self.by_kind[kind]
        if not nodes:
            return None
        if (relation, kind) not in self.weights:
            self.weights[relation, kind] = list(accumulate(node.pattern.wanted[relation] for node in nodes))
        weights = self.weights[relation, kind]
        return nodes[bisect(weights, self.rng.random() * weights[-1])] if weights[-1] else self.rng.choice(nodes)

    def _links(self, node: Node) -> Iterator[str]:
        ends: set[tuple[str, str]] = set()
        for link in node.pattern.links:
            for _ in range(6):  # tries, until one is new
                end = self._end(node, link)
                name = end if isinstance(end, str) else end.id
                if name and name != node.id and (link.relation, name) not in ends:
                    ends.add((link.relation, name))
                    if isinstance(end, Node) and link.relation == "addresses" and link.fields["strength"] == "direct":
                        end.answered = True
                    yield self._to_yaml(node.id, link.relation, name, link.fields)
                    break

    def _end(self, node: Node, link: Outgoing) -> Node | str:
        """An item of this round, or the id of an earlier one, or ""."""
        earlier = self.maker.earlier[link.end]
        if earlier and not link.kin and self.rng.random() < AFAR:
            return self.rng.choice(earlier)
        found = self._pick(link.relation, link.end)
        if link.kin and node.parent:
            near = [n for nodes in node.parent.children.values() for n in nodes if n.kind == link.end]
            found = self.rng.choice(near) if near else None
        return found or ""

    def _sequences(self, nodes: list[Node]) -> Iterator[str]:
        """What has an order among siblings is told in it."""
        like = {"strength": "direct", "basis": "stated", "state": "checked", "because": "x " * 18, "lines": "1"}
        siblings: dict[tuple[Any, str], list[Node]] = defaultdict(list)
        for node in nodes:
            if node.kind in SEQUENCES:
                siblings[node.parent or node.id.split("-")[0], node.key].append(node)
        for chain in siblings.values():
            for one, following in pairwise(chain):
                yield self._to_yaml(one.id, "precedes", following.id, like)

    def _to_yaml(self, start: str, relation: str, end: str, like: dict[str, str]) -> str:
        because = self.shape.words.text(self.rng, like["because"], sentence=True)
        lines = f"  lines: {self.rng.randrange(1, 4000)}\n" if "lines" in like else ""
        return (
            f"- from: {start}\n  relation: {relation}\n  to: {end}\n  strength: {like['strength']}\n  because: {because}\n"
            f"  basis: {like['basis']}\n{lines}  state: {like['state']}\n  by: project\n  on: {DAY}\n"
        )


def grow_tree(shape: Shape, source: str, rng: random.Random, wanted: int) -> list[Node]:
    """Items nested as in a document of the real data, exactly as many as wanted where that many can stand."""
    tops: list[Node] = []
    for key, count in shape.tops[source].items():
        tops += [_node(shape, shape.places[source, key], None, key, rng) for _ in range(count)]
    nodes = [node for top in tops for node in top.walk()]
    while len(nodes) > wanted:
        rng.shuffle(nodes)
        over, gone = len(nodes) - wanted, 0
        for node in nodes:
            if node.children and rng.random() < KEPT:
                continue
            among = node.parent.children[node.key] if node.parent else tops
            size = sum(1 for _ in node.walk())
            if sum(each.key == node.key for each in among) > 1 and size <= over - gone and _stands(node, tops):
                among.remove(node)
                gone += size
        nodes = [node for top in tops for node in top.walk()]
        if not gone and not any(_leaf_can_go(node, tops) for node in nodes):
            break
    leaves = [node for node in nodes if not node.children and node.parent]
    while leaves and len(nodes) < wanted:
        like = rng.choice(leaves)
        assert like.parent is not None
        place = [each for each in shape.places[like.parent.kind, like.key] if not each.children]
        node = _node(shape, place, like.parent, like.key, rng)
        like.parent.children[like.key].append(node)
        nodes.append(node)
    return tops


def _leaf_can_go(node: Node, tops: list[Node]) -> bool:
    among = node.parent.children[node.key] if node.parent else tops
    return not node.children and sum(each.key == node.key for each in among) > 1


def _node(shape: Shape, place: list[Pattern], parent: Node | None, key: str, rng: random.Random) -> Node:
    node = Node(rng.choice(place), parent, key)
    for name, count in node.pattern.children.items():
        below = shape.places[node.kind, name]
        node.children[name] = [_node(shape, below, node, name, rng) for _ in range(count)]
    return node


def _stands(node: Node, tops: list[Node]) -> bool:
    """Whether it has not gone with what it stood under."""
    while node.parent:
        if node not in node.parent.children[node.key]:
            return False
        node = node.parent
    return node in tops


def to_source(maker: Maker, like: Record, name: str, rng: random.Random) -> str:
    """A made-up source as an entry of a list."""
    lines = [f"  - id: {name}\n"]
    for key, value in like.fields.items():
        if key in ("id", *maker.shape.terms.keys):
            continue
        if key == "file":
            told: Any = f"{name}.txt"
        elif key == "page":
            told = f"https://example.org/{name}"
        elif key in ("issued", "language"):
            told = value
        elif key == "label":
            told = f"{maker.words.text(rng, 'x x', sentence=False)[:40].capitalize()} {name}"
        elif isinstance(value, list):
            told = [maker.words.text(rng, text + " x x x", sentence=True) for text in value]
        else:
            told = maker.words.text(rng, value + " x x x x", sentence=True)
        if isinstance(told, list):
            lines.append(f"    {key}:\n" + "".join(f"      - {each}\n" for each in told))
        else:
            lines.append(f"    {key}: {json.dumps(told) if ':' in told and key != 'page' else told}\n")
    return "".join(lines)


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def generate(count: int, seed: int, folder: Path) -> None:
    """Write a corpus of *count* items into *folder*, which must not exist yet or be empty. :raises FileExistsError: if it is not."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    folder.mkdir(parents=True, exist_ok=True)
    config = Config.find()
    shape = Shape(config.data, read_terms(config.ontology, config.base))
    for name in (THESAURUS, "quiet-words.txt"):
        shutil.copy(config.data / name, folder / name)
    Maker(shape, count, seed, folder).write()


def read_model(corpus: Path) -> Model:
    """What a corpus holds, as plain items and links. :param corpus: a folder that :func:`generate` wrote into."""
    from kg.modelling import build_model
    from kg.source import load_records

    terms = read_terms(Config.find().ontology)
    records, problems = load_records(corpus, terms)
    assert not problems, problems[0]
    return build_model(records, terms)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="how many items, topics and resources included")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--into", type=Path, default=Path("corpus"), help="a new folder")
    asked = parser.parse_args()
    try:
        generate(asked.count, asked.seed, asked.into)
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
