"""Ports of loopback."""

import socket


def free_port() -> int:
    """Return a port of loopback that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
