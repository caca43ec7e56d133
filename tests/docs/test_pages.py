"""Every page of the project says what is so: its examples run, its links lead somewhere."""

from itertools import chain

import pytest

from tests.support.pages.markdown import blocks, headings, links
from tests.support.pages.walk import CHECKOUT, Walk
from tests.support.programs import needs_program

PAGES = sorted(chain(CHECKOUT.glob("*.md"), CHECKOUT.glob("docs/**/*.md")))


#: What the examples of a page run besides curl, with the Debian package that brings it.
PROGRAMS = {
    "any-language.md": [("node", "nodejs"), ("javac", "default-jdk-headless")],
    "visit.md": [("jq", "jq")],
}


def name(page):
    return str(page.relative_to(CHECKOUT))


def test_there_are_pages_to_walk_through():
    assert CHECKOUT / "README.md" in PAGES


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name)
def test_the_examples_of_a_page_do_what_it_says(page, tmp_path):
    for program, package in PROGRAMS.get(page.name, []):
        needs_program(program, debian_package=package)
    walk = Walk(tmp_path)
    try:
        for block in blocks(page):
            walk.through(block)
        walk.end()
    finally:
        walk.close()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_links_of_a_page_lead_somewhere(page):
    dead = [f"{page.name}:{link.line}: {link.target}" for link in links(page) if not leads_somewhere(page, link.target)]

    assert dead == []


def leads_somewhere(page, target):
    """Say whether *target* exists in the checkout; addresses of other hosts are not looked up."""
    if target.startswith(("http://", "https://", "mailto:")):
        return True
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    if not there.exists() or not there.is_relative_to(CHECKOUT):
        return False
    return not anchor or (there.suffix == ".md" and anchor in headings(there))


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        pytest.param("README.md", True, id="a file"),
        pytest.param("mockserver/", True, id="a folder"),
        pytest.param("NOWHERE.md", False, id="no such file"),
        pytest.param("../README.md", False, id="outside the checkout"),
        pytest.param("CHANGELOG.md#unreleased", True, id="a heading of another page"),
        pytest.param("CHANGELOG.md#nowhere", False, id="no such heading"),
        pytest.param("#changelog", True, id="a heading of the same page"),
        pytest.param("https://example.com/nowhere", True, id="another host"),
    ],
)
def test_a_link_leads_to_a_file_and_a_heading_that_exist(target, leads):
    page = CHECKOUT / "CHANGELOG.md"

    assert leads_somewhere(page, target) is leads
