"""The real nginx with the configuration of `deploy/`, before a forum on loopback.

    with forum_behind_nginx(tmp_path) as (forum, front):
        front.api().ask("GET", "/spaces")      # through nginx; `front` is a Server to all who visit one

The files are those that ship, byte for byte, but for nginx-site.conf, which says where things are: on this machine, elsewhere.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT
from tests.support.server import Server, demo_server

SHIPPED = ("nginx.conf", "nginx-forum.conf")
SITE = """
upstream forum {{
    server 127.0.0.1:{forum} max_fails=0;
    keepalive 64;
    keepalive_timeout 15s;
}}
proxy_cache_path {folder}/cache keys_zone=static:4m max_size=16m use_temp_path=off;
server {{
    listen 127.0.0.1:{port};
    server_name 127.0.0.1;
    include nginx-forum.conf;
}}
"""


def nginx() -> str | None:
    """Return the path of nginx, or None; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class Nginx(Server):
    """nginx as a server: whoever asks it, asks the forum at `behind`, a port. `site` is the text of nginx-site.conf."""

    def __init__(self, folder: Path, behind: int = 0, site: str = SITE) -> None:
        super().__init__(folder / "nginx", {})
        self.folder = folder
        self.behind = behind
        self.site = site

    def words(self, *more: str) -> list[str]:
        """Write the configuration; return the command that runs nginx with it."""
        for name in SHIPPED:
            shutil.copyfile(ROOT / "deploy" / name, self.folder / name)
        text = self.site.format(forum=self.behind, folder=self.folder, port=self.port)
        (self.folder / "nginx-site.conf").write_text(text, "utf-8")
        found = nginx()
        assert found
        options = f"pid {self.folder}/nginx.pid; daemon off;"
        return [found, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", options, *more]

    def start(self) -> None:
        """Start and wait until it listens."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.words(), stdout=log, stderr=log)
        end = time.monotonic() + 10
        while not self.ready():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < end, self.output()
            time.sleep(0.02)

    def ready(self) -> bool:
        """Whether it listens."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


@contextlib.contextmanager
def nginx_folder() -> Iterator[Path]:
    """Make a folder that the workers of nginx, which are not root, can read: pytest's own is for its user alone."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@contextlib.contextmanager
def forum_behind_nginx(folder: Path, **env: str) -> Iterator[tuple[Server, Nginx]]:
    """Run the demonstration in `folder` and nginx before it; the public address is nginx's."""
    with nginx_folder() as place:
        front = Nginx(place)
        with demo_server(folder, "serve", FORUM_BASE_URL=front.url, **env) as forum:
            front.behind = forum.port
            front.start()
            try:
                yield forum, front
            finally:
                front.close()
