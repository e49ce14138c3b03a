"""An answer, or a handout, as a tagged PDF (PDF/UA-1): an HTML document enters, bytes leave.

Nothing is fetched: a document that names an address outside itself is printed without it.
"""

from pathlib import Path
from typing import Any

from corrin.errors import Problem, UsageError
from corrin.exports import handout
from corrin.exports.sheet import Sheet, environment, fragment

STYLE = Path(__file__).parent / "sheet" / "paper.css"


def answer(sheet: Sheet) -> bytes:
    """The whole sheet on paper: what is folded away on a screen is printed."""
    document = environment().get_template("paper.html")
    text = document.render(title=sheet.layout.title, fragment=fragment(sheet, paper=True))
    return _print(text)


def sheet_for_the_patient(sheet: Sheet) -> bytes:
    """The handout, for the clinician to give."""
    return _print(handout.html(sheet.answer))


def _print(document: str) -> bytes:
    """The bytes of a document.

    Errors: a `UsageError` where the libraries that WeasyPrint draws with are not installed.
    """
    try:
        from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and needs Pango
    except OSError:
        mend = "Print the page instead; whoever runs the service installs Pango."
        raise UsageError(Problem("PDF", "none can be made here: Pango is not installed", mend)) from None

    html: Any = HTML(string=document, base_url=None, url_fetcher=_nothing)
    return html.write_pdf(stylesheets=[CSS(filename=str(STYLE))], pdf_variant="pdf/ua-1")


def _nothing(address: str, *_: object, **__: object) -> Any:  # noqa: ANN401 - what WeasyPrint expects
    message = f"nothing is fetched for a PDF: {address[:40]}"
    raise ValueError(message)
