"""A site's own file: numbers within their ranges, and codes of its own."""

import pytest

from corrin import guideline
from corrin.errors import GuidelineError

SITE = """title = "Northern laboratories"

[parameters]
fever_from = 38.5

[[codes]]
finding = "drooling"
system = "snomed"
code = "99"
means = "yes"
"""


@pytest.fixture
def site(tmp_path):
    """Write a site's file and return its path."""

    def written(text):
        path = tmp_path / "north.toml"
        path.write_text(text, "utf-8")
        return path

    return written


def test_a_site_chooses_numbers_and_adds_codes_and_is_known_by_its_hash(tiny, site):
    plain = guideline.read(tiny, "home")
    chosen = guideline.read(tiny, "home", site(SITE))
    assert plain.site is None
    assert chosen.site is not None
    assert len(chosen.site) == 64
    assert chosen.hash == plain.hash
    assert chosen.parameters["fever_from"].value == 38_500
    assert chosen.declared.codes[:-1] == plain.declared.codes
    added = chosen.declared.codes[-1]
    assert (added.finding, added.code, added.status, added.source) == (
        *("drooling", "99", "site"),
        "Northern laboratories",
    )


def test_a_limit_that_was_moved_no_longer_has_a_published_pair(tiny, site):
    moved = guideline.read(tiny, "home", site(SITE)).parameters["fever_from"]
    assert (moved.pair, moved.pair_unit, moved.strict) == (None, "", "")
    kept = guideline.read(tiny, "home", site(SITE.replace("38.5", "38"))).parameters["fever_from"]
    assert kept.pair == 100_400


def test_a_site_is_laid_over_the_profile(tiny, site):
    text = 'title = "North"\n[parameters]\nfever_from = 39\n'
    assert guideline.read(tiny, "away", site(text)).parameters["fever_high"].value == 40_000
    with pytest.raises(GuidelineError) as refused:
        guideline.read(
            tiny, "away", site('title = "North"\n[parameters]\nfever_from = 39\nfever_high = 39\n')
        )
    assert [str(problem) for problem in refused.value.problems] == [
        "north.toml:4: `fever_high` is 39, not above `fever_from`, which is 39. Choose a larger value, or a smaller one for the other."
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'title = "N"\n[parameters]\nfever_from = 36.9\n',
            "north.toml:3: `fever_from` is 36.9, outside 37 to 39. Proofs hold inside the range only; choose a value in it.",
        ),
        (
            'title = "N"\n[parameters]\nfever_form = 38\n',
            "north.toml:3: `fever_form` is no parameter. Did you mean `fever_from`?",
        ),
        (
            'title = "N"\n[parameters]\nfever_from = 38.0001\n',
            "north.toml:3: `fever_from` has more than three decimal places: 38.0001. Round it, and say so.",
        ),
        ("[parameters]\n", 'north.toml:1: `title` is missing. Write `title = "..."`.'),
        (
            'title = "N"\n[findings]\n',
            "north.toml:2: an unknown key `findings`. Known here: `title`, `parameters`, `codes`.",
        ),
        (
            SITE.replace("drooling", "droolin"),
            "north.toml:6: `droolin` is no finding. Did you mean `drooling`?",
        ),
        (SITE.replace("snomed", "snomd"), "north.toml:6: `snomd` is no system. Did you mean `snomed`?"),
        (
            SITE.replace('means = "yes"', 'means = "pus"'),
            "north.toml:6: `pus` is no value of `drooling`. Known here: `yes`, `no`.",
        ),
        (SITE.replace('code = "99"\n', ""), 'north.toml:6: `code` is missing. Write `code = "..."`.'),
        (SITE.replace("title", "titel"), "north.toml:1: an unknown key `titel`. Did you mean `title`?"),
        ("title = \n", "north.toml:1: malformed TOML: Invalid value. Mend the line."),
    ],
)
def test_what_a_site_cannot_choose_is_refused_where_it_stands(tiny, site, text, said):
    with pytest.raises(GuidelineError) as refused:
        guideline.read(tiny, "home", site(text))
    assert str(refused.value.problems[0]) == said


def test_a_missing_site_file_is_named(tiny, tmp_path):
    with pytest.raises(GuidelineError, match=r"south\.toml: there is no such file"):
        guideline.read(tiny, "home", tmp_path / "south.toml")
