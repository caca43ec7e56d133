"""What breaks the contract is explained place by place, in the order and with the clauses of the contract."""

import pytest

from mockserver.contract.shapes.document_shapes import DocumentShapes
from mockserver.contract.shapes.objects import ContractObject
from mockserver.contract.validation import Validator
from mockserver.errors import InvalidCall
from mockserver.model import Call, Speaker
from tests.support.builders import CONTRACT, DOCUMENT, JSON
from tests.support.documents import EVERY_KEYWORD


def violations(component, value):
    """Return everything that *component* of the contract has against *value*."""
    return list(
        DocumentShapes(DOCUMENT).violations({"$ref": f"#/components/schemas/{component}"}, value, "body", "GE-400-BODY")
    )


def explained(component, value):
    return [(v.where.removeprefix("body").removeprefix("."), v.what) for v in violations(component, value)]


def test_everything_wrong_with_a_body_is_told_at_once_in_the_order_of_the_contract():
    body = {
        "engagementAttributes": [
            {"type": "searchInfo", "keywords": ["a", 1]},
            {"type": "cart"},
            {"type": "personl"},
            7,
        ],
        "consumerSections": "Support",
        "appDetails": {"osVersion": 12, "os": "AMIGA", "ipAddress": None},
        "appType": "MSDK",
    }

    assert explained("CreateSessionRequest", body) == [
        ("appDetails.ipAddress", "must be an IPv4 or IPv6 address, got null; leave out what has no value"),
        ("appDetails.os", 'must be one of WINDOWS, MAC_OSX, LINUX, IOS, ANDROID, got "AMIGA"'),
        ("appDetails.osVersion", "must be a string, got a number (12)"),
        ("consumerSections", 'must be a list, got a string ("Support")'),
        ("engagementAttributes.0.type", "must not be searchInfo when appType is MSDK"),
        ("engagementAttributes.0.keywords.1", "must be a string, got a number (1)"),
        ("engagementAttributes.1.total", "is required"),
        ("engagementAttributes.1.numItems", "is required"),
        (
            "engagementAttributes.2.type",
            (
                "must be one of personal, ctmrinfo, mrktInfo, cart, purchase, prodView, lead, service, error, "
                "searchInfo, got \"personl\"; did you mean 'personal'?"
            ),
        ),
        ("engagementAttributes.3", "must be an object, got a number (7)"),
    ]


def test_members_that_the_contract_does_not_list_are_ignored():
    body = {"appType": "EXTERNAL", "appDetails": {"colour": 7}, "engagementAttributes": [{"type": "lead", "id": []}]}

    assert explained("CreateSessionRequest", body) == []


@pytest.mark.parametrize("event", DOCUMENT["components"]["schemas"]["ImpressionEvent"]["discriminator"]["mapping"])
def test_an_impression_among_engagement_attributes_is_told_where_it_belongs(event):
    found = explained("GetEngagementRequest", {"engagementAttributes": [{"type": event}]})

    assert found == [
        (
            "engagementAttributes.0.type",
            "impression events are not engagement attributes; send them as impAttributes of an Update Session",
        )
    ]


def test_searched_content_is_welcome_from_an_external_system():
    body = {"appType": "EXTERNAL", "engagementAttributes": [{"type": "searchInfo"}]}

    assert explained("CreateSessionRequest", body) == []


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        pytest.param({}, [("status", "is required")], id="no status"),
        pytest.param(
            {"status": True},
            [("status", "must be one of Available, NotAvailable, got true")],
            id="status of another type",
        ),
        pytest.param(
            {"status": "NotAvailable", "sessionId": "a", "visitorId": "b", "pageId": "1", "engagementDetails": None},
            [("engagementDetails", "must be left out, got null")],
            id="details of no engagement",
        ),
    ],
)
def test_a_reply_is_read_by_the_status_it_has(reply, found):
    assert explained("EngagementReply", reply) == found


@pytest.mark.parametrize(
    ("value", "got"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param([], "a list", id="list"),
        pytest.param("{}", 'a string ("{}")', id="text"),
        pytest.param(False, "false", id="flag"),
        pytest.param({1}, "a value of type set", id="nothing of JSON"),
    ],
)
@pytest.mark.parametrize("component", ["GetEngagementRequest", "EngagementReply"])
def test_a_value_that_is_no_object_is_told_as_a_whole(component, value, got):
    assert explained(component, value) == [("", f"must be an object, got {got}")]


def test_a_value_nested_beyond_any_measure_is_read_like_any_other():
    deep = []
    for _ in range(100_000):
        deep = [deep]

    found = explained("UpdateSessionRequest", {"pageId": deep, "impAttributes": [deep], "unlisted": deep})

    assert found == [
        ("pageId", "must be a string, got a list"),
        ("impAttributes.0", "must be an object, got a list"),
    ]


