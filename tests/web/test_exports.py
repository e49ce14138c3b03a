"""What is taken away: PDF, calendar, handout, text for the record."""

import re
import shutil
import subprocess
import sys
import zlib
from datetime import date, timedelta
from itertools import pairwise, takewhile

import pytest
from icalendar import Calendar
from tests.burden.charts import result
from tests.web.patients import ALL, RED_FLAG, STOP, UNTESTED, case

import corrin
from corrin.errors import UsageError
from corrin.exports import calendar, chart, chart_text, handout, pdf
from corrin.exports.sheet import Sheet
from corrin.exports.sheet.printing import fragment


@pytest.fixture(scope="module")
def weasyprint():
    try:
        import weasyprint
    except OSError:
        pytest.skip("needs Pango: run `make browser`")
    return weasyprint


def sheet(findings: dict, **more) -> Sheet:
    return Sheet(corrin.assess(case(findings, **more)))


def events(findings: dict, **more) -> list:
    return list(Calendar.from_ical(calendar.ics(sheet(findings, **more).answer)).walk("VEVENT"))


def words(content: bytes, tmp_path) -> str:
    """The text of a PDF, as a reader for the blind would meet it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs Pango: run `make browser`")
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def test_the_pdf_holds_the_stop_and_why_as_text_and_is_tagged(weasyprint, page, tmp_path):
    sent = page.post("/pdf", STOP)
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.headers["content-disposition"] == 'attachment; filename="weak-legs.pdf"'
    text = words(sent.content, tmp_path)
    stop = corrin.assess(case(STOP)).desk.guideline.verdicts["folic_acid"].say["stop"]
    assert stop[1:] in text
    assert (
        text.index(stop[1:]) < text.index("Red flags") < text.index("Where things stand") < text.index("Why")
    )
    assert "D1: S21" in text.partition("Why")[2]
    assert "Not clinically validated" in text
    told = subprocess.run(
        ["pdfinfo", str(tmp_path / "page.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"Tagged: +yes", told)
    assert re.search(r"Title: +Weak legs and vitamin B12", told)


def inside(content: bytes) -> bytes:
    """The objects of a PDF, unpacked."""
    packed = re.findall(rb"stream\r?\n(\x78.*?endstream)", content, re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(one) for one in packed)


def structure(content: bytes, tmp_path) -> list[tuple[int, str]]:
    """The tags of a PDF with their depth, as a reader for the blind walks them."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("needs Pango: run `make browser`")
    path = tmp_path / "tagged.pdf"
    path.write_bytes(content)
    told = subprocess.run(["pdfinfo", "-struct", str(path)], capture_output=True, text=True, check=True)
    lines = [line for line in told.stdout.splitlines() if re.match(r" *[A-Z]\w*", line)]
    return [(len(line) - len(line.lstrip()), re.split(r"[ :]", line.strip())[0]) for line in lines]


