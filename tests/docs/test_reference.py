"""Reference pages and code name the same things: settings, presets, conditions, faults, admin paths, filters."""

import re

import pytest

from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.engine.preferences import MOST_DELAY_MS
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.faults import FAULTS
from mockserver.scenarios.faults.base import LONGEST_MS
from mockserver.scenarios.schema import scenario_schema
from mockserver.serving.loop.bounds import MOST_HELD
from mockserver.serving.process.open_files import MOST_CONNECTIONS
from mockserver.settings import FIELDS, KEEP_ALIVE_S
from mockserver.state.journal_query import Query
from mockserver.web.admin.routes import ROUTES
from tests.support.pages.markdown import documented_names, tables
from tests.support.pages.walk import CHECKOUT
from tests.support.scenario_fakes import VOCABULARY

DOCS = CHECKOUT / "docs/reference"
REFUSALS = CHECKOUT / "docs/how-to/refusals.md"
DECISIONS = CHECKOUT / "docs/explanation/decisions.md"


@pytest.mark.parametrize(
    ("page", "column", "known"),
    [
        pytest.param("settings.md", "setting", set(FIELDS), id="settings"),
        pytest.param("scenarios.md", "preset", set(VOCABULARY.presets.names()), id="presets"),
        pytest.param("scenarios.md", "key", set(VOCABULARY.conditions), id="conditions"),
        pytest.param("faults.md", "fault", set(FAULTS), id="faults"),
        pytest.param(
            "admin-api.md", "path", {re.sub("[<>]", "", f"/__admin{r.path}") for r in ROUTES}, id="admin paths"
        ),
        pytest.param(
            "journal.md", "filter", {"after", "limit", *Query.__dataclass_fields__}, id="filters of the journal"
        ),
    ],
)
def test_a_reference_page_names_what_the_code_has(page, column, known):
    documented = {re.sub("[{}]", "", name) for name in documented_names(DOCS / page, column)}

    assert documented == known


def test_each_condition_is_explained_by_the_sentence_of_its_own():
    on_page = {row["key"].strip("`"): row["what it asks for"] for row in rows("scenarios.md", "key")}

    conditions = scenario_schema(VOCABULARY)["$defs"]["matcher"]["properties"]

    assert on_page == {name: schema["description"] for name, schema in conditions.items()}


def test_each_outcome_is_explained_by_the_sentence_of_its_own():
    replies = rows("scenarios.md", "`then`")

    for name, word in VOCABULARY.outcomes.items():
        explaining = [row["reply"] for row in replies if re.match(rf"`\{{?{name}\b", row["`then`"])]

        assert explaining
        assert all(text.startswith(word.kind.summary) for text in explaining)


def test_each_fault_has_the_settings_on_its_page_that_its_schema_has():
    on_page = {
        row["fault"].strip("`"): set(re.findall(r"`(\w+)`", row["settings"])) for row in rows("faults.md", "fault")
    }

    assert on_page == {name: set(fault.schema.get("properties", ())) for name, fault in FAULTS.items()}


def rows(page, column):
    """Return the rows of the tables of a page that have this column."""
    return [row for row in tables(DOCS / page) if column in row]


def test_the_default_of_each_setting_is_the_one_on_its_page():
    rows = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)? \|", (DOCS / "settings.md").read_text(), re.MULTILINE)
    on_page = dict(rows)

    in_code = {name: told(field.default) for name, field in FIELDS.items()}

    assert on_page == in_code


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("reference/faults.md", f"No reply takes longer than {LONGEST_MS} ms"),
        ("how-to/one-call.md", f"the reply comes so much later; {MOST_DELAY_MS} at most"),
        ("reference/journal.md", f"{FIELDS['journal_entries'].default:,} exchanges or"),
        (
            "reference/journal.md",
            f"or {FIELDS['journal_bytes'].default >> 20} MiB (`journal_entries`, `journal_bytes`)",
        ),
        ("how-to/many-machines.md", f"{FIELDS['journal_entries'].default:,} exchanges or"),
        ("reference/scenarios.md", f"{LONGEST_TEXT >> 20} MiB ({LONGEST_TEXT:,} bytes) at most"),
        ("reference/robustness.md", f"A worker holds {MOST_CONNECTIONS:,} connections"),
        ("reference/robustness.md", f"is bounded to {MOST_HELD >> 20} MiB in each worker"),
        ("reference/robustness.md", f"keep the server waiting for {KEEP_ALIVE_S} seconds"),
    ],
)
def test_a_limit_on_a_page_is_the_one_of_the_code(page, words):
    assert words in (CHECKOUT / "docs" / page).read_text()


def test_the_standings_on_the_page_are_those_of_the_contract():
    contract = Contract(read_document())

    assert set(first_words(DECISIONS, "standing")) == {c.standing for c in contract.clauses.values()}


def test_the_page_on_refusals_has_a_cure_for_each_clause_that_refuses_a_call():
    refusing = {
        clause.id
        for clause in Contract(read_document()).clauses.values()
        if clause.about in ("call", "server") and 400 <= (clause.status or 0) < 500
    }

    assert set(documented_names(REFUSALS, "clause")) == refusing


def first_words(page, column):
    return [row[column] for row in tables(page) if column in row]


def told(default):
    if default in (None, "", ()):
        return ""
    return {True: "on", False: "off"}[default] if isinstance(default, bool) else str(default)