def test_every_violation_names_the_clause_that_stands_nearest_above_it():
    body = {
        "appType": "MSDK",
        "appDetails": {"os": 7},
        "engagementAttributes": [{"type": "searchInfo"}, {"type": "impClose"}, {"type": "cart"}],
    }

    assert [(v.where, v.clause) for v in violations("CreateSessionRequest", body)] == [
        ("body.appDetails.os", "GE-400-DETAILS"),
        ("body.engagementAttributes.0.type", "GE-400-SEARCHINFO-MSDK"),
        ("body.engagementAttributes.1.type", "GE-400-IMPRESSION"),
        ("body.engagementAttributes.2.total", "GE-400-ATTRIBUTES"),
        ("body.engagementAttributes.2.numItems", "GE-400-ATTRIBUTES"),
    ]


def test_a_member_that_is_missing_breaks_the_clause_of_its_own():
    assert [v.clause for v in violations("CreateSessionRequest", {})] == ["REST-400-APPTYPE"]


def test_the_classes_that_explain_a_value_explain_the_next_one():
    shapes = DocumentShapes(DOCUMENT)
    schema = CONTRACT.component("CreateSessionRequest")
    value = {"engagementAttributes": [{"type": "personal", "personal": {"contacts": [{"email": 1}]}}]}
    first = list(shapes.violations(schema, value, "body", "GE-400-BODY"))
    made = ContractObject.__subclasses__()

    assert list(shapes.violations(schema, value, "body", "GE-400-BODY")) == first
    assert ContractObject.__subclasses__() == made


def test_a_value_deeper_than_python_can_go_is_refused_as_a_whole():
    tree = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}, "x-clause": "TREES"}
    shapes = DocumentShapes({"components": {"schemas": {"Tree": tree}}})
    deep = 7
    for _ in range(1000):
        deep = {"left": deep}

    (violation,) = shapes.violations(tree, deep, "body", "GE-400-BODY")

    assert (violation.where, violation.clause) == ("body", "TREES")
    assert (
        violation.what == "is wrong too deep inside to say where; send it with fewer lists and objects in one another"
    )


def a_filling(query, headers, body, *, shelf="a", **cookies):
    """Make a call that fills a shelf."""
    return Call("fillShelf", "PUT", "/", {"shelf": shelf}, tuple(query), headers, cookies, body)


VALIDATOR = Validator(EVERY_KEYWORD, dict.fromkeys(EVERY_KEYWORD.operations, lambda *_: Speaker()))
FORM = {"content-type": "application/x-www-form-urlencoded"}
KNOWN = {"x-reader": "Ann"}


@pytest.mark.parametrize(
    ("call", "found"),
    [
        pytest.param(
            a_filling([("order", "size")], KNOWN | FORM, b"title=abcd&year=1"),
            [
                ("query.order", 'must be one of title, year, got "size"', "ORDER"),
                ("body.title", "must have at most 3 character(s), got 4", "BOOKS"),
            ],
            id="query and form",
        ),
        pytest.param(
            a_filling([("order", "year"), ("tag", "a b"), ("tag", "ok")], FORM, b"title=a", theme="light"),
            [
                ("query.tag.0", r'must match ^\S+$, got "a b"', "ORDER"),
                ("header.X-Reader", "is required", "SHELF"),
                ("cookie.theme", 'must be dark, got "light"', "SHELF"),
            ],
            id="list in a query, header and cookie",
        ),
        pytest.param(
            a_filling([("order", "year")], KNOWN | JSON, b'[{"title": "A", "sold": true}]', shelf="shelf"),
            [
                ("path.shelf", "must have at most 3 character(s), got 5", "SHELF"),
                ("body.0.year", "is required when sold is true", "BOOKS"),
            ],
            id="path and JSON",
        ),
    ],
)
def test_each_part_of_a_call_is_explained_by_the_schemas_of_its_own_document(call, found):
    with pytest.raises(InvalidCall) as refused:
        VALIDATOR.validated(call)

    assert [(v.where, v.what, v.clause) for v in refused.value.violations] == found


def test_a_body_may_be_as_deep_as_its_schema_and_its_text_let_it():
    deep = b"[" + b'{"title": "A", "sold": false, "sequel": ' * 1000 + b"%s" + b"}" * 1000 + b"]"
    book = b'{"title": "A", "sold": false, "x": 7}'

    VALIDATOR.validated(a_filling([("order", "year")], KNOWN | JSON, deep % book))
    with pytest.raises(InvalidCall) as refused:
        VALIDATOR.validated(a_filling([("order", "year")], KNOWN | JSON, deep % b"7"))

    assert [v.what for v in refused.value.violations] == [
        "is wrong too deep inside to say where; send it with fewer lists and objects in one another"
    ]
