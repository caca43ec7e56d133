"""A call has what werkzeug reads of the same request."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from mockserver.web.calls import call_of
from mockserver.web.target import escaped, target_of

QUERY = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30)
COOKIES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)


def environ_of(**changes):
    environ = EnvironBuilder("/api/account/1/getEngagement", method="POST").get_environ()
    return {**environ, **changes}


@given(query=QUERY, cookies=COOKIES)
def test_query_and_cookies_are_read_as_werkzeug_reads_them(query, cookies):
    environ = environ_of(QUERY_STRING=query, HTTP_COOKIE=cookies)
    call = call_of(environ, target_of(environ), None, {}, b"")
    seen = Request({**environ, "QUERY_STRING": escaped(query)})

    assert list(call.query) == list(seen.args.items(multi=True))
    assert call.cookies == dict(seen.cookies.items())


def test_headers_are_named_in_small_letters_and_media_type_and_length_are_among_them():
    environ = environ_of(HTTP_X_TENANT="blue", CONTENT_TYPE="text/plain", CONTENT_LENGTH="2", HTTP_X_EMPTY="")
    call = call_of(environ, target_of(environ), None, {}, b"{}")

    assert call.headers == {
        "host": "localhost", "x-tenant": "blue", "x-empty": "", "content-type": "text/plain", "content-length": "2",
    }  # fmt: skip


def test_a_request_without_a_body_has_no_headers_of_one():
    environ = environ_of(CONTENT_TYPE="", CONTENT_LENGTH="")

    assert call_of(environ, target_of(environ), None, {}, b"").headers == {"host": "localhost"}
