"""The routes of the page. A value of a patient travels in the body of a POST, never in an address."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol, cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from corrin import intake
from corrin.answers import Desk
from corrin.errors import CorrinError, InputError, Problem
from corrin.exports import calendar, chart_text, pdf
from corrin.exports.case import Carried
from corrin.exports.sheet import environment, fragment
from corrin.web import brought, form
from corrin.web.answering import Answered, answered
from corrin.web.fields import groups
from corrin.web.form import Case, Filled

HERE = Path(__file__).parent
PART = "x-part"
"""The header by which the script asks for the answer alone."""
LARGEST = 1_000_000
"""Bytes of a case file."""
NAME = "weak-legs"
NO_CALENDAR = "There is no calendar: no dose and no review has a day yet."
CHOOSE = "Choose a case file that was saved from this page."

Made = Callable[[Answered], Response]


class Context(Protocol):
    """What the page is given: the guideline under a profile, and the day of an answer that names none."""

    def desk(self, profile: str | None = None) -> Desk:
        """The guideline laid out."""
        ...

    @property
    def today(self) -> Callable[[], date]:
        """The clock."""
        ...


def routes(context: Context) -> list[BaseRoute]:
    """The page, the answer to it, and what is taken away."""
    pages = _Pages(context)
    return [
        Route("/", pages.empty, methods=["GET"]),
        Route("/answer", pages.answer, methods=["POST"]),
        Route("/open", pages.open, methods=["POST"]),
        Route("/case", pages.take(_case), methods=["POST"]),
        Route("/text", pages.take(_text), methods=["POST"]),
        Route("/pdf", pages.take(_pdf), methods=["POST"]),
        Route("/calendar", pages.calendar, methods=["POST"]),
        Route("/handout", pages.take(_handout), methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ]


def prefilled(
    context: Context, carried: Carried, said: str = "", end: str = "", lacking: Sequence[str] = ()
) -> Response:
    """The page filled from elsewhere: each value beside where and when it came from, to be corrected at will.

    A date that answers bring along is not repeated in its field. `said` stands above the form, and what is
    `lacking` there as an alert; `end` ends the launch.
    """
    desk = context.desk()
    filled = form.fill(carried.case, desk)
    rows = {name: rows for name, rows in filled.rows.items() if name not in carried.dated}
    origins = {name: origin for name, origin in carried.origins.items() if name not in carried.dated}
    filled = replace(filled, rows=rows, dated=carried.dated)
    return _show(
        context, answered(filled, desk, context.today(), origins), said=said, end=end, lacking=lacking
    )


class _Pages:
    def __init__(self, context: Context) -> None:
        self.context = context

    async def empty(self, _request: Request) -> Response:
        desk = self.context.desk()
        return _show(self.context, answered(Filled(), desk, self.context.today()))

    async def answer(self, request: Request) -> Response:
        found = await self._answered(request)
        if PART not in request.headers:
            return _show(self.context, found)
        return _html("part.html", **_shown(found))

    async def open(self, request: Request) -> Response:
        """A case file, shown on the form. What cannot be read is said above an empty form."""
        desk = self.context.desk()
        try:
            filled = form.fill(_opened(await _sent(request)), desk)
        except CorrinError as error:
            found = answered(Filled(), desk, self.context.today())
            return _show(self.context, found, wrong=[str(one) for one in error.problems])
        return _show(
            self.context, answered(filled, desk, self.context.today()), said="Opened from a case file."
        )

    async def calendar(self, request: Request) -> Response:
        """The calendar; the page again, which says so, where nothing has a day."""
        found = await self._answered(request)
        body = await run_in_threadpool(calendar.ics, found.sheet.answer)
        if body is None:
            return _show(self.context, found, said=NO_CALENDAR)
        return _attached(body, "text/calendar; charset=utf-8", f"{NAME}.ics")

    def take(self, made: Made) -> Callable[[Request], Any]:
        """A route that answers the form with what `made` makes of it."""

        async def route(request: Request) -> Response:
            return await run_in_threadpool(made, await self._answered(request))

        return route

    async def _answered(self, request: Request) -> Answered:
        async with request.form(max_files=0, max_fields=1000, max_part_size=LARGEST) as sent:
            names = dict.fromkeys(sent.keys())
            entries = {name: [one for one in sent.getlist(name) if isinstance(one, str)] for name in names}
        desk = self._desk(next(iter(entries.get(form.PROFILE, [])), ""))
        return answered(form.submitted(entries, desk), desk, self.context.today())

    def _desk(self, profile: str) -> Desk:
        """The guideline under the chosen profile; under the configured one when there is no such choice."""
        desk = self.context.desk()
        chosen = profile if profile in desk.guideline.profiles else desk.guideline.profile
        return desk if chosen == desk.guideline.profile else self.context.desk(chosen)


async def _sent(request: Request) -> bytes:
    """The bytes of the chosen file. Its length is looked at first: a larger one would be put on a disk."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST:
        raise InputError(Problem("file", "larger than any case file", CHOOSE))
    async with request.form(max_files=1, max_fields=20) as sent:
        file = sent.get("file")
        raw = await file.read() if isinstance(file, UploadFile) else b""
    if not raw:
        raise InputError(Problem("file", "nothing was chosen", CHOOSE))
    return raw


def _opened(raw: bytes) -> Case:
    """One case file.

    Errors: an `InputError` for anything else.
    """
    none = Problem("file", "no case file", CHOOSE + " Other formats are read by `corrin assess`.")
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        raise InputError(none)
    if len(intake.read(raw, "file")) != 1:
        raise InputError(Problem("file", "several patients", "Open a case file of one patient."))
    given: object = json.loads(raw.decode("utf-8-sig"))
    if not isinstance(given, dict) or "case" not in given:
        raise InputError(none)
    return cast("Case", given)


def _show(context: Context, found: Answered, wrong: Sequence[str] = (), **said: object) -> Response:
    """The whole page; `said` stands above its form, `lacking` as an alert, and `end` ends a launch."""
    desk = found.desk
    page = {
        "groups": groups(desk),
        "filled": found.filled,
        "hidden": form.hidden(found.filled),
        "brought": brought.printed(found.filled.dated),
        "origins": found.origins,
        "profiles": desk.guideline.profiles,
        "today": context.today(),
        "wrong": wrong,
        "said": "",
        "end": "",
        "lacking": (),
    }
    return _html(
        "page.html", HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK, **{**page, **said}, **_shown(found)
    )


def _shown(found: Answered) -> dict[str, Any]:
    """What the page and a part of it share."""
    return {
        "sheet": found.sheet,
        "notes": found.notes,
        "fragment": fragment(found.sheet),
        "dated": calendar.dated(found.sheet.answer),
        "chart_text": chart_text.text(found.sheet),
    }


def _html(name: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what templates are given
    template = environment(HERE / "templates").get_template(name)
    return HTMLResponse(template.render(**values), status)


def _attached(body: bytes | str, kind: str, name: str) -> Response:
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _case(found: Answered) -> Response:
    body = json.dumps(found.case, ensure_ascii=False, indent=1) + "\n"
    return _attached(body, "application/json", f"{NAME}.case.json")


def _text(found: Answered) -> Response:
    return _attached(chart_text.text(found.sheet), "text/plain; charset=utf-8", f"{NAME}.txt")


def _pdf(found: Answered) -> Response:
    return _attached(pdf.answer(found.sheet), "application/pdf", f"{NAME}.pdf")


def _handout(found: Answered) -> Response:
    return _attached(pdf.sheet_for_the_patient(found.sheet), "application/pdf", f"{NAME}-handout.pdf")
