"""Units put together: which items they read, what is asked, what is shown as a picture, how their minutes go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from .course_exercises import Examiner
from .course_material import WHY, Material
from .course_plan import share_steps
from .course_results import Activity, Matching, Points, Question, Reading, Reason, Sketch, Unit
from .model import Item, Link
from .teaching import Prompt, Teaching

SHOWN = 6  # items in one column of a picture
MOST_CHOICES = 3
_FIRM = ("stated", "implied", "editorial", "computed")
_ABOUT_WHY, _ABOUT_DO = (
    ("worsens", "underpins", "leadsTo", "precedes"),
    ("addresses", "builds", "disrupts", "alignsWith", "supports"),
)


@dataclass
class Draft:
    """A unit that is not put together yet. :ivar actor: who is asked to act, and :ivar topic: what it is about, of a unit on what can be
    done, if most of its items share them."""

    sort: str
    minutes: int = 0
    items: list[Item] = field(default_factory=list)
    actor: str = ""
    topic: str = ""


class Writer:
    """Makes units of drafts. No prompt is used twice in a course."""

    def __init__(self, material: Material, teaching: Teaching, taught: Collection[str]) -> None:
        self._material, self._teaching = material, teaching
        self._taught = set(taught)
        self._examiner = Examiner(material, taught)
        self._used: set[str] = set()
        self._told: set[str] = set()  # links: each reason is told once

    def write(self, number: int, draft: Draft) -> Unit:
        """The unit of a draft."""
        prompt = self._prompt(draft)
        self._used.add(prompt.question)
        topic = self._topic(draft, prompt)
        choices = self._choices(draft)
        matching = self._match(draft)
        ask = self._fresh([*prompt.ask, *(topic.ask[:1] if topic else ())], 3)
        reflect = self._fresh(
            [topic.reflect if topic and draft.sort == "do" else "", prompt.reflect, topic.reflect if topic else ""], 1
        )
        aims = self._fresh([prompt.aim, topic.aim if topic else ""], 2)
        note = self._note(draft, prompt)
        task = self._task() if draft.sort == "practice" else ""
        steps = self._steps(draft, bool(note), bool(choices or matching), task)
        return Unit(
            number=number,
            sort=draft.sort,
            question=prompt.question,
            aims=aims,
            note=note,
            minutes=draft.minutes,
            steps=steps,
            readings=tuple(self.read(item, draft) for item in draft.items),
            ask=ask,
            reflect=next(iter(reflect), ""),
            guide=self._teaching.guides.get(draft.sort, Points("", ())),
            task=task,
            choices=choices,
            matching=matching,
            sketch=self._sketch(draft, prompt.question),
        )

    def _fresh(self, texts: Iterable[str], most: int) -> tuple[str, ...]:
        """The first of the texts that this course has not used yet."""
        found = [text for text in dict.fromkeys(texts) if text and text not in self._used][:most]
        self._used.update(found)
        return tuple(found)

    def _prompt(self, draft: Draft) -> Prompt:
        """The words of a unit: of the group or actor that most of its items share, else of their mixture; a question is asked once."""
        prompts = self._teaching.prompts
        if draft.sort not in ("why", "do"):
            return prompts["kinds"][draft.sort]
        if draft.sort == "why":
            groups = Counter(self.group(item) for item in draft.items)
            sorts = {WHY[item.kind] for item in draft.items}
            mixed = (
                next(iter(sorts))
                if len(sorts) == 1
                else "beliefs"
                if sorts <= {"beliefs", "harms"} and "beliefs" in sorts
                else "both"
            )
            shared = [
                group
                for group, count in groups.most_common()
                if count > len(draft.items) / 2 and group in prompts["groups"]
            ]
            wanted = [*(prompts["groups"][group] for group in shared if mixed != "beliefs"), prompts["mixed"][mixed]]
            wanted += [prompts["groups"][group] for group, _ in groups.most_common() if group in prompts["groups"]]
        else:
            kinds = {**prompts["actors"], **prompts["kinds"]}
            shared = [topic for topic in (draft.topic, *self._topics(draft)) if topic in prompts["topics"]]
            topics = [prompts["topics"][topic] for topic in shared]
            actors = [kinds[draft.actor]] if draft.actor in kinds else []
            wanted = [*(topics[:1] if draft.topic else ()), *actors, *topics, *prompts["topics"].values()]
        return next((prompt for prompt in wanted if prompt.question not in self._used), wanted[0])

    def group(self, item: Item) -> str:
        """The barrier group or type of harm of a difficulty; of a stage, the cycle."""
        return item.id if item.kind == "harm-type" else item.parent

    def _topics(self, draft: Draft) -> list[str]:
        """What the items of a unit are about, what was asked for and is shared by most of them first."""
        counts = Counter(topic for item in draft.items for topic in item.about)
        asked = self._material.focus
        return sorted(counts, key=lambda topic: (-counts[topic] - 3 * (topic in asked), topic))

    def _topic(self, draft: Draft, prompt: Prompt) -> Prompt | None:
        """The first topic of a unit that was asked for, or that a third of its items are about, and that the course has not asked about."""
        if draft.sort != "do":
            return None
        prompts, counts = self._teaching.prompts, Counter(topic for item in draft.items for topic in item.about)
        actors = {**prompts["actors"], **prompts["kinds"]}
        if prompt.id in prompts["topics"]:  # the topic has the word already; who acts adds to it
            return actors.get(draft.actor)
        fit = [
            topic
            for topic in self._topics(draft)
            if 3 * counts[topic] >= len(draft.items) and topic in prompts["topics"]
        ]
        return next((found for each in fit if (found := prompts["topics"][each]).aim not in self._used), None)

    def _note(self, draft: Draft, prompt: Prompt) -> str:
        """What is said before: what the unit names, and each type of harm that is read about."""
        texts, groups = self._teaching.texts, self._teaching.prompts["groups"]
        if draft.sort == "do":
            ends = [link.end for item in draft.items for link in self._material.answers_by(item.id)]
            met = dict.fromkeys(self.group(self._material.item(end)) for end in ends if end in self._taught)
            harms = [
                groups[group].names
                for group in met
                if group in groups and WHY.get(self._material.item(group).kind) == "harms"
            ]
            note = texts.get("do-note", "").replace("…", "; ".join(harms)) if harms else ""
            return next(iter(self._fresh([note], 1)), texts.get("do-note-again", "")) if note else ""
        if draft.sort != "why":
            return ""
        found = (self.group(item) for item in draft.items if WHY[item.kind] in ("harms", "beliefs"))
        told = dict.fromkeys([prompt, *(groups[group] for group in found if group in groups)])
        names = [each.names for each in told]
        care = [each.care for each in told if each.care]
        care = care[1:] if len(care) > 1 and prompt.id not in groups else care  # a group says it better than a mixture
        return " ".join([texts.get("note", "").replace("…", "; ".join(names)), *care[:2]])

    def _task(self) -> str:
        prompts = self._teaching.prompts
        actor = self._material.audience
        return (
            prompts["actors"][actor].practice if actor in prompts["actors"] else prompts["kinds"]["practice"].practice
        )

    def _steps(self, draft: Draft, note: bool, exercise: bool, task: str) -> tuple[Activity, ...]:
        text = self._teaching.texts.get
        opened = text("step-note", "") if note else text("step-open", "")
        steps = [("Open", opened, 2)]
        if draft.items:
            steps.append(("Read", text("step-words" if draft.sort == "words" else "reading", ""), 5))
        if exercise:
            steps.append(("Exercise", text("step-match" if draft.sort == "practice" else "step-exercise", ""), 4))
        if task:
            steps.append(("Plan", text("step-plan", ""), 6))
        steps += [("Talk", text("step-talk", ""), 6), ("Reflect", text("step-reflect", ""), 2)]
        return share_steps(draft.minutes, steps)

    def _choices(self, draft: Draft) -> tuple[Question, ...]:
        most = min(MOST_CHOICES, max(1, draft.minutes // 7))
        if draft.sort == "words":
            return tuple(self._examiner.ask_terms(draft.items, most))
        found: list[Question] = []
        asked: set[str] = set()
        for link, forward in self._askable(draft):
            about = link.start if forward else link.end
            if len(found) < most and about not in asked and (choice := self._examiner.ask(link, forward=forward)):
                found.append(choice)
                asked.add(about)
        return tuple(found)

    def _askable(self, draft: Draft) -> list[tuple[Link, bool]]:
        """Links that a question may be about, the firmest first: how difficulties hang together, and what answers them."""
        material, own = self._material, [item.id for item in draft.items]
        if draft.sort == "do":
            links = [(link, False) for item in own for link in material.answers_by(item) if link.end in self._taught]
        elif draft.sort == "why":
            links = [(link, True) for item in own for link in material.links_from(item, "leadsTo", "worsens")]
            links += [(link, False) for item in own for link in material.links_to(item, "underpins", "worsens")]
        else:
            return []

        def firmness(pair: tuple[Link, bool]) -> tuple[bool, bool, bool, int, str]:
            link = pair[0]
            inside = {link.start, link.end} <= self._taught
            return not inside, link.strength != "direct", link.state == "proposed", _FIRM.index(link.basis), link.id

        return sorted(links, key=firmness)

    def _match(self, draft: Draft) -> Matching | None:
        if draft.sort != "practice":
            return None
        pool = {item.id for item in (*self._material.why, *self._material.do)}
        links = [link for item in self._material.do for link in self._material.answers_by(item.id) if link.end in pool]
        links.sort(key=lambda link: (-len({link.start, link.end} & self._taught), _FIRM.index(link.basis), link.id))
        return self._examiner.match(links, 5 if draft.minutes >= 20 else 4)

    def read(self, item: Item, draft: Draft | None = None) -> Reading:
        """One item as it is read, with its reasons among what the course teaches."""
        reader = self._material.reader
        kind = reader.terms.kinds[item.kind]
        told = self._material.audiences(item)
        actor = ", ".join(each.replace("-", " ") for each in item.audiences).capitalize() or kind.actor
        place = reader.place(item)
        lines = f", lines {place['lines']}" if place["lines"] else ""
        return Reading(
            item.id,
            kind.label,
            item.label,
            item.summary,
            actor if told or kind.actor else "",
            f"{reader.sources[item.source].label}, {place['place']}{lines}",
            self._material.part.iri(item.id),
            (f"Nothing in the sources that were read answers it directly. {item.gap}",) if item.gap else (),
            self._reasons(item, draft) if draft else (),
        )

    def _reasons(self, item: Item, draft: Draft) -> tuple[Reason, ...]:
        relations = {"why": _ABOUT_WHY, "do": _ABOUT_DO}.get(draft.sort, ())
        found = []
        for link in (*self._material.links_from(item.id, *relations), *self._material.links_to(item.id, *relations)):
            out = link.start == item.id
            other = link.end if out else link.start
            if other not in self._taught or link.id in self._told or (not out and link.relation != "alignsWith"):
                continue
            relation = self._material.reader.terms.relations[link.relation]
            phrase = relation.phrase if out else relation.inverse_phrase
            weight = (
                link.strength != "direct",
                link.state == "proposed",
                relations.index(link.relation),
                not out,
                link.id,
            )
            told = (link.because, link.strength, link.basis, link.state)
            found.append((weight, Reason(link.id, phrase, other, self._material.item(other).label, *told)))
        direct = [pair for pair in found if pair[1].strength == "direct" or not self._material.level.direct]
        reasons = tuple(
            reason for _, reason in sorted(direct or found, key=lambda pair: pair[0])[: self._material.level.reasons]
        )
        self._told.update(reason.id for reason in reasons)
        return reasons

    def _sketch(self, draft: Draft, title: str) -> Sketch | None:
        """The items of a unit on one side, what they are linked to within the course on the other."""
        material, own = self._material, [each.id for each in draft.items]
        phrase = "addresses"
        if draft.sort == "words":
            phrase = material.reader.terms.relations["usesTerm"].inverse_phrase
            lines = [(term, link.start, True) for term in own for link in material.links_to(term, "usesTerm")]
        elif draft.sort == "do":
            lines = [(item, link.end, link.strength == "direct") for item in own for link in material.answers_by(item)]
        elif draft.sort == "why":
            phrase, lines = (
                "worsens",
                [(link.start, link.end, True) for item in own for link in material.links_from(item, "worsens")],
            )
        else:
            return None
        lines = [line for line in lines if {line[0], line[1]} <= self._taught]
        if draft.sort == "why" and len(lines) < 3:
            phrase, lines = (
                "includes",
                [(self.group(each), each.id, True) for each in draft.items if self.group(each) not in ("", each.id)],
            )
        return self._two_columns(title, phrase, lines)

    def _two_columns(self, title: str, phrase: str, lines: list[tuple[str, str, bool]]) -> Sketch | None:
        """As many of the lines as there is room for, no item on both sides."""
        shown: list[tuple[str, str, bool]] = []
        for line in lines:
            starts, ends = {each[0] for each in shown} | {line[0]}, {each[1] for each in shown} | {line[1]}
            if len(starts) <= SHOWN and len(ends) <= SHOWN and not starts & ends:
                shown.append(line)
        lefts = list(dict.fromkeys(line[0] for line in shown))
        beside = {
            right: [lefts.index(line[0]) for line in shown if line[1] == right]
            for right in dict.fromkeys(line[1] for line in shown)
        }
        rights = sorted(beside, key=lambda right: sum(beside[right]) / len(beside[right]))  # few lines cross
        left, right = (tuple((each, self._material.item(each).label) for each in side) for side in (lefts, rights))
        return Sketch(title, left, right, tuple(shown), phrase) if shown else None
