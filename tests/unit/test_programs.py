import pytest

from tests.support.programs import needs_program


def test_a_program_that_is_there_is_found():
    assert needs_program("sh", debian_package="dash").endswith("/sh")


@pytest.mark.parametrize(
    ("environ", "outcome"),
    [
        pytest.param({}, pytest.skip.Exception, id="skips on a desk"),
        pytest.param({"CI": "true"}, pytest.fail.Exception, id="fails in CI"),
    ],
)
def test_a_missing_program_says_what_to_install(environ, outcome):
    with pytest.raises(outcome, match="apt-get install nosuch-package"):
        needs_program("nosuch", debian_package="nosuch-package", environ=environ)
