"""What explains wrong calls is loaded when the first one comes, so that the start and plain calls do not pay for it."""

import subprocess
import sys

SCRIPT = """
import sys
from mockserver.app import create_app
from mockserver.settings import Settings

client = create_app(Settings()).test_client()
for body in ({"appType": "EXTERNAL"}, {"appType": "WEB"}):
    reply = client.post("/api/account/1/app/engagement/visitors/?v=1.0", json=body)
    print(reply.status_code, "marshmallow" in sys.modules)
"""


def test_marshmallow_is_loaded_with_the_first_wrong_call_and_not_before():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == ["200 False", "400 True"], done.stderr
