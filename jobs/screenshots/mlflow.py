"""Photographs a campaign in MLflow's own pages: mlflow.py URL CAMPAIGN FOLDER.

Writes mlflow.png (the tree of runs), mlflow-charts.png, mlflow-campaign.png (the campaign's run) and mlflow-metrics.png (its
curves). The browser is DORMOUSE_BROWSER, or chromium on the path.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDE = {"width": 1440, "height": 900}
PATIENCE_MS = 60_000


def api(server: str, path: str, question: dict | None = None) -> dict:
    """One answer of the tracking server, past any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    data = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(f"{server}/api/2.0/mlflow/{path}", data, {"Content-Type": "application/json"})
    return json.load(opener.open(request, timeout=30))


def campaign_run(server: str, campaign: str) -> tuple[str, str]:
    """Ids of a campaign's experiment and of its run."""
    name = urllib.parse.quote(f"dormouse/{campaign}", safe="")
    experiment = api(server, f"experiments/get-by-name?experiment_name={name}")["experiment"]["experiment_id"]
    question = {"experiment_ids": [experiment], "filter": f"tags.\"dormouse.key\" = 'campaign:{campaign}'", "max_results": 1}
    return experiment, api(server, "runs/search", question)["runs"][0]["info"]["run_id"]


def show(page: Page, address: str, waits_for: str) -> None:
    """Opens one page and waits until it shows this text; its network is never idle."""
    page.goto(address, wait_until="domcontentloaded", timeout=PATIENCE_MS)
    page.get_by_text(waits_for).first.wait_for(timeout=PATIENCE_MS)
    page.wait_for_timeout(1_500)


def unfold(page: Page) -> None:
    """Opens the campaign's run, then its phases from the last to the first."""
    expanders = page.locator("button[data-component-id*='runnamecellrenderer']")
    expanders.first.click()
    page.get_by_text("1 baseline").first.wait_for(timeout=PATIENCE_MS)
    for place in range(expanders.count() - 1, 0, -1):
        expanders.nth(place).click()
        page.wait_for_timeout(300)


def photograph(server: str, campaign: str, folder: Path) -> list[Path]:
    """All pictures of one campaign; fails if a page does not show what it should."""
    experiment, run = campaign_run(server, campaign)
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []

    def shoot(page: Page, name: str) -> None:
        taken.append(folder / name)
        page.screenshot(path=taken[-1])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("DORMOUSE_BROWSER") or shutil.which("chromium"),
            args=["--no-sandbox", "--no-proxy-server"],
        )
        page = browser.new_page(viewport=WIDE)
        # Without the assistant that opens itself on the first visit.
        page.add_init_script(
            "localStorage.setItem('mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true');"
            "localStorage.setItem('mlflow.assistant.panelOpen_v1', 'false');"
        )
        runs = f"{server}/#/experiments/{experiment}/runs"
        # The link that the experiment's note has, and every run unfolded.
        show(page, f"{runs}?viewStateShareKey=story", f"campaign {campaign}"[:16])
        unfold(page)
        shoot(page, "mlflow.png")
        show(page, f"{runs}?compareRunsMode=CHART", "campaign/")
        shoot(page, "mlflow-charts.png")
        show(page, f"{server}/#/experiments/{experiment}/runs/{run}", "productivity/")
        page.get_by_text("Show more").first.click()
        shoot(page, "mlflow-campaign.png")
        show(page, f"{server}/#/experiments/{experiment}/runs/{run}/model-metrics", "lift_over_baseline")
        shoot(page, "mlflow-metrics.png")
        browser.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("campaign")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    for picture in photograph(asked.server.rstrip("/"), asked.campaign, asked.folder):
        print(picture)


if __name__ == "__main__":
    main()
