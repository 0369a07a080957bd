"""The verb of the knowledge graph by which a part of it becomes a course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .course_results import Course
    from .reader import Reader
    from .subgraph import Subgraph


class CourseQuestions:
    """Part of :class:`kg.queries.KnowledgeGraph`, which gives the reader and the verb ``subgraph``."""

    _reader: Reader

    if TYPE_CHECKING:

        def subgraph(
            self,
            words: Iterable[str],
            *,
            depth: int = 0,
            only: Iterable[str] = (),
            context: bool = True,
            title: str = "",
        ) -> Subgraph: ...

    def curriculum(
        self,
        words: Iterable[str],
        *,
        title: str = "",
        minutes: int = 90,
        level: str = "practitioner",
        audience: str = "",
        depth: int = 0,
        only: Iterable[str] = (),
    ) -> Course:
        """A course for trainers made of a part of the graph: words first, then why, then what can be done, then practice.

        :param words: the selection, as :meth:`subgraph` takes it. :param title: of the course; else of the selection.
        :param minutes: from 30 to 480; the programme adds up to them. :param level: introductory, practitioner or advanced.
        :param audience: whom it is for, as funders: what speaks to them comes first, and the closing task is theirs.
        :param depth: how many links the selection reaches further. :param only: as :meth:`subgraph` takes it.
        :raises UnknownItem: if a name is not known. :raises BadQuery: if nothing is selected, nothing of it can be taught, it is too small
            for the minutes, or a value is not known.
        """
        from .course import Teacher

        part = self.subgraph(words, depth=depth, only=only, title=title)
        course = Teacher(self._reader).teach(part, title=title, minutes=minutes, level=level, audience=audience)
        # What is taken away as a graph is what is taught, with what it stands under.
        taught = (each.id for each in (*course.readings, *course.glossary, *course.resources))
        exact = self.subgraph([f"item:{item}" for item in dict.fromkeys(taught)], title=course.title)
        return replace(course, part=exact)
