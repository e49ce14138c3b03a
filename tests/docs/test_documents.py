"""What the documents show must work: links lead somewhere, snippets run, commands and make targets exist."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.conftest import ROOT

import corrin
from corrin.service.config import Server
from corrin.service.serve import IDLE_SECONDS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(language: str, start: str) -> list:
    """Every fenced block of a language that begins so, with the document it stands in."""
    return [
        pytest.param(found, id=f"{path.relative_to(ROOT)}:{number}")
        for path in DOCUMENTS
        for number, found in enumerate(
            re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
        )
        if found.startswith(start)
    ]


class Page(HTMLParser):
    """The anchors and links of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py", folder], check=True, capture_output=True, text=True
    )
    return folder


def seconds(setting: str, text: str) -> float:
    """What a setting of nginx allows."""
    return float(re.search(rf"\b{setting} (\d+)s;", text)[1])


def test_the_proxy_of_the_how_to_leaves_the_service_its_own_bounds():
    text = (ROOT / "docs" / "how-to" / "run-the-service.md").read_text("utf-8")
    (proxy,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    ours = Server()
    for setting in ("client_max_body_size", "client_body_buffer_size"):
        megabytes = int(re.search(rf"{setting} +(\d+)m;", proxy)[1])
        assert megabytes * 2**20 > ours.body_limit, (
            f"{setting}: or a refusal is not ours, or data lie on a disk"
        )
    assert seconds("keepalive_timeout", proxy) < IDLE_SECONDS
    assert seconds("proxy_read_timeout", proxy) > ours.answer_seconds
    assert "proxy_max_temp_file_size 0;" in proxy
    assert "$request " not in proxy, "what stands behind the ? of a launch is written nowhere"
    assert "$request_uri" not in proxy
    (unit,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > ours.stop_seconds


def test_every_link_between_the_pages_leads_to_a_page_and_an_anchor(site):
    pages = {path.name: Page(path.read_text("utf-8")) for path in site.glob("*.html")}
    assert len(pages) > 20
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"https?:", link):
                continue
            target, _, anchor = link.partition("#")
            to = pages.get(target or name)
            local = (ROOT / target).exists() if to is None else False
            if (to is None and not local) or (to is not None and anchor and anchor not in to.anchors):
                broken.append(f"{name}: {link}")
    assert not broken, "\n".join(broken[:20])


def test_every_row_of_the_guideline_is_anchored_and_leads_to_its_statement(site):
    from corrin import guideline

    model = guideline.load()
    for table in model.tables:
        page = Page((site / f"guideline-{Path(table.place.page).stem}.html").read_text("utf-8"))
        for row in table.rows:
            assert row.id in page.anchors
            assert any(link.endswith(f"#{row.because[0]}") for link in page.links), row.id


@pytest.mark.parametrize("text", blocks("json", '{"case"'))
def test_a_case_file_shown_in_a_document_can_be_assessed(text):
    case = json.loads(text)
    assert corrin.assess(case, as_of=case.get("as_of", "2026-11-22")).verdicts["testing"]


@pytest.mark.parametrize("text", blocks("toml", "title"))
def test_a_site_file_shown_in_a_document_is_accepted(text, tmp_path):
    site = tmp_path / "site.toml"
    site.write_text(text, "utf-8")
    case = {
        "case": 1,
        "as_of": "2026-11-22",
        "findings": {"age_years": 40, "serum_b12": {"value": 150, "unit": "pg/mL"}},
    }
    assert corrin.assess(case).verdicts["b12_status"] == "deficient"
    assert corrin.assess(case, site=site).verdicts["b12_status"] == "borderline"


def test_every_command_shown_in_a_document_exists():
    commands = set()
    for path in DOCUMENTS:
        for found in re.findall(r"```console\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            commands |= set(re.findall(r"^\$ .*?\bcorrin ([a-z]+)", found, re.MULTILINE))
    assert commands >= {"assess"}
    for command in commands:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "corrin", command, "--help"],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_every_make_target_shown_in_a_document_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {
        target
        for path in DOCUMENTS
        for target in re.findall(r"(?:`|\$ )make ([a-z-]+)", path.read_text("utf-8"))
    }
    assert shown >= {"demo", "test"}
    assert shown <= targets


SHOWN = re.compile(
    r"\$ cat patient\.json\n(?P<case>\{.*?\})\n\$ \.venv/bin/corrin assess patient\.json \| sed -n "
    r"'/\^(?P<first>[^/]*)/,/\^(?P<last>[^/]*)/p'\n(?P<said>.*?)```",
    re.DOTALL,
)


def test_the_readme_shows_what_the_command_prints():
    """UPDATE_SNAPSHOTS=1 writes it anew."""
    path = ROOT / "README.md"
    readme = path.read_text("utf-8")
    shown = SHOWN.search(readme)
    lines = corrin.assess(json.loads(shown["case"])).to_text().splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(shown["first"]))
    last = next(at for at, line in enumerate(lines) if at > first and line.startswith(shown["last"]))
    said = "\n".join(lines[first : last + 1]) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(readme[: shown.start("said")] + said + readme[shown.end("said") :], "utf-8")
        return
    assert shown["said"] == said


def test_the_first_answer_stands_on_the_first_screen():
    before, _, _ = (ROOT / "README.md").read_text("utf-8").partition("## ")
    assert len(before.splitlines()) <= 50


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_every_file_named_in_a_document_is_there(document):
    named = set(
        re.findall(
            r"`((?:src|guideline|docs|tests|examples)/[^`*\s]*)`", (ROOT / document).read_text("utf-8")
        )
    )
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_architecture_walks_through_what_the_code_does():
    """98 pmol/L, as ARCHITECTURE.md follows it: each number and word there is what comes out."""
    text = " ".join((ROOT / "ARCHITECTURE.md").read_text("utf-8").split())
    case = {"case": 1, "as_of": "2026-11-22", "findings": {"age_years": 71, "leg_weakness": True}}
    case["findings"]["serum_b12"] = {"value": 98, "unit": "pmol/L", "date": "2026-11-20"}
    answer = corrin.assess(case)
    assert answer.findings.row["serum_b12"] == (132_826, 132_826)
    assert "(132826, 132826)" in text
    for verdict in ("b12_status", "start", "regimen"):
        assert f"`{answer.verdicts[verdict]}`" in text
    said = next(line for line in " ".join(answer.to_text().split()).split("B12 status ")[1:])
    assert f"B12 status: {said.split('.')[0]}" in text
