"""A fault written in a file fits its page, or is refused."""

import pytest

from corrin.errors import UsageError
from corrin.verification.faults.planted import copied, plant, read_planted


def edit(tiny, tmp_path, text: str):
    path = tmp_path / "fault.toml"
    path.write_text(f"[[edit]]\n{text}\n", "utf-8")
    plant(read_planted(path), tiny)


def test_a_cell_of_a_row_is_written_anew(tiny, tmp_path):
    edit(tiny, tmp_path, 'page = "treat.md"\nrow = "AD2"\ncell = "adult_band"\nwrite = "grown-up"')
    assert "| AD2 | grown-up | no | S07 |" in (tiny / "treat.md").read_text("utf-8")


def test_an_output_is_written_anew(tiny, tmp_path):
    edit(tiny, tmp_path, 'page = "throat.md"\nrow = "F1"\ncell = "output"\nwrite = "high-fever"')
    assert "| F1 | < {fever_from} | high-fever | S01 |" in (tiny / "throat.md").read_text("utf-8")


def test_a_row_is_struck_out(tiny, tmp_path):
    edit(tiny, tmp_path, 'page = "treat.md"\nrow = "N2"\nstrike = true')
    assert "hospital" not in (tiny / "treat.md").read_text("utf-8")


def test_a_text_is_replaced(tiny, tmp_path):
    edit(tiny, tmp_path, 'page = "treat.md"\nfind = "Applies when: adult is yes, unknown"\nreplace = ""')
    assert "Applies when" not in (tiny / "treat.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('page = "heal.md"\nrow = "N2"\nstrike = true', "heal.md: there is no such page"),
        ('page = "treat.md"\nrow = "N7"\nstrike = true', "treat.md: there is no row `N7`"),
        ('page = "treat.md"\nrow = "N2"\ncell = "cuase"\nwrite = "-"', "row N2 has no cell `cuase`"),
        ('page = "treat.md"\nfind = "Cel"\nreplace = ""', "`Cel` stands there 0 times"),
        ('page = "treat.md"\nfind = "months"\nreplace = ""', "`months` stands there"),
        ('page = "treat.md"', "an edit says nothing"),
        ('row = "N2"\nstrike = true', "the file is no planted fault"),
        ("page = ", "the file is no planted fault"),
    ],
)
def test_a_fault_that_does_not_fit_is_refused(tiny, tmp_path, text, says):
    with pytest.raises(UsageError) as raised:
        edit(tiny, tmp_path, text)
    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError) as raised:
        read_planted(tmp_path / "none.toml")
    assert "the file cannot be read" in str(raised.value)


def test_the_pages_themselves_are_never_touched(tiny):
    before = (tiny / "treat.md").read_text("utf-8")
    with copied(tiny) as spoiled:
        (spoiled / "treat.md").write_text("", "utf-8")
        assert not (spoiled / "guideline.lock.json").exists()
    assert (tiny / "treat.md").read_text("utf-8") == before
