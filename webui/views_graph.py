"""Pages on how the whole hangs together: the hub of insights, paths, rankings, communities, sequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from kg.errors import KGError, UnknownItem
from kg.findings import Communities, NearestPaths, Path, Paths, Ranking, Step
from kg.results import Brief

from .charts import draw_bars, draw_chain, draw_path
from .languages import number, said
from .showing import Shown, cut, names_asked, number_asked, show, try_to
from .views import knowledge, pages
from .views_gaps import comparable, maps_held

# A question from every item of a kind takes some milliseconds a start: a page answers for a few starts, a file for all of them.
STARTS_A_PAGE, LONGEST_OF_KINDS, MOST_ENDS, MOST_PATHS, LONGEST = 4, 4, 3, 6, 6
RANKED_A_PAGE, ALL = 20, 10_000
SEQUENCES_A_PAGE, GROUPS_A_PAGE, MEMBERS_A_PAGE = 20, 40, 300
CHOICES = 6  # items offered for words that fit more than one
MEASURES = {
    "degree": _l("Links: to how many other items it is linked"),
    "coverage": _l("Reach: how many barriers and harms it addresses"),
    "pagerank": _l("Passing by: how often somebody comes by who follows links at random"),
    "betweenness": _l("Bridge: how many of the shortest ways between others pass through it"),
    "closeness": _l("Nearness: how few links away everything else is"),
}
# From every item of a kind to what of another is nearest: questions to begin with.
KIND_QUESTIONS = (
    ("harm-type", "action", _l("From every type of harm to its nearest action")),
    ("barrier", "recommendation", _l("From every barrier to its nearest recommendation")),
    ("capacity", "barrier", _l("From every capacity to the nearest barrier that it helps with")),
    ("cycle-stage", "recommendation", _l("From every stage of the cycle to its nearest recommendation")),
)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a path. :ivar typed: as it stands in the field. :ivar id: of an item or kind, or "" while that is open.
    :ivar choices: items that the words may mean."""

    typed: str = ""
    id: str = ""
    is_kind: bool = False
    choices: tuple[Brief, ...] = ()


@pages.get("/insights")
def insights() -> str:
    sources = [each.source for each in comparable()]
    pairs = [(one.id, other.id, f"{one.label} / {other.label}") for one, other in combinations(sources, 2)]
    return render_template("insights.html", questions=_kind_questions(), maps=maps_held(), pairs=pairs[:3])


@pages.get("/paths")
def paths() -> Shown:
    terms = knowledge().terms
    ends, problem = try_to(lambda: {name: _find_end(request.args.get(name, "")) for name in ("from", "to")})
    ends = ends or {name: End(request.args.get(name, "")) for name in ("from", "to")}
    page: dict[str, Any] = {
        "ends": ends,
        "questions": _kind_questions(),
        "passable": [kind for kind in _kinds() if kind not in terms.gathering],
        "kinds_held": _kinds(),
        "state": _paths_state(ends),
    }
    return show(
        "paths", lambda: _ask_paths(ends, problem), _dress_paths, whole=lambda: _ask_all_paths(ends, problem), **page
    )


def _kinds() -> list[str]:
    return [*knowledge().stats().items]


def _kind_questions() -> list[tuple[str, str, Any]]:
    held = _kinds()
    return [each for each in KIND_QUESTIONS if each[0] in held and each[1] in held]


def _find_end(text: str) -> End:
    """What somebody means by an id, a kind or words. :raises UnknownItem: if nothing fits. :raises BadQuery: for no word."""
    typed = " ".join(text.split())
    if not typed:
        return End()
    terms = knowledge().terms
    for kind in _kinds():
        if typed.lower() in (kind, terms.kinds[kind].label, terms.kinds[kind].plural):
            return End(terms.kinds[kind].plural, kind, is_kind=True)
    found, problem = try_to(lambda: knowledge().briefs([typed]))
    if found:
        [item] = found
        return End(item.id if item.kind == "topic" else item.label, item.id)  # words do not find topics
    if problem and " " not in typed and typed.partition("-")[0] in knowledge().sources:
        raise problem
    hits = knowledge().search(typed, limit=CHOICES, infer=False).results
    if not hits:
        raise UnknownItem(f"Nothing here answers {typed[:100]!r}.", "Try fewer or other words.")
    same = [hit for hit in hits if hit.label.casefold() == typed.casefold()]
    if len(same) == 1:
        return End(same[0].label, same[0].id)
    return End(typed, choices=tuple(Brief(hit.id, hit.kind, hit.label) for hit in hits))


def _paths_state(ends: dict[str, End]) -> dict[str, Any]:
    """The address of this very question, without a page."""
    asked = {name: request.args.get(name, "") for name in ("max", "limit", "hubs", "strength", "basis", "state")}
    return {**{name: end.id or end.typed for name, end in ends.items()}, "via": list(names_asked("via")), **asked}


def _options(*, kinds: bool) -> dict[str, Any]:
    """What a path must be like. :param kinds: an end is a kind. :raises BadQuery: if a number is out of range."""
    longest, most, usual = (LONGEST_OF_KINDS, MOST_ENDS, 1) if kinds else (LONGEST, MOST_PATHS, 3)
    grades = (request.args.get(name, "") for name in ("strength", "basis", "state"))
    return {
        "via": names_asked("via"),
        "max_length": number_asked("max", "longest path", least=1, most=longest, default=4),
        "limit": number_asked("limit", "number of paths", least=1, most=most, default=usual),
        "hubs": request.args.get("hubs") == "1",
        "at_least": [*filter(None, grades)],
    }


