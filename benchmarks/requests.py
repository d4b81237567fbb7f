"""Requests: as bytes for the load client, and sent from here where nothing is measured."""

import json
import urllib.request
from typing import Any

from benchmarks.servers import Served

GZIP = "Accept-Encoding: gzip"


def bearer(token: str) -> str:
    """Return the header of a token."""
    return f"Authorization: Bearer {token}"


def get(path: str, *headers: str) -> str:
    """Return a GET request as the load client takes it."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"


def post(path: str, body: object = None, *headers: str) -> str:
    """Return a POST request of JSON as the load client takes it: escaped, so that a number put in later keeps its length."""
    text = "" if body is None else json.dumps(body)
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(text)}",
        *headers,
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + text


def call(served: Served, path: str, body: object = None, token: str = "") -> Any:
    """Ask the API at once and return its answer; POST when there is a body."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(served.url + path, data, headers), timeout=30) as answer:
        return json.load(answer)


def size_of(served: Served, path: str, *headers: str) -> int:
    """Return the bytes of the body at `path`."""
    named = dict(line.split(": ", 1) for line in headers)
    with urllib.request.urlopen(urllib.request.Request(served.url + path, headers=named), timeout=30) as answer:
        return len(answer.read())
