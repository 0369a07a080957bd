"""How the minutes of a course are shared out: welcome, breaks, units, closing, and the steps inside a unit. It adds up exactly."""

from __future__ import annotations

from collections.abc import Sequence

from .choices import LEAST_MINUTES, MOST_MINUTES, check_range
from .course_results import Activity, Slot

UNIT_MINUTES = 20  # what a unit with one question takes, about
AT_A_STRETCH = 90  # nobody should sit longer without a break
LONG_DAY, LUNCH = 300, 45
# Which sorts of unit a course has, the first of them if it is short. The order of teaching is another one.
WANTED = ("why", "do", "practice", "do", "evidence", "words", "do", "why", "do", "why", "do", "why", "do", "do", "why")
WEIGHTS = {"words": 3, "why": 5, "do": 5, "practice": 5, "evidence": 4}
TAUGHT = ("words", "why", "do", "evidence", "practice")


def count_units(minutes: int) -> int:
    """How many units fit between welcome and closing: at least two.

    >>> [count_units(minutes) for minutes in (30, 60, 90, 120, 240, 480)]
    [2, 2, 4, 5, 10, 15]
    """
    return max(2, min(len(WANTED), int(_work(minutes) / UNIT_MINUTES + 0.5)))


def _around(minutes: int) -> int:
    return 5 if minutes < 60 else 10 if minutes <= 240 else 15


def _breaks(minutes: int) -> list[int]:
    """The lengths of the breaks, none up to ninety minutes; a long day has one for lunch in the middle."""
    count = -(-minutes // AT_A_STRETCH) - 1
    if minutes < LONG_DAY:
        return [10] * count
    return [LUNCH if place == count // 2 else 15 for place in range(count)]


def _work(minutes: int) -> int:
    check_range("number of minutes", minutes, LEAST_MINUTES, MOST_MINUTES)
    return minutes - 2 * _around(minutes) - sum(_breaks(minutes))


def share_minutes(minutes: int, sorts: Sequence[str]) -> list[int]:
    """How long each unit is: whole fives by the weight of its sort, the rest of the minutes at its end; the sum is all between welcome
    and closing.

    >>> share_minutes(120, ["words", "why", "do", "do", "practice"])
    [10, 20, 20, 20, 20]
    """
    work = _work(minutes)
    weights = [WEIGHTS[sort] for sort in sorts]
    exact = [work * weight / sum(weights) for weight in weights]
    shares = [max(5, int(share // 5 * 5)) for share in exact]
    for place in sorted(range(len(sorts)), key=lambda place: (shares[place] - exact[place], place)):
        if work - sum(shares) >= 5:
            shares[place] += 5
    shares[-1] += work - sum(shares)
    return shares


def plan_day(minutes: int, units: Sequence[tuple[str, int]]) -> tuple[Slot, ...]:
    """The programme: welcome, the units with breaks where the stretches are most even, closing.

    :param units: name and minutes of each. :returns: slots that follow one another and add up to *minutes*.
    """
    breaks, after = _breaks(minutes), dict[int, int]()
    total, gone, free = sum(length for _, length in units), 0, 0
    for place, (_, length) in enumerate(units[:-1]):
        following = units[place + 1][1]
        gone += length
        due = total * (free + 1) / (len(breaks) + 1)
        if free < len(breaks) and (gone + following / 2 > due or len(units) - 1 - place <= len(breaks) - free):
            after[place], free = breaks[free], free + 1
    spare = sum(breaks[free:])  # fewer gaps than breaks: the last break takes their time
    if spare and after:
        after[max(after)] += spare
    slots, now = [Slot(0, _around(minutes), "Welcome")], _around(minutes)
    for place, (name, length) in enumerate(units):
        slots.append(Slot(now, length, name, place + 1))
        now += length
        if place in after:
            slots.append(Slot(now, after[place], "Lunch" if after[place] >= LUNCH else "Break"))
            now += after[place]
    return (*slots, Slot(now, minutes - now, "Closing"))


def share_steps(minutes: int, texts: Sequence[tuple[str, str, int]]) -> tuple[Activity, ...]:
    """The steps of a unit in whole minutes that add up.

    :param texts: name, text and weight of each step. Short ones get at least one minute; what is left over goes to the heaviest.

    >>> [step.minutes for step in share_steps(20, [("Open", "", 1), ("Read", "", 3), ("Talk", "", 4)])]
    [2, 7, 11]
    """
    whole = sum(weight for *_, weight in texts)
    shares = [max(1, minutes * weight // whole) for *_, weight in texts]
    heaviest = max(range(len(texts)), key=lambda place: texts[place][2])
    shares[heaviest] += minutes - sum(shares)
    return tuple(Activity(share, name, text) for share, (name, text, _) in zip(shares, texts, strict=True))
