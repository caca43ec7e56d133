"""Every package that the server runs with has a licence that its users may live with, and the page lists it."""

from tests.support.packaging.licences import licences
from tests.support.pages.markdown import tables
from tests.support.pages.walk import CHECKOUT

#: Words that a licence which binds the work of its users would have.
BINDING = ("GPL", "AGPL", "General Public", "Proprietary", "not stated")


def test_the_page_lists_what_the_packages_state():
    rows = {row["package"]: row["licence"] for row in tables(CHECKOUT / "SECURITY.md") if "package" in row}

    assert rows == dict(licences())


def test_no_package_binds_the_work_of_its_users():
    bound = {name: licence for name, licence in licences() if any(word in licence for word in BINDING)}

    assert bound == {}