@pytest.mark.parametrize("path", ["/pdf", "/handout"])
@pytest.mark.parametrize("name", ALL)
def test_the_tags_of_a_pdf_are_what_pdf_ua_asks_for(weasyprint, page, tmp_path, name, path):
    content = page.post(path, ALL[name]).content
    tags = structure(content, tmp_path)
    levels = [int(tag[1]) for _, tag in tags if re.fullmatch(r"H\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    for index, (depth, tag) in enumerate(tags):
        if tag in {"L", "Table"}:
            inner = takewhile(lambda one, depth=depth: one[0] > depth, tags[index + 1 :])
            within = {kid for below, kid in inner if below == depth + 2}
            assert within <= ({"LI", "Div"} if tag == "L" else {"Caption", "THead", "TBody"}), within
    text = inside(content)
    assert text.count(b"/Alt") == text.count(b"/S /Figure")
    for needed in (b"/Lang", b"/MarkInfo", b"/DisplayDocTitle", b"/StructTreeRoot"):
        assert needed in text
    assert b"pdfuaid" in content + text


def test_the_pdf_of_a_refused_value_says_so(weasyprint, page, tmp_path):
    assert "the unit “mcg/dL” is not read here" in words(page.post("/pdf", ALL["refused"]).content, tmp_path)


def test_the_handout_prints(weasyprint, page, tmp_path):
    text = words(page.post("/handout", STOP).content, tmp_path)
    assert "Please stop taking folic acid until you have had vitamin B12" in text
    assert "Injection: Sunday 22 Nov 2026" in text
    assert "Check: Monday 22 Feb 2027" in text


def test_nothing_is_fetched_for_a_pdf(weasyprint):
    with pytest.raises(ValueError, match="nothing is fetched"):
        pdf._nothing("https://example.org/x.png")


def test_the_calendar_holds_the_doses_and_reviews_under_neutral_titles():
    found = events(STOP)
    days = [event["dtstart"].dt for event in found]
    assert days[:2] == [date(2026, 11, 22), date(2026, 11, 24)]
    assert date(2027, 2, 22) in days
    assert all(event["dtend"].dt - event["dtstart"].dt == timedelta(days=1) for event in found), (
        "the end is the day after"
    )
    assert {str(event["summary"]) for event in found} == {"Appointment", "Review appointment"}
    text = calendar.ics(sheet(STOP).answer).decode()
    assert not re.search(r"b12|cobalamin|folic|inject|neuro|deficien", text, re.IGNORECASE)


def test_an_entry_keeps_its_identity_and_moves_when_the_plan_is_made_anew():
    first, again = events(STOP, patient="a"), events(STOP, patient="a")
    assert [event["uid"] for event in first] == [event["uid"] for event in again]
    assert len({event["uid"] for event in first}) == len(first)
    assert not {event["uid"] for event in first} & {event["uid"] for event in events(STOP, patient="b")}
    assert "a" not in {str(event["summary"]) for event in first}
    later = {**case(STOP, patient="a"), "as_of": "2026-11-23"}
    moved = Calendar.from_ical(calendar.ics(corrin.assess(later))).walk("VEVENT")
    assert moved[0]["uid"] == first[0]["uid"]
    assert moved[0]["dtstart"].dt == date(2026, 11, 23)
    assert moved[0]["sequence"] > first[0]["sequence"]


def test_two_patients_without_a_name_have_no_entry_in_common():
    first, other = events(STOP), events({**STOP, "age_years": 72})
    assert first
    assert other
    assert not {event["uid"] for event in first} & {event["uid"] for event in other}
    assert [event["uid"] for event in first] == [event["uid"] for event in events(STOP)]


def test_a_dose_that_may_be_given_between_two_days_lasts_until_the_last_of_them():
    due = {
        "age_years": 60,
        "b12_treatment": True,
        "b12_treatment_stopped": False,
        "regimen_given": "non-neuro",
        "b12_doses_given": 6,
        "last_b12_dose": "2026-10-15",
    }
    first = next(event for event in events(due) if str(event["summary"]) == "Appointment")
    assert (first["dtstart"].dt, first["dtend"].dt) == (
        date(2026, 12, 15),
        date(2027, 1, 15) + timedelta(days=1),
    ), "2 to 3 months after the last dose (S32)"
    assert first["dtend"].dt - first["dtstart"].dt > timedelta(days=1)
    assert "On one of these days" in str(first["description"])


def test_a_patient_without_a_plan_has_no_calendar():
    answer = sheet(UNTESTED).answer
    assert not calendar.dated(answer)
    assert calendar.ics(answer) is None


def test_without_pango_a_pdf_is_refused_by_name(monkeypatch):
    class Missing:
        """What an import of WeasyPrint does where its libraries are not there."""

        def __getattr__(self, name: str) -> object:
            raise OSError(name)

    monkeypatch.setitem(sys.modules, "weasyprint", Missing())
    with pytest.raises(UsageError) as raised:
        pdf.answer(sheet(STOP))
    assert "Pango is not installed" in raised.value.problems[0].what


def test_the_text_for_the_record_holds_inputs_units_and_the_version():
    given = sheet(STOP)
    text = chart_text.text(given)
    identity = given.answer.identity
    assert "Serum B12 132.8 pg/mL (98 pmol/L, 20 Nov 2026)" in text
    assert f"Guideline {identity.version}, profile uk, {identity.hash[:12]}" in text
    assert text.index("FOLIC ACID") < text.index("Red flags, asked and absent") < text.index("Given:")
    assert "Doses, if begun today: 22 Nov 2026; 24 Nov 2026" in text


def test_the_text_for_the_record_says_what_was_not_asked_and_not_used():
    text = chart_text.text(sheet(ALL["refused"]))
    assert "Red flags, not asked: numbness of the saddle area" in text
    assert "NOT USED: Serum B12 '98 mcg/dL'" in text
    assert "EMERGENCY" in chart_text.text(sheet(RED_FLAG)).upper().splitlines()[1]


@pytest.mark.parametrize("name", ALL)
def test_the_handout_is_short_plain_and_always_says_when_to_get_help(name):
    parts = handout.parts(sheet(ALL[name]).answer)
    text = " ".join(sentence for part in parts for sentence in part.texts)
    assert "Go to an emergency department" in text
    assert len(text.split()) < 350
    plain = [len(word) for word in re.findall(r"[A-Za-z]+", text)]
    assert sum(plain) / len(plain) < 5
    assert not re.search(r"cobalamin|deficien|neurolog|mma|pmol|paraesth", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (RED_FLAG, "You need to be seen in an emergency department now."),
        ({"age_years": 60, "leg_weakness": True, "severe_spinal_pain": True}, "seen by a doctor again today"),
    ],
)
def test_the_handout_of_whoever_cannot_wait_begins_with_that(findings, said):
    first = handout.parts(sheet(findings).answer)[0]
    assert first.title == "Today"
    assert said in first.texts[0]


def test_the_handout_of_whoever_can_wait_does_not_frighten():
    assert "Today" not in {
        part.title for name in ("stop", "untested") for part in handout.parts(sheet(ALL[name]).answer)
    }


def test_the_handout_speaks_of_folic_acid_only_where_it_is_taken():
    assert "folic acid" not in handout.html(sheet(UNTESTED).answer).lower()


def test_results_below_and_above_the_analyser_are_drawn_at_their_one_end():
    low = chart.Point(date(2026, 1, 1), None, 82999, "below 83 pg/mL", "<83 pg/mL")
    high = chart.Point(date(2026, 2, 1), 1000001, None, "above 1000 nmol/L", ">1 umol/L")
    assert (low.level, high.level) == (82999, 1000001)
    svg = chart.results(chart.Series("Serum B12", "pg/mL", (low, high), (180000,)))
    assert "&lt;83" in svg
    assert "&gt;1000<" in svg
    assert "style=" not in svg


def test_a_preliminary_result_is_not_drawn_among_those_that_count():
    answer = sheet(STOP).answer
    last = answer.findings.evidence["serum_b12"][0]
    early = last.but(use="preliminary")
    assert len(chart.series(answer, "serum_b12", [last, last]).points) == 2
    assert len(chart.series(answer, "serum_b12", [last, early]).points) == 1


def test_no_limit_runs_through_a_number_of_the_chart():
    low = chart.Point(date(2026, 1, 1), 132826, 132826, "132.8 pg/mL", "98 pmol/L")
    high = chart.Point(date(2026, 2, 1), 2000500, None, "at least 2000.5 pg/mL", ">1476 pmol/L")
    svg = chart.results(chart.Series("Serum B12", "pg/mL", (low, high), (180000, 350000)))
    limits = [float(y) for y in re.findall(r'class="limit"[^>]* y1="([\d.]+)"', svg)]
    feet = [float(y) for y in re.findall(r'class="ink-text"[^>]* y="([\d.]+)"[^>]*>[&>\d]', svg)]
    assert len(limits) == 2
    assert not [(foot, line) for foot in feet[:2] for line in limits if foot - 10 < line < foot]


def test_an_interval_is_drawn_with_both_its_ends():
    between = chart.Point(date(2026, 1, 1), 180000, 350000, "180 to 350 pg/mL", "")
    exact = chart.Point(date(2026, 2, 1), 216859, 216859, "216.9 pg/mL", "160 pmol/L")
    svg = chart.results(chart.Series("Serum B12", "pg/mL", (between, exact), ()))
    assert ">180 to 350<" in svg
    assert ">216.9<" in svg


def test_nothing_is_said_of_somebody_who_died(weasyprint):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": "p", "deceasedBoolean": True}}],
    }
    answer = corrin.assess(bundle, as_of="2026-11-22")
    assert "This person has died" in str(pdf.fragment(Sheet(answer)))
    assert calendar.ics(answer) is None
    assert not handout.parts(answer)


