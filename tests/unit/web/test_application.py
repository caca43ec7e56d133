import pytest
from werkzeug.test import EnvironBuilder

from mockserver.app import create_app
from mockserver.settings import Settings
from tests.support.documents import DOCUMENT, changed

PATH = "/api/account/{accountId}/getEngagement"


@pytest.mark.parametrize("name", ["account-id", "account_id", "account.id", "2nd"])
def test_a_parameter_in_a_path_may_have_any_name(name):
    item = DOCUMENT["paths"][PATH]
    parameter = {**DOCUMENT["components"]["parameters"]["AccountId"], "name": name}
    document = changed("paths", **{PATH: None, f"/account/{{{name}}}/ask": {**item, "parameters": [parameter]}})
    app = create_app(Settings(), document=document)

    pending = app.receive(EnvironBuilder(path="/account/7/ask", method="POST").get_environ())

    assert (pending.call.operation, pending.call.path_values) == ("getEngagement", {name: "7"})
