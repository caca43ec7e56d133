from contracts.spelling import suggestion, suggestion_or_all


def test_a_word_that_is_nearly_known_is_asked_about():
    assert suggestion("loding", ["loading", "internal"]) == "; did you mean 'loading'?"


def test_a_word_like_no_other_gets_no_suggestion():
    assert suggestion("teapot", ["loading", "internal"]) == ""


def test_a_word_like_no_other_may_get_all_that_are_known():
    assert suggestion_or_all("teapot", ["loading", "internal"]) == "; known are loading, internal"
    assert suggestion_or_all("teapot", iter(["one"]), naming="shipped") == "; shipped are one"