def test_of_a_record_that_was_merged_page_and_text_say_the_same_sentence():
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "link": [{"type": "replaced-by", "other": {"reference": "Patient/q"}}],
                }
            },
            {"resource": result("2132-9", 90, "pg/mL", "2026-11-20")},
        ],
    }
    said = (
        "This record was merged into q: nothing is said or recommended here. "
        "What is filed here is not looked at there: see that it stands there as well."
    )
    answer = corrin.assess(bundle, as_of="2026-11-22")
    assert said in str(fragment(Sheet(answer)))
    assert said in " ".join(answer.to_text().split())


OVERDUE = {
    "age_years": 74,
    "paraesthesia": True,
    "b12_treatment": True,
    "b12_treatment_stopped": False,
    "regimen_given": "neuro",
    "improved_since_start": True,
    "no_further_improvement": True,
    "b12_treatment_started": "2025-11-22",
    "last_b12_dose": "2026-06-10",
}
LEBER = {
    "age_years": 40,
    "paraesthesia": True,
    "leber_optic_neuropathy": True,
    "b12_treatment": False,
    "serum_b12": {"value": 110, "unit": "pg/mL", "date": "2026-11-20"},
}


def test_a_dose_that_was_due_in_august_is_no_appointment_to_come():
    """Two months after 10 June."""
    page = handout.html(sheet(OVERDUE).answer)
    assert "Your next dose is late" in page
    assert "Injection: as soon as can be" in page
    assert "Aug" not in page
    text = chart_text.text(sheet(OVERDUE))
    assert "Maintenance dose was due 10 Aug 2026." in text
    assert "Doses" not in text


