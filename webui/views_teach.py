"""The maker of learning packs in three steps: what to teach, for whom and how long, and a look at the course before it is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from kg.choices import LEVELS
from kg.course_results import Course
from kg.pack import ALL, FORMATS, pick_formats, to_file, to_zip

from .clients import address_of
from .safety import page_hint, status_of
from .showing import Shown, try_to
from .taking import Taking, read_taking
from .turns import Turns
from .views import knowledge, pages
from .views_take import form_words, named, send_whole

LENGTHS = (45, 60, 90, 120, 180, 240, 360)
USUAL_MINUTES, USUAL_LEVEL = 90, "practitioner"
LEVEL_NAMES = {
    "introductory": _l("Introductory: for people who are new to it; fewer items, more words explained"),
    "practitioner": _l("Practitioner: for people who work in the field"),
    "advanced": _l("Advanced: also what each link rests on, and who has agreed to it"),
}
STEPS = ((1, _l("What to teach")), (2, _l("For whom, how long")), (3, _l("Look and take")))


@dataclass(frozen=True, slots=True)
class Teaching:
    """What a trainer wants. :ivar step: which of the three is looked at."""

    taking: Taking = field(default_factory=Taking)
    minutes: int = USUAL_MINUTES
    level: str = USUAL_LEVEL
    audience: str = ""
    step: int = 1

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of its address; what is as it is by default is left out."""
        found = {
            **self.taking.address(),
            "minutes": self.minutes if self.minutes != USUAL_MINUTES else 0,
            "level": self.level if self.level != USUAL_LEVEL else "",
            "audience": self.audience,
            "step": self.step,
            **changes,
        }
        return {name: value for name, value in found.items() if value}

    def course(self) -> Course:
        """The course. :raises UnknownItem, BadQuery: if it cannot be made."""
        return knowledge().curriculum(
            self.taking.resolved,
            title=self.taking.title,
            minutes=self.minutes,
            level=self.level,
            audience=self.audience,
            depth=self.taking.depth,
            only=self.taking.only,
        )


def read_teaching(args: MultiDict[str, str]) -> Teaching:
    """Read what is wanted; a length or level that is not offered is the usual one. Without a selection it is the first step."""
    taking = read_taking(args)
    minutes, step = args.get("minutes", 0, type=int), args.get("step", 1, type=int)
    return Teaching(
        taking=taking,
        minutes=minutes if minutes in LENGTHS else USUAL_MINUTES,
        level=args["level"] if args.get("level") in LEVELS else USUAL_LEVEL,
        audience=args["audience"] if args.get("audience") in knowledge().terms.audiences else "",
        step=step if taking and step in (1, 2, 3) else 1,
    )


@pages.get("/curriculum")
def curriculum() -> Shown:
    teaching = read_teaching(request.args)
    # The first two steps are told at once what is wrong with the selection; the third makes the course.
    ask = teaching.course if teaching.step == 3 else lambda: teaching.taking.subgraph(knowledge())
    found, problem = try_to(lambda: ask() if teaching.taking else None)
    page = {
        "teaching": teaching,
        "taking": teaching.taking,
        "steps": STEPS,
        "lengths": LENGTHS,
        "level_names": LEVEL_NAMES,
        "pack_forms": list(FORMATS.values()),
        "course": found if teaching.step == 3 else None,
        "part": found if teaching.step != 3 else None,
        **form_words(teaching.taking),
    }
    if problem:
        return render_template("curriculum.html", **page, problem=problem, hint=page_hint(problem)), status_of(problem)
    return render_template("curriculum.html", **page)


@pages.get("/curriculum/pack/<form>")
def pack(form: str) -> Response:
    named(lambda name: pick_formats([name]), form)
    course = read_teaching(request.args).course()
    # One pack at a time: it takes the processor for seconds, and others want to read meanwhile.
    turns: Turns = current_app.extensions["pack_turns"]
    with turns.take(address_of(request, current_app.config["CLIENT_HEADER"])):
        if form == ALL:
            return send_whole(to_zip(course), "application/zip", course.part.file_name("zip"))
        made = FORMATS[form]
        return send_whole(to_file(course, form), made.media_type, course.part.file_name(made.file))
