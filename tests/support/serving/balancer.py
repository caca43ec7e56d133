"""The load balancer of `deploy/`, on a port of its own, in front of servers on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tests.support.calling.asking import ask
from tests.support.programs import free_port, needs_program
from tests.support.serving.running import CHECKOUT, eventually


class Balancer:
    """nginx, configured by the file that is deployed; only the port and the servers are others."""

    def __init__(self, directory: Path, servers: Sequence[str]) -> None:
        self._directory = directory
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        text = (CHECKOUT / "deploy/nginx.conf").read_text()
        members = " ".join(f"server {urlsplit(url).netloc} max_fails=0;" for url in servers)
        for deployed, here in (("server mock:8080;", members), ("listen 8080 ", f"listen 127.0.0.1:{port} ")):
            assert deployed in text
            text = text.replace(deployed, here)
        self._config = directory / "nginx.conf"
        self._config.write_text(text)

    def __enter__(self) -> Self:
        program = needs_program("nginx", debian_package="nginx-light")
        self._process = subprocess.Popen(
            [program, "-p", f"{self._directory}/", "-c", str(self._config), "-g", "daemon off;"]
        )
        eventually(self._answers, bool)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _answers(self) -> bool:
        assert self._process.poll() is None, "nginx refused to start"
        try:
            return ask(self.url, "GET", "/__admin/health").status == 200
        except ConnectionRefusedError:
            return False
