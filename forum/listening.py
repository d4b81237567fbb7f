"""How uvicorn listens: the same in one process and in several. Imported by processes that must be there soon: nothing heavy here."""

from typing import Any, Final

from forum.live.protocol import UVICORN
from forum.web.protocol import OrderlyHttp

BACKLOG: Final = 4096
GRACE: Final = 7
"""Seconds that requests in hand have to finish after the listener has closed."""
LAST: Final = GRACE + 2.5
"""Seconds after which a process ends that cannot stop in order: something it waits for never comes."""


def options(trusted_proxies: str) -> dict[str, Any]:
    """Return uvicorn's settings but for the application and the address."""
    return {
        "loop": "uvloop",
        "http": OrderlyHttp,
        **UVICORN,
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": trusted_proxies,
        "backlog": BACKLOG,
        "timeout_keep_alive": 20,
        "timeout_graceful_shutdown": GRACE,
    }
