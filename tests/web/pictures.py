"""Pictures for docs/: five patients on a desktop, a phone, printed by the browser, and as PDF; and the report of `make demo`.

`make pictures` writes them anew, and the cards of the same patients beside them. They are looked at before they are kept.
"""

import io
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import httpx
from PIL import Image
from tests.hooks import shown
from tests.web import browser
from tests.web.patients import ALL, case

from corrin import guideline, synthesis
from corrin.population import screening

FOLDER = shown.FOLDER
DESKTOP = {"viewport": {"width": 1280, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 844}}
COLOURS = 256
RESOLUTION = 70


def main() -> None:
    with browser.served() as address, browser.started() as chromium:
        for name, findings in ALL.items():
            _screens(chromium, address, name, findings)
            _paper(address, name, findings)
            print(name)
        _report(chromium)
    subprocess.run([sys.executable, "-m", "tests.hooks.shown"], check=True)


def _screens(chromium, address: str, name: str, findings: dict) -> None:
    for kind, options in (("desktop", DESKTOP), ("phone", PHONE)):
        with browser.tab(chromium, address, **options) as page:
            _open(page, findings)
            if kind == "phone":
                page.click("#bar .jump")
            _keep(page.screenshot(), f"{name}-{kind}")
            if kind == "desktop":
                _keep(_first_page(page.pdf(format="A4")), f"{name}-print")


def _open(page, findings: dict) -> None:
    page.goto("/")
    if findings:
        content = json.dumps(case(findings)).encode()
        page.set_input_files("#file", {"name": "a.json", "mimeType": "application/json", "buffer": content})
        page.click("#open button")
        page.locator("text=Opened from a case file").wait_for()


def _paper(address: str, name: str, findings: dict) -> None:
    opened = case(findings)
    sent = {"case.as_of": opened["as_of"], "case.kept": json.dumps({"findings": findings})}
    answer = httpx.post(f"{address}/pdf", data=sent, timeout=60)
    _keep(_first_page(answer.raise_for_status().content), f"{name}-pdf")


def _report(chromium) -> None:
    """The report of the made-up population that `make demo` screens: its beginning, the clock, the levels."""
    with tempfile.TemporaryDirectory() as folder:
        export, out = Path(folder) / "export", Path(folder) / "screened"
        told = frozenset({"medicines"})
        order = synthesis.Order(2000, 1, export, size=0, complete=told)
        synthesis.synthesise(order, guideline.load(), lambda _done: None)
        screening.screen(screening.Order(str(export), out, date(2026, 11, 22), complete=told))
        for kind, options in (("desktop", DESKTOP), ("phone", PHONE)):
            with browser.tab(chromium, "file://", **options) as page:
                page.goto((out / "report.html").as_uri())
                _keep(page.screenshot(), f"population-report-{kind}")
                for part in ("clock", "levels") if kind == "desktop" else ():
                    _keep(page.locator(f"#{part}").screenshot(), f"population-report-{part}")


def _first_page(content: bytes) -> bytes:
    command = ["pdftoppm", "-png", "-r", str(RESOLUTION), "-l", "1", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def _keep(picture: bytes, name: str) -> None:
    """In few colours: a page has few, and the pictures are kept in the repository."""
    small = (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    small.save(Path(FOLDER) / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
