"""A course told as blocks, for a handout and for a facilitator's guide: the one source of every text format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .course_results import Course, Matching, Option, Question, Reading, Sketch, Unit

AUTHOR = "Survivor Leadership Knowledge Graph"
LETTERS = "abcdefgh"
_ORDER, _MOST_LEFT_OUT = ("Open", "Read", "Exercise", "Plan", "Talk", "Reflect"), 25
_PLAN = ("What will be done", "By when", "Who decides", "What it costs", "Who is asked and paid")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a text.

    :ivar sort: title, heading, subheading, text, small, note, label (bold), points, numbers, table, picture, lines (to write on), link or
        page (what follows begins on a new one). :ivar rows: of a table, the first of them its header. :ivar count: of lines.
    """

    sort: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sketch: Sketch | None = None
    href: str = ""
    count: int = 0


def clock(minutes: int) -> str:
    """Minutes from the beginning as hours and minutes.

    >>> clock(75)
    '1:15'
    """
    return f"{minutes // 60}:{minutes % 60:02}"


def about(course: Course) -> str:
    """What a course is, in one line."""
    whom = f", for {course.audience.replace('-', ' ')}" if course.audience else ""
    return f"{course.minutes} minutes, {course.level} level{whom}"


def build_handout(course: Course) -> list[Block]:
    """What each participant gets."""
    blocks = [Block("title", course.title), Block("text", f"Handout for participants. {about(course)}.")]
    blocks += [Block("note", course.texts["welcome"]), Block("subheading", "If you want to talk to somebody")]
    blocks += [
        Block("text", course.texts["support-intro"]),
        Block("lines", count=3),
        Block("text", course.texts["opened-by"]),
    ]
    blocks += [Block("lines", count=1), *_points(course, "agreement"), *_programme(course), *_words(course)]
    for unit in course.units:
        blocks += build_unit(unit, course)
    return [*blocks, *_answers(course), *_resources(course), *build_end(course)]


def build_guide(course: Course) -> list[Block]:
    """What whoever leads the course gets: safety first, then unit by unit what happens when."""
    blocks = [Block("title", course.title), Block("text", f"Facilitator's guide. {about(course)}.")]
    blocks += [Block("note", course.texts["draft"])]
    if course.notes:
        blocks += [Block("subheading", "About this selection"), Block("points", items=course.notes)]
    for name in ("before", "during", "after", "matching"):
        blocks += _points(course, name)
    blocks += [*_points(course, "agreement"), *_programme(course), *_steps(course)]
    said: set[str] = set()
    for unit in course.units:
        blocks += _lead(unit, course, unit.guide.title not in said)
        said.add(unit.guide.title)
    blocks += [Block("heading", "Closing"), Block("text", course.texts["closing"])]
    if course.left_out:
        blocks.append(Block("heading", "What did not fit"))
        shown = [f"{item.label} ({item.id})" for item in course.left_out[:_MOST_LEFT_OUT]]
        more = len(course.left_out) - len(shown)
        blocks.append(Block("points", items=(*shown, *([f"and {more} more"] if more else ()))))
    return [*blocks, *build_end(course)]


def _points(course: Course, name: str) -> list[Block]:
    points = course.lists[name]
    return [Block("subheading", points.title), Block("points", items=points.points)]


def _programme(course: Course) -> list[Block]:
    rows = [
        (clock(slot.start), slot.name if not slot.unit else f"{slot.unit}. {slot.name}", f"{slot.minutes}")
        for slot in course.agenda
    ]
    return [Block("heading", "Programme"), Block("table", rows=(("Time", "What", "Minutes"), *rows))]


