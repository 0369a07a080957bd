"""Results as plain text for a terminal: one function a result, found by the name of its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .wrapping import wrap as _wrap

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .findings import LinkRecord
    from .quality_results import Gaps, Quality, Unlinked
    from .results import (
        Alike,
        Answer,
        Answers,
        Choice,
        Description,
        LinkSeen,
        Passage,
        SearchResults,
        Sequence,
        Stats,
        Suggestions,
    )


Tellers = Mapping[str, Callable[[Any], Iterator[str]]]


def to_text(result: Any) -> str:
    """A result as lines for people.

    :raises TypeError: for something that is not a result.
    """
    if not (tell := _find_teller(type(result).__name__)):
        raise TypeError(f"{type(result).__name__} is not a result")
    return "\n".join(tell(result))


def _find_teller(name: str) -> Callable[[Any], Iterator[str]] | None:
    """What tells results of a type, found by its name, so that only the rooms are read that are needed: a command starts quickly."""
    if name in ("Comparison", "Cover", "GapMap"):
        from . import plain_gaps

        of_gaps: Tellers = {
            "Comparison": plain_gaps.comparison_lines,
            "Cover": plain_gaps.cover_lines,
            "GapMap": plain_gaps.map_lines,
        }
        return of_gaps[name]
    if name in ("Communities", "NearestPaths", "Neighbourhood", "Paths", "Ranking"):
        from . import plain_graph

        of_shape: Tellers = {
            "Communities": plain_graph.community_lines,
            "NearestPaths": plain_graph.nearest_lines,
            "Neighbourhood": plain_graph.neighbourhood_lines,
            "Paths": plain_graph.path_lines,
            "Ranking": plain_graph.ranking_lines,
        }
        return of_shape[name]
    return _HERE.get(name)


def _search_results(found: SearchResults) -> Iterator[str]:
    for typed, meant in found.corrected.items():
        yield f"{typed!r} is read as {meant!r}."
    for choice in found.filters:
        how = "Only" if choice.chosen else "Without"
        yield f"{how}: {choice.label}" + (" (your words ask for it; --as-typed takes it away)" if choice.asked else "")
    yield from (_wrap(f"Note: {note}", 0) for note in found.notes)
    for hit in found.results:
        yield f"{hit.id}  {hit.label}"
        yield _wrap(hit.summary, 4)
        yield _wrap("matched: " + "; ".join(map(_matched, hit.matched)), 4)
    if found.results:
        yield f"{found.total} in all. " + "; ".join(
            _counted(name, choices) for name, choices in found.facets.items() if choices
        )
        if found.widened:
            yield _wrap("Also searched: " + ", ".join(found.widened), 0)
    elif found.total:
        yield f"There are {found.total} results, and no more."
    else:
        yield "Nothing here answers these words."
        yield _wrap("Nearest topics: " + "; ".join(f"{topic.label} ({topic.id})" for topic in found.nearest), 0)
        yield "See what is about one: kg show TOPIC-ID. Or try other words, or: kg stats"
    if found.did_you_mean:
        yield f'Did you mean: kg search "{found.did_you_mean}"'


def _counted(name: str, choices: tuple[Choice, ...]) -> str:
    shown = ", ".join(f"{choice.value} {choice.count}" for choice in choices[:4])
    return f"{name}: {shown}" + (f" and {len(choices) - 4} more" if len(choices) > 4 else "")


def _suggestions(found: Suggestions) -> Iterator[str]:
    for suggestion in found.suggestions:
        yield f"{suggestion.text}  ({suggestion.id})"
    if not found.suggestions:
        yield "No name begins so. Two letters at least are needed."


def _alike(found: Alike) -> Iterator[str]:
    yield f"Like {found.to.label} ({found.to.id}):"
    for hit in found.results:
        yield f"{hit.id}  {hit.label}"
        yield _wrap("shared words: " + ", ".join(hit.matched[0]["words"] or ["none, only near in meaning"]), 4)


def _evaluation(found: Evaluation) -> Iterator[str]:
    yield f"{'group':<14}{'n':>4}{'nDCG@10':>9}{'MRR':>7}{'hit@3':>7}"
    for score in found.scores:
        yield f"{score.group:<14}{score.questions:>4}{score.ndcg:>9.3f}{score.mrr:>7.3f}{score.hit:>7.3f}"
    for question, count in found.unanswerable.items():
        yield f"no answer exists: {count} results for {question!r}"


def _matched(match: Mapping[str, Any]) -> str:
    words = ", ".join(match["words"])
    same = ", ".join(match.get("widened", ()))
    if match["field"] == "sense":
        return f"near in meaning: {words}" + (f" ~ {same}" if same else "")
    return f"{match['field']} ({'; '.join(filter(None, [words, same and f'the same as {same}']))})"


def _description(found: Description) -> Iterator[str]:
    item = found.item
    yield item.label
    yield f"{item.id}, {item.kind}"
    for above in reversed(found.above):
        yield f"  in {above.label} ({above.id})"
    yield _wrap(item.summary, 2)
    if item.lines:
        yield _wrap(f"printed in: {found.source.title}, {_lines_of(item.lines)}", 2)
    yield _wrap("also: " + "; ".join(item.also), 2)
    if item.audiences:
        yield "  speaks to: " + ", ".join(item.audiences)
    if found.about:
        yield "  about: " + ", ".join(topic.label for topic in found.about)
    for key, value in item.details.items():
        yield f"  {key}: {value}"
    for note in item.notes:
        yield _wrap("note: " + note, 2)
    if item.gap:
        yield _wrap("No direct answer: " + item.gap, 2)
    for link in found.links:
        yield from _link(link)


def _link(link: LinkSeen) -> Iterator[str]:
    told = f" [{link.strength}, {link.basis}, {link.state}]" if link.strength else ""
    yield f"  {link.phrase} {link.other.id}: {link.other.label}{told}"
    if link.because:
        yield _wrap("because: " + link.because, 6)


def _answers(found: Answers) -> Iterator[str]:
    for barrier in found.barriers:
        yield f"{barrier.label} ({barrier.id})"
        yield _wrap(barrier.summary, 2)
        if barrier.gap:
            yield _wrap("No direct answer: " + barrier.gap, 2)
        for name, group in (("Direct", barrier.direct), ("Contributing", barrier.contributing)):
            if group:
                yield f"  {name}:"
            for answer in group:
                yield from _answer(answer)
        yield ""
    if not found.barriers:
        yield "No barrier fits these words. Try fewer or other words, or: kg search TEXT --kind barrier"


def _answer(answer: Answer) -> Iterator[str]:
    yield f"    {answer.id}  {answer.label}"
    yield _wrap("because: " + answer.because, 8)
    source = answer.source
    place = f"{source['title']}, {source['place']}, {_lines_of(source['lines'])}"
    yield _wrap(f"{answer.actor}; {place}; {answer.basis}, {answer.state}", 8)


def _link_record(found: LinkRecord) -> Iterator[str]:
    yield _wrap(found.sentence, 0)
    yield _wrap("because: " + found.because, 2)
    yield f"  {found.strength}, {found.basis}, {found.state}; by {found.by}, {found.on}"
    if found.lines:
        yield f"  stated in {_lines_of(found.lines)}"
    yield f"  {found.start.id}, {found.end.id}"


def _passage(found: Passage) -> Iterator[str]:
    yield found.text
    yield ""
    yield found.credit
    yield f"{_lines_of(found.lines).capitalize()}. {found.rights}"


def _quality(found: Quality) -> Iterator[str]:
    for source, kinds in found.items.items():
        yield f"{source}: {sum(kinds.values())} items"
        yield _wrap(", ".join(f"{count} {kind}" for kind, count in kinds.items()), 2)
    for relation, counts in found.links.items():
        yield f"{relation}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    for name, shares in found.shares.items():
        yield f"links by {name}: " + ", ".join(f"{share:.0%} {value}" for value, share in shares.items())
    for one in found.agreements:
        told = f"kappa {one['kappa']:.2f} (direct, contributing, none), {one['kappa_link']:.2f} (link or none)"
        yield f"agreement on {one['name']}: {told}; {one['pairs']} pairs, {one['share']} read twice"
    for name, faults in found.faults.items():
        yield f"{name}: {len(faults)}"
        yield from (_wrap(fault, 2) for fault in faults)
    yield f"{len(found.anomalies)} oddities of print are told:"
    for odd in found.anomalies:
        yield _wrap(f"{odd.id}{f' (lines {odd.lines})' if odd.lines else ''}: {odd.note}", 2)
    yield from _unlinked(found.unlinked)


def _sequences(found: tuple[Sequence, ...]) -> Iterator[str]:
    for sequence in found:
        yield f"{sequence.name}:"
        yield from (f"  {place}. {item.label} ({item.id})" for place, item in enumerate(sequence.items, start=1))


def _gaps(found: Gaps) -> Iterator[str]:
    from .plain_gaps import unanswered_lines

    yield from unanswered_lines(found.unanswered)
    yield from _unlinked(found.unlinked)


def _unlinked(found: tuple[Unlinked, ...]) -> Iterator[str]:
    for gap in found:
        what = f"that '{gap.phrase}' nothing" if gap.direction == "out" else f"of which nothing says '{gap.phrase}'"
        yield f"{len(gap.items)} of {gap.of} {gap.kind} {what}:"
        yield _wrap(", ".join(gap.items), 4)


def _stats(found: Stats) -> Iterator[str]:
    for title, counts in (("items", found.items), ("links", found.links)):
        yield f"{sum(counts.values())} {title}"
        yield from (f"  {count:5} {name}" for name, count in counts.items())
    yield f"{found.triples} triples"
    yield f"barriers without a direct answer: {', '.join(found.unanswered) or 'none'}"


def _lines_of(lines: str) -> str:
    return f"line{'s' if '-' in lines or ',' in lines else ''} {lines}"


_HERE: Tellers = {
    "SearchResults": _search_results,
    "Suggestions": _suggestions,
    "Alike": _alike,
    "Evaluation": _evaluation,
    "Description": _description,
    "Answers": _answers,
    "LinkRecord": _link_record,
    "Passage": _passage,
    "Quality": _quality,
    "tuple": _sequences,
    "Gaps": _gaps,
    "Stats": _stats,
}
