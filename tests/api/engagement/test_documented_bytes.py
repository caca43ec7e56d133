"""The replies of the getEngagement page, byte for byte."""

from tests.support.documented import DOCUMENTED_NOT_AVAILABLE, DOCUMENTED_REPLY
from tests.support.serving.in_process import Mock, refusal_of


def test_the_preset_documented_example_sends_the_documents_bytes():
    mock = Mock(scenario="documented-example")

    answer = mock.js()

    assert answer.data == DOCUMENTED_REPLY
    assert answer.content_type == "application/json"


def test_the_preset_documented_not_available_sends_the_documents_bytes():
    assert Mock(scenario="documented-not-available").js().data == DOCUMENTED_NOT_AVAILABLE


def test_a_verbatim_reply_opens_the_session_that_its_body_names():
    mock = Mock(scenario="documented-example")
    mock.js()

    [session] = mock.steer("GET", "/sessions")["sessions"]
    assert (session["visitor"], session["session"], session["page"]) == ("xyz", "abc", "4743822558")
    assert refusal_of(mock.js({"vid": "xyz"}))[:3] == (401, 10, "sid is required on a second request")
    assert mock.update("xyz", "abc").status_code == 200
