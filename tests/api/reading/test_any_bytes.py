"""No bytes at all, as body, query or part of a path, make the server fail."""

import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.builders import CONTRACT
from tests.support.serving.in_process import Mock

# One server for all the calls that hypothesis makes: a failure must not depend on what went before.
SHARED = Mock(second_request="ids")
DOCUMENTED = {o.id: set(o.responses) for o in CONTRACT.operations.values()}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
members = st.sampled_from(
    [
        "appType",
        "appDetails",
        "consumerSections",
        "engagementAttributes",
        "vid",
        "sid",
        "pageId",
        "impAttributes",
        "type",
    ]
)
likely = st.recursive(
    st.sampled_from(["EXTERNAL", "MSDK", "personal", "cart", "impDisplay", "123", 0, None, True]) | json_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(members, inner, max_size=5),
    max_leaves=10,
)


def as_json(value):
    return json.dumps(value).encode()


def assert_answered(answer, operation):
    assert answer.status_code in DOCUMENTED[operation], answer.text
    assert answer.status_code < 500
    if answer.status_code != 200:
        assert set(answer.json) == {"time", "message", "internalCode"}
    for name, value in answer.headers.items():
        assert re.fullmatch(r"[\x20-\x7e]*", value), name


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=60) | likely.map(as_json))
def test_no_body_makes_a_failure(body):
    options = {"data": body, "content_type": "application/json"}

    assert_answered(SHARED.js(**options), "getEngagement")
    assert_answered(SHARED.rest(**options), "createFirstSession")
    assert_answered(SHARED.update("123", "456", **options), "updateSession")


@settings(max_examples=150, deadline=None)
@given(
    query=st.lists(st.tuples(st.sampled_from(["v", "sid", "version", "cb"]) | st.text(), st.text() | st.just("1.0"))),
    part=st.text(min_size=1).filter(lambda text: "/" not in text and "\\" not in text),
)
def test_no_query_and_no_part_of_a_path_makes_a_failure(query, part):
    answers = [
        SHARED.ask("POST", "/api/account/1/app/engagement/visitors/123", {"appType": "MSDK"}, query=query),
        SHARED.ask("GET", "/api/account/1/service/smt/baseURI.json", query=query),
        SHARED.ask("GET", "/csdr/account/1/service/smt/baseURI.lpCsds", query=query),
    ]

    assert all(answer.status_code < 500 for answer in answers)
    assert SHARED.js(account=quoted(part)).status_code in (200, 400, 404)


def quoted(text):
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))
