"""What lies in deploy/ is true: its commands, files and settings exist, and what it promises about safety is in it."""

import configparser
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from forum.cli import app
from tests.house.sources import ROOT
from tests.house.test_readme import settings

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
GROWING = (DEPLOY / "growing.md").read_text("utf-8")
UNIT = DEPLOY / "imrf-forum.service"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every `imrf-forum …` of every file here, without the program's name, with where it stands."""
    for path in FILES:
        for found in re.findall(r"imrf-forum ((?:[a-z][a-z-]*|--[a-z-]+)(?: [^\n#`;&|]*)?)", path.read_text("utf-8")):
            words = shlex.split(found.split(":")[0] if found.startswith("--") else found)
            if words[0].startswith("-") or path.suffix in {".conf", ".example"}:
                continue
            yield path.name, words
    for name, service in SERVICES.items():
        if "build" in service:
            yield f"compose.yaml {name}", list(service["command"])


def test_commands_and_their_options_exist() -> None:
    seen = set()
    for where, words in commands():
        command: Any = typer.main.get_command(app)
        while inner := getattr(command, "commands", None):
            word = words.pop(0)
            assert word in inner, f"{where}: no command {word}"
            command = inner[word]
        known = {option for parameter in command.params for option in parameter.opts}
        wrong = {word for word in words if word.startswith("--")} - known
        assert not wrong, f"{where}: {command.name} has no {wrong}"
        seen.add(command.name)
    assert seen >= {"serve", "migrate", "move", "verify", "check", "add"}


def test_files_that_are_named_exist() -> None:
    named = set(re.findall(r"\bdeploy/[\w.-]+[\w]", GROWING + (DEPLOY / "compose.yaml").read_text("utf-8")))
    made = {"deploy/forum.env"}
    assert not {name for name in named - made if not (ROOT / name).exists()}
    assert {f"deploy/{path.name}" for path in FILES} - named <= {"deploy/growing.md", "deploy/Dockerfile.dockerignore"}
    for path in DEPLOY.glob("*.conf"):
        for name in re.findall(r"(?m)^\s*include (\S+);", path.read_text("utf-8")):
            assert (DEPLOY / name).exists(), f"{path.name} includes {name}"


def test_modules_and_targets_exist() -> None:
    assert set(re.findall(r"make ([a-z]+)", GROWING)) == {"run"}
    assert set(re.findall(r"python -m (\w+)", GROWING)) == {"benchmarks"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_settings_exist(path: Path) -> None:
    named = set(re.findall(r"\bFORUM_[A-Z][A-Z_]*[A-Z]\b", path.read_text("utf-8")))
    assert named <= settings()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_secret_no_host_of_ours(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"(?m)^#?(FORUM_SECRET_KEY|PGPASSWORD|FORUM_DEMO_PASSWORD)=\S", text)
    assert not re.search(r"://\w+:[^@/\s]+@", text), "a password in an address"
    hosts = set(re.findall(r"https?://([\w.-]+)", text)) - {"forum.example.org", "127.0.0.1", "forum"}
    assert not hosts


def test_it_is_one_page() -> None:
    assert len(GROWING.splitlines()) <= 130
    steps = re.split(r"(?m)^## \d", GROWING)[1:]
    assert len(steps) == 3
    assert all("|---|---|" in step and "**What gives way next: " in step for step in steps)


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(UNIT, "utf-8")
    return read


def test_the_service_may_do_little() -> None:
    service = unit()["Service"]
    for name in ("NoNewPrivileges", "DynamicUser", "PrivateTmp", "ProtectHome", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["LimitNOFILE"]) > 3 * 10_000
    assert (service["KillSignal"], service["Restart"]) == ("SIGTERM", "on-failure")
    assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"
    assert int(service["TimeoutStopSec"]) > 30 + 10, "a drain of 30 seconds and what is in hand"


def test_systemd_reads_the_service(tmp_path: Path) -> None:
    """By systemd's own word where it is installed; by its form everywhere."""
    lines = [line for line in UNIT.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert all(re.match(r"\[\w+\]$|[A-Z]\w+=", line) for line in lines)
    assert unit().sections() == ["Unit", "Service", "Install"]
    if found := shutil.which("systemd-analyze"):
        copy = tmp_path / UNIT.name
        copy.write_text(UNIT.read_text("utf-8").replace("/opt/imrf-forum/.venv/bin/imrf-forum", "/bin/true"), "utf-8")
        done = subprocess.run([found, "verify", str(copy)], capture_output=True, text=True, check=False)
        assert UNIT.name not in done.stderr, done.stderr


def test_compose_names_versions_and_keeps_secrets_out() -> None:
    for name, service in SERVICES.items():
        _, _, tag = service["image"].rpartition(":")
        assert re.match(r"\d", tag), f"{name}: {service['image']} names no version"
        assert service["image"] != "latest"
        assert "privileged" not in service
        if name != "migrate":
            assert name == "ground" or service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name
    assert SERVICES["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${PGPASSWORD:?")
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["ground"], "only nginx, in the forum's network"
    shared = {name for name, service in SERVICES.items() if service.get("network_mode") == "service:ground"}
    assert shared == {"forum", "proxy"}, "either may start again without the other"
    assert "127.0.0.1" in SERVICES["forum"]["command"]


def test_compose_fits_together() -> None:
    for name, service in SERVICES.items():
        for other, condition in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{name} waits for {other}"
        for volume in service.get("volumes", ()):
            origin = volume.split(":")[0]
            known = (
                (DEPLOY / origin).exists() if origin.startswith(".") else origin.startswith("/") or origin in COMPOSE["volumes"]
            )
            assert known, f"{name}: {origin}"
    build = SERVICES["forum"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).exists()
    hosts = re.findall(r"@(\w+)/|//(\w+):", " ".join(SERVICES["forum"]["environment"].values()))
    assert {one or other for one, other in hosts} == {"database", "bus"}


def test_the_image_is_locked_and_not_roots() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    first, last = (f"FROM {part}" for part in text.split("\nFROM ")[1:])
    assert "install --require-hashes -r requirements.txt" in first
    bases = re.findall(r"(?m)^FROM (\S+)", text)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases[0])
    assert re.search(r"(?m)^USER [1-9]\d*$", last)
    assert not re.search(r"apt-get|gcc|index|pip install|--trusted-host", last)
    assert "index" not in re.sub(r"(?m)^#.*", "", text)
    allowed = re.findall(r"(?m)^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"))
    copied = [name for line in re.findall(r"(?m)^COPY ([^-].*) \S+$", first) for name in line.split()]
    assert set(copied) == set(allowed)
    assert all((ROOT / name).exists() for name in copied)


def test_nginx_keeps_no_pages() -> None:
    text = (DEPLOY / "nginx-forum.conf").read_text("utf-8")
    blocks = dict(re.findall(r"(?ms)^location (\S+) \{(.*?)^\}", text))
    assert [name for name, block in blocks.items() if "proxy_cache " in block] == ["/static/"]
    assert "proxy_set_header" not in "".join(blocks.values()), "a location that sets one header inherits none"
    assert "proxy_ignore_headers Cache-Control" not in text
