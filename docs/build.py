"""Build the documents into site/: first the guideline as it is read, each row linked to statement, source and examples.

Pages enter as Markdown, the model as `Guideline`; plain HTML leaves. Reference pages are printed from the model, so that
nothing is written twice.
"""

import html
import re
import shutil
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corrin import guideline
from corrin.guideline.model import Guideline

HERE = Path(__file__).parent
ROOT = HERE.parent
FRONT = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md")
TITLES = {
    "reference": "Reference",
    "decisions": "Decisions",
    "how-to": "How to",
    "tutorials": "Tutorials",
    "explanation": "Explanation",
}


class Links:
    """Where everything that can be linked stands: statements, rows, examples and sources, each with its page."""

    def __init__(self, model: Guideline) -> None:
        self.model = model
        self.statements = {s.id: (page_of(s.place.page), s.id) for s in model.statements.values()}
        self.rows = {
            row.id: (page_of(row.place.page), row.id) for table in model.tables for row in table.rows
        }
        self.rows |= {
            c.row: (page_of(c.place.page), c.row) for r in model.regimens.values() for c in r.courses
        }
        self.rows |= {
            m.row: (page_of(m.place.page), m.row) for t in model.timelines.values() for m in t.milestones
        }
        self.examples: dict[str, list[int]] = defaultdict(list)
        for example in model.examples:
            for row in re.findall(r"\b[A-Z]+[0-9]+\b", example.expected):
                self.examples[row].append(example.place.line)

    def to(self, identity: str) -> str:
        """A link to a statement or a row, or the bare word when it is neither."""
        page, anchor = self.statements.get(identity) or self.rows.get(identity) or ("", "")
        return f'<a href="{page}.html#{anchor}">{identity}</a>' if page else html.escape(identity)

    def words(self, text: str) -> str:
        """Text with every statement and row id in it linked."""
        return re.sub(
            r"\b(?:[A-Z]{1,3}[0-9]{1,3})\b", lambda match: self.to(match[0]), html.escape(text, quote=False)
        )


def page_of(page: str) -> str:
    """The name of the page that a guideline page becomes."""
    return "guideline-" + Path(page).stem


def table_cells(tokens: list[Token]) -> Iterator[tuple[Token, str, int, int]]:
    """Each body cell of each table: its inline token, the heading above, its column, and how many columns there are."""
    heading, column, width, body = "", 0, 0, False
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading = token.content
        elif token.type == "thead_open":
            width, body = 0, False
        elif token.type == "th_open":
            width += 1
        elif token.type == "tbody_open":
            body = True
        elif token.type == "tr_open":
            column = 0
        elif body and before.type == "td_open":
            yield token, heading, column, width
            column += 1


def as_html(token: Token, text: str) -> None:
    """Let a token print this HTML."""
    token.children = [Token("html_inline", "", 0, content=text)]


def link_rows(tokens: list[Token], links: Links) -> None:
    """Anchor each row at its id, and link it to its examples, its statements, and each example to its rows."""
    for token, heading, column, width in table_cells(tokens):
        if heading.startswith("Examples"):
            if column == width - 1:
                as_html(token, links.words(token.content))
        elif column == 0 and token.content in links.rows:
            lines = links.examples.get(token.content, [])
            shown = "".join(
                f' <a class="x" href="#line-{line}" title="example">e.g.</a>' for line in lines[:1]
            )
            as_html(token, f'<span id="{token.content}">{token.content}</span>{shown}')
        elif column == width - 1:
            as_html(token, links.words(token.content))
        elif column == 1 and token.content in links.model.declared.findings:
            as_html(token, f'<a href="findings.html#{token.content}">{token.content}</a>')


def anchor_examples(tokens: list[Token], links: Links) -> None:
    """Give each line of an Examples table an anchor, so that a row can point to it."""
    wanted = {line for lines in links.examples.values() for line in lines}
    for token in tokens:
        if token.type == "tr_open" and token.map and token.map[0] + 1 in wanted:
            token.attrSet("id", f"line-{token.map[0] + 1}")


def link_statements(text: str, links: Links) -> str:
    """Anchor each quoted statement, and link the sources in its brackets."""

    def sources(match: re.Match[str]) -> str:
        ids = [part.strip() for part in match[1].split(",")]
        if not all(identity in links.model.sources for identity in ids):
            return match[0]
        return "[" + ", ".join(f'<a href="sources.html#{identity}">{identity}</a>' for identity in ids) + "]"

    text = re.sub(r"\[([a-z0-9, -]+)\]", sources, text)
    return re.sub(r"(?m)^(<p>)?([SA][0-9]{2}) ", r'\1<b class="s" id="\2">\2</b> ', text)


