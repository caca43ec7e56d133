"""What a body may be before anybody looks at its members: encodings, numbers, names, and how it is declared."""

import gzip

import pytest

from tests.support.serving.in_process import broken, refusal_of, violations

NOT_JSON = "request body does not contain a valid JSON statement!"
MINIMAL = b'{"appType":"EXTERNAL"}'


def sent(mock, door, data, **options):
    return door.ask(mock, data=data, **{"content_type": "application/json", **options})


@pytest.mark.parametrize(
    ("data", "clause", "what"),
    [
        pytest.param(b"\xef\xbb\xbf{}", "REQ-400-UNICODE", "begins with a byte order mark; send", id="byte order mark"),
        pytest.param("{}".encode("utf-16"), "REQ-400-UNICODE", "looks like UTF-16 or UTF-32; send it", id="UTF-16"),
        pytest.param("{}".encode("utf-16-le"), "REQ-400-UNICODE", "looks like UTF-16 or", id="UTF-16 without a mark"),
        pytest.param(b"\x00", "REQ-400-UNICODE", "looks like UTF-16 or UTF-32", id="NUL"),
        pytest.param("{}".encode("utf-32-be"), "REQ-400-UNICODE", "looks like UTF-16 or UTF-32", id="UTF-32"),
        pytest.param(gzip.compress(MINIMAL), "REQ-400-UNICODE", "looks compressed by gzip", id="gzip, undeclared"),
        pytest.param(b'{"a":"\xe4"}', "REQ-400-UNICODE", "is no UTF-8: byte 0xe4 at offset 6", id="Latin-1"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', "REQ-400-UNICODE", "is no UTF-8: byte 0xed", id="surrogate in UTF-8"),
        pytest.param(b'{"a":"\\ud800"}', "REQ-400-UNICODE", "half a surrogate pair stands", id="first half of a pair"),
        pytest.param(b'{"a":"\\udc00x"}', "REQ-400-UNICODE", "half a surrogate pair stands", id="second half"),
        pytest.param(b'{"\\ud800":1}', "REQ-400-UNICODE", "half a surrogate pair stands", id="half a pair in a name"),
        pytest.param(b'{"a":NaN}', "GE-400-BODY", "NaN at line 1, column 6 is no number of JSON", id="NaN"),
        pytest.param(b'{"a":Infinity}', "GE-400-BODY", "Infinity at line 1, column 6 is no number", id="Infinity"),
        pytest.param(b'{"a":-Infinity}', "GE-400-BODY", "is no number of JSON", id="minus Infinity"),
        pytest.param(b"{} {}", "GE-400-BODY", "unexpected content after document at line 1, column 4", id="two values"),
        pytest.param(b"{}\n;", "GE-400-BODY", "unexpected content after document at line 2", id="something after it"),
        pytest.param(b'{"a":1,}', "GE-400-BODY", "trailing comma", id="a comma at the end"),
        pytest.param(b"{} // x", "GE-400-BODY", "unexpected content", id="a comment"),
        pytest.param(b'{"a":01}', "GE-400-BODY", "leading zero", id="a number with a zero before it"),
        pytest.param(b" ", "GE-400-BODY", "is not JSON", id="a blank"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_name(mock, door, data, clause, what):
    answer = sent(mock, door, data)

    assert refusal_of(answer) == (400, 5, NOT_JSON, [clause])
    assert broken(answer) == [("body", clause)]
    assert what in violations(answer)[0]["what"]


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"9" * 400, b"1.5e999"])
def test_a_number_that_no_double_can_hold_is_told(mock, door, number):
    answer = sent(mock, door, b'{"appType":"EXTERNAL","x":[%s]}' % number)

    assert refusal_of(answer) == (400, 5, "body", ["REQ-400-NUMBER"])
    assert "holds a number that no double can hold, at line 1" in violations(answer)[0]["what"]


@pytest.mark.parametrize("number", [b"1e308", b"1e-400", b"-0", b"18446744073709551616", b"1.0000000000000000001"])
def test_any_other_number_is_read(mock, door, number):
    assert sent(mock, door, b'{"appType":"EXTERNAL","x":%s}' % number).status_code == 200


@pytest.mark.parametrize(("open_", "shut"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_a_body_is_nested_up_to_a_depth(mock, door, open_, shut):
    deep, deeper = (
        b'{"appType":"EXTERNAL","x":' + open_ * depth + b"1" + shut * depth + b"}" for depth in (1023, 1024)
    )

    assert sent(mock, door, deep).status_code == 200
    assert refusal_of(sent(mock, door, deeper)) == (400, 5, "body", ["REQ-400-DEPTH"])


@pytest.mark.parametrize(
    ("rest", "member"),
    [
        pytest.param(b'"appType":"EXTERNAL"', "appType", id="with the same value"),
        pytest.param(b'"app\\u0054ype":"EXTERNAL"', "appType", id="written with an escape"),
        pytest.param(b'"x":"\\u003a","appType":"EXTERNAL"', "appType", id="beside an escaped colon"),
        pytest.param(b'"appDetails":{"os":"IOS","os":"IOS"}', "appDetails.os", id="inside"),
        pytest.param(b'"x":[{},[0,{"a:b":{},"c":1,"a:b":[]}]]', "x.1.1.a:b", id="in a member that nobody listed"),
        pytest.param(
            b'"x":' + b"[" * 1022 + b'{"a":1,"a":2}' + b"]" * 1022, "x" + ".0" * 1022 + ".a", id="deep inside"
        ),
    ],
)
def test_a_member_that_is_named_twice_is_told_by_its_place(mock, door, rest, member):
    answer = sent(mock, door, b'{"appType":"EXTERNAL",%s}' % rest)

    assert refusal_of(answer) == (400, 5, member, ["REQ-400-TWICE"])
    [exchange] = mock.journal()
    assert exchange["violations"] == [
        {
            "where": f"body.{member}",
            "what": "stands more than once in its object; send it once",
            "clause": "REQ-400-TWICE",
        }
    ]


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b'"x":"a:b","y":{"x":1},"z":[{"x":1},{"x":1}]', id="the same name in other objects"),
        pytest.param(b'"x":"\\"appType\\":1","y":"\\\\"', id="a name inside a text"),
        pytest.param(b'"":1,"a":{"":1}', id="an empty name"),
        pytest.param(b'"X":1,"x":1', id="a capital"),
    ],
)
def test_names_that_only_look_the_same_are_no_repetition(mock, door, rest):
    assert sent(mock, door, b'{"appType":"EXTERNAL",%s}' % rest).status_code == 200


def test_of_very_many_repeated_members_the_first_are_told(mock, door):
    answer = sent(mock, door, b'{"appType":"EXTERNAL"%s}' % (b',"a":1' * 5_000))

    assert refusal_of(answer) == (400, 5, "a", ["REQ-400-TWICE"])
    [exchange] = mock.journal()
    assert len(exchange["violations"]) == 100


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "GZIP", "identity, gzip", "utf-8"])
def test_a_compressed_body_is_refused_by_its_header(mock, door, coding):
    answer = sent(mock, door, gzip.compress(MINIMAL), headers={"Content-Encoding": coding})

    assert refusal_of(answer) == (415, 5, "Content-Encoding", ["REQ-415-CODING"])
    assert broken(answer) == [("header.Content-Encoding", "REQ-415-CODING")]
    assert "compressed bodies are not read" in violations(answer)[0]["what"]


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_a_body_may_be_declared_as_it_is(mock, door, coding):
    assert sent(mock, door, MINIMAL, headers={"Content-Encoding": coding}).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "Application/JSON ; Charset = utf8",
        "application/json; odata=verbose; x",
        "application/json;",
    ],
)
def test_a_media_type_may_have_parameters_and_capitals(mock, door, content_type):
    assert sent(mock, door, MINIMAL, content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "application/json; charset=",
        "application/json; charset=utf-8; charset=latin-1",
        "application/json; charset=utf-8, application/json",
    ],
)
def test_another_charset_is_refused(mock, door, content_type):
    answer = sent(mock, door, MINIMAL, content_type=content_type)

    assert refusal_of(answer) == (415, 5, "Content-Type", ["REQ-415-CHARSET"])
    assert "must declare the charset utf-8 or none, got" in violations(answer)[0]["what"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/json",
        "application/vnd.api+json",
        "application/json, text/plain",
        "application/json, application/json",
        ";",
    ],
)
def test_another_media_type_or_several_are_refused(mock, door, content_type):
    answer = sent(mock, door, MINIMAL, content_type=content_type)

    assert refusal_of(answer) == (415, 5, "Content-Type", ["REQ-415"])
    assert f"got {content_type!r}" in violations(answer)[0]["what"]


def test_everything_that_is_wrong_with_the_headers_is_told_at_once(mock, door):
    answer = sent(mock, door, MINIMAL, content_type="text/plain", headers={"Content-Encoding": "br"})

    assert refusal_of(answer) == (415, 5, "Content-Encoding, Content-Type", ["REQ-415-CODING", "REQ-415"])


@pytest.mark.parametrize("member", ["appType", "appDetails", "consumerSections", "engagementAttributes"])
def test_null_is_not_the_same_as_left_out(mock, door, member):
    answer = door.with_body(mock, **{member: None})

    assert refusal_of(answer)[:3] == (400, 5, member)
    assert violations(answer)[0]["what"].endswith("got null; leave out what has no value")