def _steps(course: Course) -> list[Block]:
    """What happens in the steps of which each part is made, said once."""
    units = sorted(
        course.units, key=lambda unit: unit.sort not in ("words", "practice")
    )  # the others say more of how to read
    told = {step.name: step.text for unit in units for step in unit.steps}
    noted = {step.name: step.text for unit in course.units if unit.note for step in unit.steps[:1]}
    order = list(dict.fromkeys([*_ORDER, *told]))
    rows = tuple((name, (told | noted)[name]) for name in order if name in told)
    return [Block("heading", "How each part goes"), Block("table", rows=(("Step", "What happens"), *rows))]


def _words(course: Course) -> list[Block]:
    """The terms that the readings use, before the first of them, as far as no unit is about them."""
    told = {reading.id for unit in course.units if unit.sort == "words" for reading in unit.readings}
    terms = [term for term in course.glossary if term.id not in told]
    if not terms:
        return []
    rows = (("Word", "What it means here"), *((term.label, term.summary) for term in terms))
    return [Block("heading", "Words that you will meet"), Block("table", rows=rows)]


def build_unit(unit: Unit, course: Course, *, answers: bool = False) -> list[Block]:
    """A unit as participants read it. :param answers: with the right answers below each question."""
    blocks = [Block("heading", f"{unit.number}. {unit.question}")]
    if unit.sort in ("words", "practice"):
        blocks.insert(0, Block("page"))
    if unit.aims:
        blocks += [Block("label", "After this part you can"), Block("points", items=unit.aims)]
    if unit.note:
        blocks.append(Block("note", f"Before you read. {unit.note}"))
    for reading in unit.readings:
        blocks += _reading(reading)
    if unit.sort == "evidence":
        blocks += _evidence(course)
    if unit.sketch:
        blocks.append(Block("picture", unit.sketch.title, sketch=unit.sketch))
    if unit.choices:
        blocks.append(Block("subheading", "Which one fits?"))
        for choice in unit.choices:
            blocks += _choice(choice, answers)
    if unit.matching:
        blocks += _matching(unit.matching, answers)
    if unit.task:
        blocks += [Block("subheading", "Your plan"), Block("text", unit.task), *_plan()]
    blocks += [Block("subheading", "To talk about"), Block("points", items=unit.ask)]
    if unit.reflect:
        blocks += [
            Block("subheading", "For yourself"),
            Block("text", unit.reflect),
            Block("small", course.texts["private"]),
        ]
        blocks.append(Block("lines", count=3))
    return blocks


def _reading(reading: Reading) -> Iterator[Block]:
    yield Block("subheading", reading.label)
    yield Block("text", reading.summary)
    if reading.actor:
        yield Block("small", f"Who is asked to act: {reading.actor}.")
    if reading.reasons:
        yield Block(
            "points", items=tuple(_told(reason.phrase, reason.label, reason.because) for reason in reading.reasons)
        )
    for note in reading.notes:
        yield Block("small", note)
    yield Block("link", f"{reading.place}:", href=reading.iri)


def _told(phrase: str, label: str, because: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]} “{label}”: {because}"


def _evidence(course: Course) -> list[Block]:
    """The links of the course that are least sure, with what they rest on and who has agreed."""
    order, meanings = ("editorial", "implied", "stated", "computed"), course.part.terms.choices["basis"]
    reasons = [(reason, reading) for reading in course.readings for reason in reading.reasons]
    reasons.sort(key=lambda pair: order.index(pair[0].basis))
    rows = [
        (f"{reading.label} – {reason.phrase} – {reason.label}", reason.because, reason.basis, reason.state)
        for reason, reading in reasons[:8]
    ]
    bases = tuple(
        f"{basis.capitalize()}: {meanings[basis]}"
        for basis in order
        if basis in {reason.basis for reason, _ in reasons}
    )
    texts = [Block("text", course.texts["basis"]), Block("points", items=(*bases, *course.trust))]
    return [*texts, Block("table", rows=(("Link", "Reason", "Rests on", "State"), *rows))]


def _choice(choice: Question, answers: bool) -> Iterator[Block]:
    yield Block("label", choice.ask)
    yield Block("numbers", items=tuple(option.text for option in choice.options))
    if answers:
        yield Block("small", _answer(choice))


