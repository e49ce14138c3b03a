"""Every small slip of an editor's hand that a page can hold."""

from collections import Counter

from corrin.verification.faults import slips

PAGE = """# A page

> S01 Above 38 there is a fever.

## Decision: heat (bands)

| row | temperature [Cel] | -> heat | because |
|-----|-------------------|---------|---------|
| H1  | <= 38             | usual   | S01     |
| H2  | > {fever}         | fever   | S01     |

## Examples: heat

| patient | temperature | => row   |
|---------|-------------|----------|
| cool    | 37 Cel      | H1 usual |

## List: danger (any)

| row | finding  | is       | -> danger | because |
|-----|----------|----------|-----------|---------|
| D1  | drooling | yes      | airway    | S01     |
| D2  | heat     | fever, unknown | heat | S01     |

## Timeline: recovery

| row | milestone | months |
|-----|-----------|--------|
| T1  | voice     | 3      |
"""

FOUND = slips.faults({"page.md": PAGE})
AFTER = {fault.id: fault.after for fault in FOUND}


def test_every_kind_of_slip_is_planted_where_it_can_be():
    kinds = Counter(fault.kind.split(" +")[0].split(" -")[0] for fault in FOUND)
    assert kinds == {
        "row deleted": 5,
        "output swapped": 4,
        "cell opened": 4,
        "unknown dropped": 1,
        "unknown added": 1,
        "limit": 2,
        "limit <": 1,
        "limit >=": 1,
    }


def test_an_example_is_never_spoiled():
    assert not [fault for fault in FOUND if "37" in fault.before]


def test_a_slip_names_its_row_its_kind_and_its_finding():
    assert AFTER["D2 unknown dropped heat"] == "| D2 | heat | fever | heat | S01 |"
    assert AFTER["D1 unknown added drooling"] == "| D1 | drooling | yes, unknown | airway | S01 |"
    assert AFTER["D1 cell opened drooling"] == "| D1 | drooling | - | airway | S01 |"
    assert AFTER["D1 output swapped"] == "| D1 | drooling | yes | heat | S01 |"
    assert AFTER["D2 output swapped"] == "| D2 | heat | fever, unknown | airway | S01 |"
    assert AFTER["T1 row deleted"] is None


def test_a_written_limit_moves_by_one_step_each_way_and_a_parameters_name_does_not():
    assert AFTER["H1 limit +0.001 temperature"] == "| H1 | <= 38.001 | usual | S01 |"
    assert AFTER["H1 limit -0.001 temperature"] == "| H1 | <= 37.999 | usual | S01 |"
    assert "H2 limit +0.001 temperature" not in AFTER


def test_a_limit_is_included_that_was_not_and_the_other_way_round():
    assert AFTER["H1 limit < temperature"] == "| H1 | < 38 | usual | S01 |"
    assert AFTER["H2 limit >= temperature"] == "| H2 | >= {fever} | fever | S01 |"


def test_both_ends_of_a_range_move():
    page = PAGE.replace("<= 38 ", "36..38")
    moved = [each.written for each in slips.faults({"page.md": page}) if each.id.startswith("H1 limit")]
    assert moved == ["36.001..38", "35.999..38", "36..38.001", "36..37.999"]


def test_a_parameters_default_moves_by_one_step_each_way():
    text = '[fever]\nlabel = "From 38"\nvalue = 38\nrange = [37, 39]\n'
    found = slips.faults({"parameters.toml": text})
    assert [(fault.id, fault.after) for fault in found] == [
        ("fever limit +0.001", "value = 38.001"),
        ("fever limit -0.001", "value = 37.999"),
    ]


def test_a_slip_is_one_line_of_the_page():
    opened = next(fault for fault in FOUND if fault.id == "D1 cell opened drooling")
    before, after = PAGE.split("\n"), opened.apply({"page.md": PAGE})["page.md"].split("\n")
    assert [line for line in before if line not in after] == [opened.before]
    deleted = next(fault for fault in FOUND if fault.id == "D1 row deleted")
    assert len(deleted.apply({"page.md": PAGE})["page.md"].split("\n")) == len(before) - 1
