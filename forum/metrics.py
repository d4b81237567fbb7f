"""Figures for Prometheus: by default only for loopback, because counts of what waits are nobody else's business."""

import ipaddress
import os

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from forum.kernel.errors import NotFound

PAGE = os.sysconf("SC_PAGE_SIZE")


def _from_loopback(request: Request) -> bool:
    if "x-forwarded-for" in request.headers or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * PAGE


async def endpoint(request: Request) -> Response:
    """Answer the figures in Prometheus' text form; raises NotFound for whoever may not have them."""
    allowed = request.app.state.metrics
    if allowed == "off" or (allowed == "loopback" and not _from_loopback(request)):
        raise NotFound
    lines = [
        "# TYPE forum_process_info gauge",
        f'forum_process_info{{pid="{os.getpid()}"}} 1',
        "# TYPE forum_leader gauge",
        f"forum_leader {int(request.app.state.leads())}",
        "# TYPE forum_followers gauge",
        f"forum_followers {len(request.app.state.live.spaces.hub)}",
        "# TYPE forum_resident_bytes gauge",
        f"forum_resident_bytes {_resident()}",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
