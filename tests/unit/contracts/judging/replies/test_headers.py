import pytest

from contracts.contract.document import load
from contracts.judging.replies.headers import _typed

DOCUMENT = load()
DOCUMENT.data["components"]["headers"]["Made"] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "integer"}},
    "account": {"$ref": "#/components/schemas/AccountId"},
}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        ("integer", "12", 12),
        ("integer", "-1", -1),
        ("integer", "many", "many"),
        ("number", "0.5", 0.5),
        ("boolean", "true", True),
        ("boolean", "yes", "yes"),
        ("list", "1, 2,x", [1, 2, "x"]),
        ("account", "56072331", "56072331"),
    ],
)
def test_a_header_is_read_as_its_schema_says(schema, text, value):
    assert _typed(DOCUMENT, f"/components/headers/Made/{schema}", text) == value