def _ask_all_paths(ends: dict[str, End], problem: KGError | None) -> Paths | NearestPaths | None:
    if problem:
        raise problem
    start, end = ends.values()
    if not (start.id and end.id):
        return None
    return knowledge().paths(start.id, end.id, **_options(kinds=start.is_kind or end.is_kind))


@dataclass(frozen=True, slots=True)
class SomePaths:
    """Paths from some of the items of a kind. :ivar of: how many items it has."""

    paths: tuple[Path, ...]
    without: tuple[Brief, ...]
    page: int
    pages: int
    of: int


def _ask_paths(ends: dict[str, End], problem: KGError | None) -> Paths | NearestPaths | SomePaths | None:
    start, end = ends.values()
    if problem or not (start.is_kind and end.id):
        return _ask_all_paths(ends, problem)
    options = _options(kinds=True)
    starts = [item for item in knowledge().items(kind=start.id) if item.id != end.id]
    per_page = max(STARTS_A_PAGE // options["limit"], 1)
    page_count = -(-len(starts) // per_page)
    page = number_asked("page", "page", least=1, most=max(page_count, 1), default=1)
    shown = starts[(page - 1) * per_page : page * per_page]
    found = {item.id: knowledge().paths(item.id, end.id, **options).paths for item in shown}
    without = knowledge().briefs(item for item, each in found.items() if not each)
    return SomePaths(tuple(path for each in found.values() for path in each), without, page, page_count, len(starts))


def _dress_paths(found: Paths | NearestPaths | SomePaths) -> dict[str, Any]:
    told = [(path, draw_path(path, said)) for path in found.paths]
    with_hubs = found.with_hubs if isinstance(found, Paths) else None
    return {"told": told, "wider": with_hubs and (with_hubs, draw_path(with_hubs, said)), "longest": LONGEST}


@pages.app_template_filter("pieces")
def pieces(step: Step) -> list[tuple[str, Brief | None]]:
    """The sentence of a step, cut so that both items can be links."""
    before, _, rest = step.sentence.partition(f"“{step.start.label}”")
    between, _, after = rest.rpartition(f"“{step.end.label}”")
    return [(before, None), (step.start.label, step.start), (between, None), (step.end.label, step.end), (after, None)]


@pages.get("/rankings")
def rankings() -> Shown:
    terms = knowledge().terms
    asked = {name: request.args.get(name, "") for name in ("measure", "kind", "relation")}
    return show(
        "rankings",
        _rank_page,
        _dress_ranking,
        whole=lambda: _rank(limit=ALL),
        measures=MEASURES,
        ranked_kinds=[kind for kind in _kinds() if kind not in terms.gathering],
        relations=[terms.relations[name] for name in terms.curated],
        state=asked,
    )


def _rank(*, limit: int, start: int = 0) -> Ranking:
    kind, relation = (request.args.get(name) or None for name in ("kind", "relation"))
    measure = request.args.get("measure") or "degree"
    return knowledge().rank(measure, kind=kind, relation=relation, limit=limit, start=start)


def _rank_page() -> Ranking:
    page = number_asked("page", "page", least=1, most=ALL, default=1)
    return _rank(limit=RANKED_A_PAGE, start=(page - 1) * RANKED_A_PAGE)


def _dress_ranking(found: Ranking) -> dict[str, Any]:
    page_count = -(-found.of // RANKED_A_PAGE)
    page = number_asked("page", "page", least=1, most=page_count, default=1)
    shown = found.figures
    bars = draw_bars((one.item.label, [(one.value, write_figure(one.value))]) for one in shown)
    return {"shown": shown, "bars_drawn": bars, "page": page, "pages": page_count}


@pages.app_template_filter("figure")
def write_figure(value: float) -> str:
    """A figure as people read it: whole numbers whole, shares to three digits."""
    return number(int(value)) if value == int(value) else number(value, "@@@")


@pages.get("/communities")
def communities() -> Shown:
    return show("communities", knowledge().communities, _dress_communities)


def _dress_communities(found: Communities) -> dict[str, Any]:
    wanted = request.args.get("community", "")
    chosen = [one for one in found.communities if one.id == wanted]
    if wanted and not chosen:
        raise UnknownItem(f"No community {wanted[:100]!r}.", "Choose one from the list.")
    shown, page, page_count = cut(found.communities, GROUPS_A_PAGE) if not chosen else ((), 1, 1)
    groups: dict[str, list[Brief]] = {}
    if chosen:
        items, page, page_count = cut(chosen[0].items, MEMBERS_A_PAGE)
        for item in items:
            groups.setdefault(item.kind, []).append(item)
    bars = draw_bars((one.name, [(one.size, number(one.size))]) for one in shown)
    told = {"chosen": chosen[0] if chosen else None, "groups": groups, "shown": shown, "state": {"community": wanted}}
    return {**told, "bars_drawn": bars, "page": page, "pages": page_count}


@pages.get("/sequences")
def sequences() -> str:
    shown, page, page_count = cut(knowledge().sequences(), SEQUENCES_A_PAGE)
    told = [(each, draw_chain(each.items, _phrases(each.items))) for each in shown]
    return render_template("sequences.html", told=told, page=page, pages=page_count)


def _phrases(items: Iterable[Brief]) -> list[str]:
    phrase = said(knowledge().terms.relations["precedes"].phrase)
    return [phrase for _ in list(items)[1:]]