def _answer(choice: Question) -> str:
    letter = LETTERS[choice.options.index(choice.right)]
    because = "" if choice.right.told == "Yes." else f" {choice.right.told}"
    return f"Answer: {letter}, {choice.right.text}.{because}"


def _matching(matching: Matching, answers: bool) -> Iterator[Block]:
    yield Block("subheading", "Which belong together?")
    yield Block("text", matching.ask)
    names = {pair.right: pair.right_label for pair in matching.pairs}
    rows = [
        (f"{place + 1}. {pair.left_label}", f"{matching.letters[right]}. {names[right]}")
        for place, (pair, right) in enumerate(zip(matching.pairs, matching.rights, strict=True))
    ]
    yield Block("table", rows=(("Difficulty", "Step"), *rows))
    if answers:
        yield Block("points", items=_pairs(matching))


def _pairs(matching: Matching) -> tuple[str, ...]:
    return tuple(
        f"{place + 1} and {matching.letters[pair.right]}. {pair.because}" for place, pair in enumerate(matching.pairs)
    )


def _plan() -> list[Block]:
    return [Block("table", rows=(("Your plan", "Notes"), *((name, "") for name in _PLAN)))]


def _answers(course: Course) -> list[Block]:
    blocks = []
    for unit in course.units:
        told = [f"Question {place + 1}. {_answer(choice)}" for place, choice in enumerate(unit.choices)]
        if unit.matching:
            told += _pairs(unit.matching)
        if told:
            blocks += [Block("label", f"{unit.number}. {unit.question}"), Block("points", items=tuple(told))]
    return [Block("page"), Block("heading", "Answers"), *blocks] if blocks else []


def _lead(unit: Unit, course: Course, guided: bool) -> list[Block]:
    """A unit as its leader needs it. :param guided: with the advice for its sort, which is given once."""
    blocks = [Block("heading", f"{unit.number}. {unit.question} ({unit.minutes} minutes)")]
    steps = ", then ".join(f"{step.name.lower()} {step.minutes}" for step in unit.steps)
    blocks.append(Block("text", f"Minutes: {steps}."))
    if guided and unit.guide.points:
        blocks += [Block("subheading", unit.guide.title), Block("points", items=unit.guide.points)]
    if unit.note:
        blocks += [Block("label", "Say aloud before people read"), Block("note", unit.note)]
    if unit.readings:
        read = tuple((reading.label, reading.actor or reading.kind) for reading in unit.readings)
        blocks += [Block("label", "What is read"), Block("table", rows=(("Item", "Who acts, or what it is"), *read))]
    for choice in unit.choices:
        blocks += [
            Block("label", choice.ask),
            Block("numbers", items=tuple(map(_option, choice.options))),
        ]
    if unit.matching:
        blocks += list(_matching(unit.matching, True))
    if unit.task:
        blocks += [Block("label", "The task"), Block("text", unit.task)]
    return [*blocks, Block("label", "To talk about"), Block("points", items=unit.ask)] + (
        [Block("label", "For each person alone"), Block("text", unit.reflect)] if unit.reflect else []
    )


def _option(option: Option) -> str:
    told = "" if option.told == "Yes." else f" {option.told}"
    return f"{option.text} ({'fits' if option.right else 'does not fit'}).{told}"


def _resources(course: Course) -> list[Block]:
    if not course.resources:
        return []
    return [
        Block("heading", "Where to read more"),
        Block("points", items=tuple(f"{each.label}. {each.summary}" for each in course.resources)),
    ]


def build_end(course: Course) -> list[Block]:
    """How far to trust a course, and whose it is."""
    blocks = [Block("heading", "How far to trust this"), Block("points", items=course.trust)]
    blocks += [Block("heading", "Credits"), Block("points", items=course.credits)]
    return [*blocks, Block("small", f"{course.texts['addresses']} {course.part.base}id/")]
