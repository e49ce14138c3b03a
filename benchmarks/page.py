"""The page in a real browser: its size, and how long a key takes until the answer to it stands there.

The service is a process of its own; where there is no Chromium the key is not measured, and the table says so.
"""

import statistics
from pathlib import Path

import httpx
from benchmarks.service import Serving, serving

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
KEYS = range(40, 80)
PATIENT = {"leg_weakness": "yes", "paraesthesia": "yes", "metformin": "yes", "folic_acid": "yes"}
ANSWERED = """years => new Promise(done => {
  const field = document.querySelector('[name=age_years]'), began = performance.now();
  new MutationObserver((_, watch) => { watch.disconnect(); done(performance.now() - began); })
    .observe(document.getElementById('answer'), {childList: true});
  field.value = years;
  field.dispatchEvent(new Event('input', {bubbles: true}));
})"""
PLAIN = """async () => { const began = performance.now(); await (await fetch('/health')).text();
  return performance.now() - began; }"""

Line = tuple[str, str, str, str]


def measure() -> list[Line]:
    """Lines of the table: bytes of the first page, and the median of many keys with the page full."""
    with serving("-m", "corrin", "serve", "--port") as corrin:
        return [*_size(corrin), _key(corrin)]


def _size(corrin: Serving) -> list[Line]:
    sizes = {
        path: len(httpx.get(f"{corrin.address}{path}").content)
        for path in ("/", "/static/corrin.css", "/static/corrin.js")
    }
    whole, script = sum(sizes.values()), sizes["/static/corrin.js"]
    return [
        ("first page, in all", f"{whole / 1000:.1f} KB", "60 KB", f"{script / whole:.0%} of it script"),
        ("    its script", f"{script} bytes", "3072 bytes", ""),
    ]


def _key(corrin: Serving) -> Line:
    what, aim = f"from a key to its answer, median of {len(KEYS)}", "150 ms"
    if not CHROMIUM.exists():
        return (what, "not measured", aim, "needs Chromium: make browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        page.goto(corrin.address)
        for name, word in PATIENT.items():
            page.evaluate(f"document.querySelector('[name={name}][value={word}]').checked = true")
        taken = [page.evaluate(ANSWERED, str(years)) for years in KEYS]
        plain = [page.evaluate(PLAIN) for _ in KEYS]
        browser.close()
    median, beside = statistics.median(taken), statistics.median(plain)
    return (what, f"{median:.0f} ms", aim, f"{median / beside:.0f} x an empty request of the same page")
