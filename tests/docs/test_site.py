"""The pages become a site that is whole, and that needs nothing from elsewhere."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.docs.test_pages import PAGES
from tests.support.pages.walk import CHECKOUT

#: What a browser fetches by itself when it shows a page.
FETCHED = re.compile(
    r"""<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)="([^"]+)\"|url\(["']?([^)"']+)|@import\s+["']([^"']+)"""
)


def make_site(source, target):
    """Make the site as `make docs` does."""
    options = ["--quiet", "--fail-on-warning", "--keep-going", "--conf-dir", source / "docs"]
    return subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "--doctree-dir", f"{target}-cache", source, target],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    target = tmp_path_factory.mktemp("site") / "site"
    made = make_site(CHECKOUT, target)
    assert made.returncode == 0, made.stderr
    return target


def test_every_page_is_on_the_site(site):
    missing = [page.name for page in PAGES if not (site / page.relative_to(CHECKOUT)).with_suffix(".html").exists()]

    assert missing == []


def test_the_front_page_leads_to_the_index(site):
    [target] = re.findall(r'href="([^"]+)"', (site / "index.html").read_text())

    assert (site / target).exists()


def test_the_site_shows_the_picture_of_a_visit(site):
    [picture] = re.findall(r'<img[^>]* src="([^"]+visit[^"]*)"', (site / "docs/explanation/visit.html").read_text())

    assert (site / "docs/explanation" / picture).exists()


def test_a_browser_fetches_nothing_from_elsewhere(site):
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    fetched = {target for file in files for found in FETCHED.findall(file.read_text()) for target in found if target}

    assert fetched
    assert [target for target in fetched if re.match(r"(?:https?:)?//", target)] == []


@pytest.mark.parametrize(
    ("index", "said"),
    [
        pytest.param("# Index\n\n[away](nowhere.md)\n", "nowhere.md", id="a dead link"),
        pytest.param("# Index\n", "isn't included in any toctree", id="a page that the index leaves out"),
    ],
)
def test_no_site_is_made_with(index, said, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(CHECKOUT / "docs/conf.py", docs)
    (docs / "index.md").write_text(index)
    (docs / "page.md").write_text("# Page\n")

    made = make_site(tmp_path, tmp_path / "site")

    assert made.returncode != 0
    assert said in made.stderr
