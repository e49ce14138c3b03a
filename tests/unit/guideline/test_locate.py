"""Where the guideline lies."""

import pytest

from corrin.errors import GuidelineError
from corrin.guideline import locate


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """As if Corrin lay in `site/corrin` of an empty folder."""
    package = tmp_path / "site" / "corrin"
    (package / "guideline").mkdir(parents=True)
    monkeypatch.setattr(locate, "__file__", str(package / "guideline" / "locate.py"))
    return package


def test_an_installed_corrin_carries_its_pages(installed):
    (installed / "_guideline").mkdir()
    (installed.parents[1] / "guideline").mkdir()
    assert locate.folder() == installed / "_guideline"


def test_a_checkout_has_them_beside_the_source(installed):
    (installed.parents[1] / "guideline").mkdir()
    assert locate.folder() == installed.parents[1] / "guideline"


def test_an_installation_without_its_pages_says_so(installed):
    with pytest.raises(GuidelineError, match=r"the guideline.s pages are missing\. Install Corrin again"):
        locate.folder()
