"""What a page costs: server time and size of every kind of page on the real graph, weight of a first visit, requests in a second.

Run: python benchmarks/web.py [SECONDS]     (for the weights a Chromium is needed)
Server time: the median of 15 answers of an in-process client, warm, in rounds over all pages. Weight: what a browser with an empty cache
takes over the wire, as its network layer counts it, and the same uncompressed. Requests: see benchmarks/load.py. Ends with 1 if a page
is over its bar.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from flask import Flask

from kg.build import write_build
from kg.config import Config
from kg.queries import KnowledgeGraph
from webui import create_app

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.load import SITE, measure_load, serving  # noqa: E402

QUESTION = "can't open a bank account because of a conviction"
EXPLORE = "/explore?do=from.ap-barrier-2.6~grow.ap-barrier-2.6"
MOST_BYTES, MOST_MS, MOST_FIRST, MOST_EXPLORE = 60_000, 100.0, 300_000, 900_000
VISITS = {"/": MOST_FIRST, f"/search?q={QUESTION}": MOST_FIRST, EXPLORE: MOST_EXPLORE}
# Beside every route without a place in its address: the states that do most.
PAGES = [
    f"/search?q={QUESTION}", "/search?q=survivor", "/search?q=survivor&page=31", "/search?kind=action", "/search?q=zeppelin",
    "/barriers/ap-barrier-2.6", "/barriers/ap-barrier-1.3", "/barriers/ap-barrier-group-1", "/harms/hr-harm-5",
    "/id/ap-action-3.2.11", "/id/ap-barrier-1.3", "/id/ap-term-survivor", "/sources/ap", "/sources/hr",
    "/paths?from=hr-harm-3&to=ap-action-3.2.11", "/paths?from=harm-type&to=action", "/gaps?rows=barrier-group&columns=goal",
    "/gaps?rows=topic&columns=kind", "/cover?asked=ap-barrier-group-1", "/compare?first=ap&second=hr", "/rankings?measure=betweenness",
    EXPLORE, "/explore?do=from.everything",
]  # fmt: skip


def listed(app: Flask, knowledge: KnowledgeGraph) -> list[str]:
    """The pages that are measured: every route that needs nothing, the states above, and the item with the most links."""
    plain = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("pages.") and not rule.arguments
    ]
    hub = max(knowledge.items(), key=lambda item: len(knowledge.describe(item.id).links))
    pages = {path for path in plain if not path.endswith((".html", ".svg", "/void", "/healthz"))}
    return [*sorted(pages), *PAGES, f"/id/{hub.id}"]


def measure_pages(app: Flask, paths: list[str], rounds: int = 15) -> dict[str, tuple[float, int]]:
    """Page -> median of milliseconds, and bytes of HTML."""
    client, times, sizes = app.test_client(), {path: [] for path in paths}, {}
    for number in range(rounds + 1):
        for path in paths:
            started = time.perf_counter()
            answer = client.get(path)
            passed = 1000 * (time.perf_counter() - started)
            assert answer.status_code == 200, (path, answer.status_code)
            sizes[path] = len(answer.data)
            if number:  # the first warms up
                times[path].append(passed)
    return {path: (median(times[path]), sizes[path]) for path in paths}


def weigh(port: int, path: str) -> tuple[int, int, int]:
    """Bytes over the wire, bytes uncompressed, and requests, of a visit with an empty cache."""
    from playwright.sync_api import sync_playwright

    from tests.browser import ARGUMENTS, find_browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        page = browser.new_page()
        session, wire, plain = page.context.new_cdp_session(page), [0], []
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda told: wire.append(int(told["encodedDataLength"])))
        page.on("response", lambda answer: plain.append(answer) if answer.url.startswith("http") else None)
        page.goto(f"http://127.0.0.1:{port}{path}", wait_until="networkidle")
        whole = sum(len(answer.body()) for answer in plain)
        browser.close()
    return sum(wire), whole, len(plain)


def main(seconds: float = 4.0) -> int:
    over = []
    with tempfile.TemporaryDirectory() as folder:
        build = Path(folder)
        write_build(Config(data=ROOT / "data", ontology=ROOT / "ontology", build=build))
        with KnowledgeGraph.open(build) as knowledge:
            app = create_app(knowledge)
            found = measure_pages(app, listed(app, knowledge))
        print(f"{'page':58} {'ms':>7} {'kB':>6}")
        for path, (passed, size) in sorted(found.items(), key=lambda each: -each[1][0]):
            print(f"{path[:58]:58} {passed:7.1f} {size / 1000:6.1f}")
            over += [path] if passed > MOST_MS or size > MOST_BYTES else []
        with serving("-c", SITE, str(build)) as port:
            for path, most in VISITS.items():
                wire, whole, number = weigh(port, path)
                told = f"{wire / 1000:7.1f} kB over the wire, {whole / 1000:7.1f} kB uncompressed, {number} requests"
                print(f"first visit {path[:40]:40} {told}")
                over += [path] if whole > most else []
        measure_load(build, seconds)
    for path in over:
        print(f"Over the bar: {path}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
