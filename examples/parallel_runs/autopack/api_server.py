"""The API that the user interface asks for the state of runs, a WSGI application.

`python -m autopack.api_server --check` asks it for its health once, without opening a port. Its
output goes to the log that the application server, uvicorn, would write.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Answer `/health`; everything else is not found."""
    found = environ["PATH_INFO"] == "/health"
    status = "200 OK" if found else "404 Not Found"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps({"ok": found}).encode()]


def check() -> int:
    """Ask the application for its health, print a log line, return an exit code."""
    environ: dict[str, Any] = {"PATH_INFO": "/health"}
    setup_testing_defaults(environ)
    answered: list[str] = []
    body = b"".join(application(environ, lambda status, _: answered.append(status)))
    print(f'INFO: "GET /health HTTP/1.1" {answered[0]} {body.decode()}')
    return 0 if answered[0].startswith("200") else 1


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="autopack.api_server", description="The API of Autopack.")
    parser.add_argument("--check", action="store_true", required=True, help="check the health")
    parser.parse_args()
    return check()


if __name__ == "__main__":
    raise SystemExit(main())
