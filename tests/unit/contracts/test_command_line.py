import pytest

from contracts.__main__ import main


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="no command"),
        pytest.param(["server"], id="no url"),
        pytest.param(["server", "--url", "x", "--suite", "guesses"], id="an unknown suite"),
    ],
)
def test_a_command_that_cannot_be_understood_examines_nothing(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seed", "-1"], "argument --seed: must be a whole number from 0 to 9007199254740991, got '-1'"),
        (["--seed", "9223372036854775807"], "must be a whole number from 0 to 9007199254740991"),
        (["--max-examples", "0"], "argument --max-examples: must be a whole number from 1 to 1000000, got '0'"),
        (["--account", "a b"], "argument --account: must be 1 to 20 letters, digits and underscores, got 'a b'"),
    ],
)
def test_what_no_server_could_be_asked_with_is_refused(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["server", "--url", "http://127.0.0.1:9", *words])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_an_unknown_report_is_refused_before_anything_is_examined(capsys):
    assert main(["server", "--url", "http://127.0.0.1:9", "--report", "pdf=x"]) == 2
    assert "FORMAT=PATH" in capsys.readouterr().err


def test_an_unknown_operation_is_refused(capsys):
    assert main(["server", "--url", "http://127.0.0.1:9", "--operation", "getEngagment"]) == 2
    assert "'getEngagment' is no operation; known are getEngagement" in capsys.readouterr().out


def test_a_server_that_is_not_there_ends_with_2(capsys):
    assert main(["server", "--url", "http://127.0.0.1:9", "--suite", "cases"]) == 2
    assert "could not be examined" in capsys.readouterr().out


@pytest.mark.parametrize("subject", ["server", "client"])
@pytest.mark.parametrize("option", [("--admin-token", "s3 cret"), ("--admin-token-file", "/no/where")])
def test_a_token_that_cannot_be_used_is_refused_before_anything_is_examined(subject, option, capsys):
    assert main([subject, "--url", "http://127.0.0.1:9", *option]) == 2

    said = capsys.readouterr().err
    assert "must be ASCII" in said or "the file /no/where cannot be read: No such file" in said
    assert "s3 cret" not in said