def guideline_page(path: Path, links: Links, markdown: MarkdownIt) -> str:
    """One page of the guideline as HTML, linked."""
    tokens = markdown.parse(path.read_text("utf-8"))
    link_rows(tokens, links)
    anchor_examples(tokens, links)
    for index, token in enumerate(tokens):
        if (
            token.type == "inline"
            and tokens[index - 1].type == "paragraph_open"
            and tokens[index - 1].level > 0
        ):
            token.content = token.content.replace("\n", "<br>\n")
            as_html(
                token,
                link_statements(
                    re.sub(r"<br>\n(?![SA][0-9]{2} |shown:|not computable:)", " ", token.content), links
                ).replace("<br>\n", "</p><p>"),
            )
    rendered = markdown.renderer.render(tokens, markdown.options, {})
    return re.sub(r"<p>([SA][0-9]{2}) ", r'<p><b class="s" id="\1">\1</b> ', rendered)


def reference(model: Guideline, links: Links, environment: Environment) -> dict[str, tuple[str, str]]:
    """Findings, verdicts, parameters and sources, printed from the model."""
    readers: dict[str, list[str]] = defaultdict(list)
    for table in model.tables:
        for column in (*table.inputs, *((table.guard.finding,) if table.guard else ())):
            readers[column].append(table.id)
    pages = {"findings": "Findings", "verdicts": "Verdicts", "parameters": "Parameters", "sources": "Sources"}
    return {
        name: (
            title,
            environment.get_template(f"{name}.html").render(model=model, links=links, readers=readers),
        )
        for name, title in pages.items()
    }


def build(site: Path) -> list[str]:
    """Write every page into `site` and return their names. An id that cannot be linked is left as it is."""
    model = guideline.load()
    links = Links(model)
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    environment = Environment(
        loader=FileSystemLoader(HERE / "theme"), autoescape=True, undefined=StrictUndefined
    )
    folder = guideline.folder()
    order = [folder / name for name in tomllib.loads((folder / "guideline.toml").read_text("utf-8"))["pages"]]
    pages = {
        page_of(path.name): (title_of(path), guideline_page(path, links, markdown), "Guideline")
        for path in order
    }
    for name, (title, body) in reference(model, links, environment).items():
        pages[name] = (title, body, "Reference")
    for path in [*(ROOT / name for name in FRONT), *sorted(HERE.rglob("*.md"))]:
        group = TITLES.get(path.parent.name, "About")
        name = path.stem.lower() if path.parent in {ROOT, HERE} else f"{path.parent.name}-{path.stem}"
        pages["index" if name == "readme" else name] = (
            title_of(path),
            markdown.render(path.read_text("utf-8")),
            group,
        )
    write(site, pages, model, environment)
    return sorted(pages)


def write(
    site: Path, pages: dict[str, tuple[str, str, str]], model: Guideline, environment: Environment
) -> None:
    """Lay each page into the frame, beside the list of all pages."""
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    groups: dict[str, list[tuple[str, str]]] = {"Guideline": [], "About": []}
    for name, (title, _, group) in pages.items():
        groups.setdefault(group, []).append((name, title))
    frame = environment.get_template("frame.html")
    for name, (title, body, _) in pages.items():
        linked = re.sub(r'href="(?!https?:|#)([^"#]*?)([\w.-]+)\.md(#[^"]*)?"', relinker(name), body)
        linked = linked.replace('"../screenshots/', '"docs/screenshots/')
        (site / f"{name}.html").write_text(
            frame.render(title=title, body=linked, groups=groups, here=name, model=model), "utf-8"
        )
    shutil.copy(HERE / "theme" / "style.css", site / "style.css")
    shutil.copytree(HERE / "screenshots", site / "docs" / "screenshots")


def relinker(page: str) -> Callable[[re.Match[str]], str]:
    """A link between Markdown files as a link between pages; beside a page of a folder stand the others of it."""
    beside = next((group for group in TITLES if page.startswith(f"{group}-")), "")

    def relink(match: re.Match[str]) -> str:
        folder, name, anchor = match[1].strip("./"), match[2], match[3] or ""
        last = folder.split("/")[-1] if folder or match[1].startswith("..") else beside
        target = (
            page_of(name) if last == "guideline" else f"{last}-{name}" if last in TITLES else name.lower()
        )
        return f'href="{"index" if target == "readme" else target}.html{anchor}"'

    return relink


def title_of(path: Path) -> str:
    """A page's first heading, or its name in words."""
    found = re.search(r"^# (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else path.stem.replace("-", " ").capitalize()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    print(f"{len(build(target))} pages in {target}")
