"""How uvicorn listens: the same in one process and in several. Imported by processes that must be there soon: nothing heavy here."""

from typing import Any, Final

from forum.live.protocol import UVICORN
from forum.web.patience import PatientHttp
from forum.web.protocol import OrderlyHttp

BACKLOG: Final = 4096
GRACE: Final = 7
"""Seconds that requests in hand have to finish after the listener has closed."""
LAST: Final = GRACE + 2.5
"""Seconds after which a process ends that cannot stop in order: something it waits for never comes."""


class Http(PatientHttp, OrderlyHttp):
    """uvicorn's HTTP protocol: nobody holds a connection for nothing, and nobody is cut off when the server stops."""


def options(trusted_proxies: str) -> dict[str, Any]:
    """Return uvicorn's settings but for the application and the address."""
    return {
        "loop": "uvloop",
        "http": Http,
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
