"""What comes of each obligation on a guideline small enough to follow by hand."""

from dataclasses import replace

import pytest

from corrin.errors import GuidelineError
from corrin.verification.certificate import Certificate
from corrin.verification.obligations import FILE, read_rules
from corrin.verification.prove import prove


def shown(model, tiny, part: str):
    """The one obligation whose id holds this part, and what came of it."""
    (result,) = prove(model, read_rules(tiny), only=[f"{part}:"]).results
    return result


def promise(tiny, text: str):
    (tiny / FILE).write_text(f'[promise]\nsays = "A promise."\nbecause = ["S01"]\n{text}\n', "utf-8")
    return read_rules(tiny)


def test_what_holds_holds(small, tiny):
    proof = prove(small, read_rules(tiny))
    assert [result.obligation.id for result in proof.failures] == ["said without: cause: temperature"]


def test_an_exception_for_what_is_no_test_is_refused(small, tiny):
    result = shown(small, tiny, "said without: cause: temperature")
    assert result.outcome == "fails"
    assert result.note == "`temperature` is no test, and only a test can be not done."


def test_an_exception_that_nothing_needs_is_stale(small, tiny):
    tested = replace(small.declared.findings["temperature"], cost="sample")
    findings = {**small.declared.findings, "temperature": tested}
    model = replace(small, declared=replace(small.declared, findings=findings))
    # Without a temperature C3 and C5 say unknown, and unknown does not reassure.
    assert shown(model, tiny, "said without: cause: temperature").outcome == "stale"


def test_an_exception_that_is_needed_stands(edited, tiny):
    model = edited(("throat.md", "C5", "output", "viral"))
    tested = replace(model.declared.findings["temperature"], cost="sample")
    findings = {**model.declared.findings, "temperature": tested}
    model = replace(model, declared=replace(model.declared, findings=findings))
    assert shown(model, tiny, "said without: cause: temperature").outcome == "exception"


def test_forgetting_that_reassures_is_shown_with_both_answers(edited, tiny):
    model = edited(("throat.md", "C4", "output", "viral"), ("throat.md", "C2", "tonsils", "normal, red"))
    result = shown(model, tiny, "forgotten: cause: tonsils")
    assert result.outcome == "fails"
    first, temperature, *rest = str(result.witness).split("\n")
    assert first == "a patient with"
    assert 25 <= float(temperature.removeprefix("  Temperature: ").removesuffix(" Cel")) < 38
    assert rest == [
        "  Tonsils: pus",
        "and again with Tonsils: forgotten",
        "cause: unknown",
        "afterwards cause: viral (C4)",
    ]


def test_rows_that_overlap_are_shown_with_what_both_hold_for(edited, tiny):
    model = edited(("treat.md", "AD2", "adult_band", "child, grown-up"))
    result = shown(model, tiny, "no overlap: adult")
    assert str(result.witness).split("\n") == [
        "a patient with",
        "  adult_band: grown-up",
        "adult_band: grown-up",
        "adult: yes (AD1, AD2)",
    ]


def test_bands_that_leave_a_gap_are_shown_with_a_number_in_it(edited, tiny):
    result = shown(edited(("treat.md", "AG2", "age_years", "> 16")), tiny, "no gap: adult-age")
    assert "  Age: 16 a" in str(result.witness)


def test_a_gap_at_another_value_of_a_parameter_names_the_value(edited, tiny):
    """At its default of 39.5 the limit leaves no gap; a site may choose one that does."""
    model = edited(("throat.md", "F2", "temperature", "{fever_from}..39.5"))
    result = shown(model, tiny, "no gap: fever")
    assert result.outcome == "fails"
    (high,) = [value for name, value in result.witness.parameters.items() if name == "fever_high"]
    assert float(high.removesuffix(" Cel")) > 39.5


def test_a_verdict_without_a_row_is_shown(edited, tiny):
    result = shown(edited(("throat.md", "C4", "fever_band", "unknown")), tiny, "always answered: cause")
    assert str(result.witness).split("\n")[2:] == [
        "fever_band: none (F1)",
        "Tonsils: unknown",
        "cause: unknown",
    ]


def test_a_row_that_can_never_hold_is_of_nobody(edited, tiny):
    model = edited(("treat.md", "N2", "danger__airway", "yes"), ("treat.md", "N2", "danger", "no"))
    result = shown(model, tiny, "reachable: next: N2")
    assert result.outcome == "of nobody"
    assert not result.good


def test_a_promise_that_is_broken_names_the_patient(small, tiny):
    promise(tiny, 'when = [{ tonsils = "pus" }]\nthen = [{ cause = "bacterial" }]')
    result = shown(small, tiny, "rule: promise")
    assert result.outcome == "fails"
    assert "  Tonsils: pus" in str(result.witness)


def test_a_promise_to_nobody_is_not_kept(small, tiny):
    promise(tiny, 'when = [{ drooling = "yes", danger = "no" }]\nthen = [{ cause = "viral" }]')
    assert shown(small, tiny, "rule: promise").outcome == "of nobody"


def test_one_of_several_consequences_is_enough(small, tiny):
    promise(tiny, 'when = [{ drooling = "yes" }]\nthen = [{ cause = "viral" }, { danger = "yes" }]')
    assert shown(small, tiny, "rule: promise").good


def test_a_verdict_made_milder_by_a_move_is_shown(edited, tiny):
    model = edited(("throat.md", "C1", "fever_band", "fever"))
    result = shown(model, tiny, "moved: a-hotter-patient-is-never-milder: cause")
    assert result.outcome == "fails"
    assert "cause: bacterial (C1)" in str(result.witness)


def test_a_promise_with_a_cell_that_cannot_be_read_is_refused(small, tiny):
    promise(tiny, 'then = [{ danger = "perhaps" }]')
    with pytest.raises(GuidelineError) as raised:
        prove(small, read_rules(tiny))
    assert f"{FILE} [promise]: `perhaps` is no value of `danger`" in str(raised.value)


def test_a_certificate_says_in_words_what_failed(edited, tiny):
    model = edited(("treat.md", "AG2", "age_years", "> 16"))
    certificate = Certificate((prove(model, read_rules(tiny), only=["no gap"]),), "z3 0")
    assert not certificate.good
    text = certificate.to_text(every=False)
    assert "1 of 2 obligations hold" in text
    assert "fails: no gap: adult-age\n  Every exact number lies in one band.\n  a patient with" in text
    assert '"result": "fails"' in certificate.to_json()
    assert '"witness": ["a patient with", "  Age: 16 a"' in certificate.to_json()
