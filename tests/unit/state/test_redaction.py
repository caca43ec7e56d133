import pytest

from mockserver.state.journal import as_record
from mockserver.state.redaction import REDACTED, redacted, secrets_at
from tests.support.builders import a_call, an_exchange

CALL = a_call(
    headers={"x-visitor-key": "k1", "authorization": "Bearer t", "cookie": "key=k2", "x-tenant": "blue"},
    query=[("key", "k3"), ("v", "1.0")],
)


@pytest.mark.parametrize(
    ("place", "name", "kept"),
    [
        pytest.param("header", "X-Visitor-Key", ["key=k2", "k3"], id="header"),
        pytest.param("query", "key", ["k1", "key=k2"], id="query"),
        pytest.param("cookie", "key", ["k1", "k3"], id="cookie"),
    ],
)
def test_the_credentials_of_a_contract_are_never_kept(place, name, kept):
    record = redacted(as_record(an_exchange(CALL)), telling_nobody=None, secrets=secrets_at([(place, name)]))

    headers, query = record["call"]["headers"], dict(record["call"]["query"])
    found = [headers["x-visitor-key"], headers["cookie"], query["key"]]
    assert [text for text in found if text != REDACTED] == kept
    assert (headers["authorization"], headers["x-tenant"], query["v"]) == (REDACTED, "blue", "1.0")
