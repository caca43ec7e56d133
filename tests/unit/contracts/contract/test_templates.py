import pytest

from contracts.contract.templates import path_of, values_in


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/app/{app-installation-id}/x", "/app/7/x", {"app-installation-id": "7"}),
        ("/{a_b}/{a.b}.json", "/1/2.json", {"a_b": "1", "a.b": "2"}),
        ("/a.b", "/a.b", {}),
    ],
)
def test_a_path_is_read_whatever_signs_the_names_of_its_parameters_have(template, path, values):
    assert values_in(path, template) == values
    assert path_of(template, values) == path


@pytest.mark.parametrize("path", ["/app/7/8/x", "/app//x", "/app/7/xx", "/appx7/x"])
def test_a_path_of_another_template_has_no_values(path):
    assert values_in(path, "/app/{id}/x") is None


def test_values_are_written_as_a_url_has_them():
    assert path_of("/{a}/{b}", {"a": "x/y z"}) == "/x%2Fy%20z/%7Bb%7D"
