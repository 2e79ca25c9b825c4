"""The two pictures of the README: a report in Chromium, and a comparison on a terminal.

    python docs/pictures/make.py

Needs Chromium (Debian's package, or AIPM_CHROMIUM) and the [dev] extra. The runs are played here, by the embedded
negotiators, so the same commit draws the same pictures.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from aipm_agents.analysis.compare.comparison import compare
from aipm_agents.negotiation import negotiate
from aipm_agents.report.compare.comparison import first_screen
from aipm_agents.report.papers.terminal import paper
from aipm_agents.report.run.export import html
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read as scenario_of
from aipm_agents.seats.embedded import Embedded
from aipm_agents.transcript import Header, Recorder, Transcript, read

HERE = Path(__file__).parent
THEME = TerminalTheme(
    (253, 252, 249), (29, 33, 38),
    [(29, 33, 38), (152, 32, 43), (20, 99, 47), (122, 75, 0), (11, 90, 110), (76, 69, 102), (11, 90, 110), (90, 97, 105)],
)  # fmt: skip


def played(folder: Path, name: str, seed: int) -> Transcript:
    scenario = scenario_of(bundled()[name])
    stamp = {"run_id": f"seed-{seed}", "started": "2026-11-24T09:30:00+00:00"}
    header = Header(scenario=scenario, scenario_sha256=scenario.digest, seed=seed, volatile=stamp)
    path = folder / f"{name}-{seed}.jsonl"
    with Recorder(path, header) as recorder:
        for event in negotiate(scenario, {role: Embedded() for role in scenario.parties}, seed=seed):
            recorder.append(event)
    return read(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        report = folder / "report.html"
        report.write_text(html(played(folder, "fading-forecast", 3), "facilitator"), "utf-8")
        screen = folder / "screen.html"
        console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
        pair = compare([played(folder, "discharge-letter", 11), played(folder, "discharge-letter", 9)])
        console.print("$ aipm compare latest~1 latest\n", style="bold", highlight=False)
        console.print(paper(first_screen(pair), 100))
        screen.write_text(console.export_html(theme=THEME, inline_styles=True), "utf-8")
        chromium = os.environ.get("AIPM_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1010})
        page.goto(report.as_uri())
        page.screenshot(path=HERE / "report.png")
        page = browser.new_page(viewport={"width": 860, "height": 400})
        page.goto(screen.as_uri())
        page.add_style_tag(content="body { margin: 16px 20px } pre { font-size: 13px; line-height: 1.35 }")
        page.screenshot(path=HERE / "compare.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