def test_an_overdue_dose_stands_in_the_calendar_today_and_says_since_when():
    [one] = events(OVERDUE)
    assert one["dtstart"].dt == date(2026, 11, 22)
    assert str(one["description"]) == "Was due 10 Aug 2026."


def test_whoever_may_or_may_not_be_on_b12_is_asked_and_given_no_day():
    unclear = {"age_years": 74, "paraesthesia": True, "b12_treatment": True}
    page = handout.html(sheet(unclear | {"serum_b12": LEBER["serum_b12"]}).answer)
    assert "It is not written down whether you still get vitamin B12." in page
    assert "Injection" not in page


def test_whoever_stopped_and_needs_b12_for_life_is_told_so():
    stopped = {"b12_treatment": True, "b12_treatment_stopped": True, "irreversible_cause": True}
    assert "Your vitamin B12 treatment was stopped." in handout.html(
        sheet({"age_years": 74, **stopped}).answer
    )


def test_a_pregnant_patient_with_numb_feet_is_told_of_the_specialist():
    pregnant = {**LEBER, "leber_optic_neuropathy": False, "pregnant": True}
    assert "asks a specialist" in handout.html(sheet(pregnant).answer)
    assert "asks a specialist" not in handout.html(sheet({**pregnant, "paraesthesia": False}).answer)


def test_a_drug_that_is_withheld_is_named_in_the_text_and_on_the_sheet_and_the_other_course_stands_there():
    given = Sheet(corrin.assess(case(LEBER), profile="us"))
    text = chart_text.text(given)
    assert "Regimen: Cyanocobalamin is not planned for this patient: see the cautions." in text
    alone = (
        "hydroxocobalamin 1 mg intramuscular, every 2 days until no further improvement, then every 2 months"
    )
    assert f"From another source: {alone} (S29, S30). The clinician decides." in text
    assert "Beside it" not in text
    assert "two are never mixed" not in text + fragment(given)
    assert "Cyanocobalamin is not planned for this patient" in fragment(given)


def test_both_courses_that_a_clinician_picks_from_stand_in_the_text():
    text = chart_text.text(
        Sheet(corrin.assess(case({**LEBER, "leber_optic_neuropathy": False}), profile="us"))
    )
    assert "Regimen: cyanocobalamin 100 mcg" in text
    assert "then every month (" in text
    assert "Beside it: hydroxocobalamin 1 mg" in text


def test_the_first_dose_on_which_all_courses_agree_stands_in_the_text():
    alone = {"age_years": 40, "fatigue": True, "b12_treatment": False, "serum_b12": LEBER["serum_b12"]}
    assert "First dose: hydroxocobalamin 1 mg intramuscular, the same in every regimen." in chart_text.text(
        sheet(alone)
    )


def test_a_symptom_that_came_after_treatment_began_has_no_negative_days():
    onset = {**OVERDUE, "neurological_onset": "2026-09-14"}
    text = chart_text.text(sheet(onset))
    assert "69 days since onset (14 Sep 2026); treatment had begun before it." in text


def test_the_mma_that_decides_by_the_laboratorys_limit_stands_beside_the_status():
    raised = {
        "age_years": 74,
        "serum_b12": {"value": 410, "unit": "pg/mL", "date": "2026-11-20"},
        "mma": {"value": 0.62, "unit": "umol/L", "date": "2026-11-20"},
        "mma_upper_limit": {"value": 0.4, "unit": "umol/L"},
        "egfr": {"value": 80, "unit": "mL/min/{1.73_m2}", "date": "2026-11-20"},
    }
    [status] = [line for line in chart_text.text(sheet(raised)).splitlines() if line.startswith("B12 status")]
    assert "0.62 umol/L, 20 Nov 2026" in status
    assert "eGFR 80 mL/min/1.73 m² (20 Nov 2026)" in status
