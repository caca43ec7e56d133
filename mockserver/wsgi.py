"""The application for a WSGI server that is not ours, as `mockserver.wsgi:app`; its settings come from variables.

What is lost without our own server stands in `docs/reference/http-servers.md`.
"""

from __future__ import annotations

import os

from mockserver.app import create_app
from mockserver.settings_loading import load

app = create_app(load({}, os.environ))
