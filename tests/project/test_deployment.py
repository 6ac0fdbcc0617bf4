"""What `deploy/` has for systemd and for containers fits the program, and gives it no more than it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.website.guard import FOR_MONITORS, MOST_BYTES, MOST_WEBHOOK_BYTES
from bulletin.website.server import GRACE_SECONDS, USUAL_PORT
from checkout import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
CONTAINERS = DEPLOY / "containers"
CONTAINERFILE = (CONTAINERS / "Containerfile").read_text(encoding="utf-8")
CADDYFILE = (CONTAINERS / "Caddyfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((CONTAINERS / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "bulletin"}
COMMAND = "/usr/local/bin/bulletin"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def find_call(path: Path) -> list[str]:
    """The words of a unit's command after the program."""
    (line,) = re.findall(rf"{COMMAND} (.*(?:\\\n.*)*)", read(path))
    return [word for word in re.split(r"[\s\\'\"]+", line) if word]


# --- systemd


def test_systemd_takes_each_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "Install it: apt-get install --no-install-recommends systemd"
    for path in UNITS:  # it looks for the program, which is installed on no machine that only tests
        (tmp_path / path.name).write_text(read(path).replace(COMMAND, "/bin/true"), encoding="utf-8")

    call = [analyze, "verify", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_unit_calls_a_command_that_exists_and_has_rights_to_little(path: Path) -> None:
    words = find_call(path)
    command = words[:2] if words[0] == "database" else words[:1]
    helped = CliRunner().invoke(make_app(), [*command, "--help"], env={"COLUMNS": "200"})
    assert helped.exit_code == 0
    assert set(re.findall(r"--[a-z-]+", " ".join(words))) <= set(re.findall(r"--[a-z-]+", helped.output))
    folder = words[words.index("--workspace") + 1]
    lines = read(path).splitlines()
    assert {"User=bulletin", "NoNewPrivileges=yes", "ProtectSystem=strict", f"ReadWritePaths={folder}"} <= set(lines)
    assert not re.search(r"PASSWORD|SECRET", read(path)), "secrets are in /etc/bulletin.env"


def test_a_worker_that_hangs_is_started_anew_and_the_pages_come_back() -> None:
    worker, pages = (read(DEPLOY / "systemd" / f"bulletin-{name}.service") for name in ("worker", "serve"))

    assert {"Type=notify", "WatchdogSec=90", "Restart=always"} <= set(worker.splitlines())
    assert "Restart=always" in pages.splitlines()
    assert int(re.findall(r"TimeoutStopSec=(\d+)", pages)[0]) > GRACE_SECONDS
    assert f"serve --port {USUAL_PORT} " in pages


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_that_the_documents_write_out_says_the_same(path: Path) -> None:
    """A line of the document is one of the file. The pages' service has another name in it."""
    written = {
        block.partition("\n")[2]
        for document in ("running", "serving", "workers")
        for block in re.findall(r"((?:^    .*\n|^\n(?=    ))+)", read(ROOT / f"docs/{document}.md"), re.MULTILINE)
        if "[Unit]" in block
    }
    same = [block for block in written if f"{find_core(read(path))}\n" in dedent(block)]
    for block in same:
        assert {line for line in dedent(block).splitlines() if line} <= set(read(path).splitlines())
    assert same or path.stem == "bulletin-backup"


def find_core(unit: str) -> str:
    """The line by which two units are told to be of the same."""
    return re.findall(r"^(?:ExecStart|OnCalendar)=.*", unit, re.MULTILINE)[0]


# --- containers


def test_the_image_has_all_that_the_package_is_made_of_and_runs_as_no_root() -> None:
    copied = set(" ".join(re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE)).split())
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "constraints.txt"} <= copied
    assert {project["project"]["readme"], *project["project"]["license-files"]} <= copied
    assert all((ROOT / name).exists() for name in copied)
    let_in = {line[1:] for line in read(CONTAINERS / "Containerfile.dockerignore").splitlines() if line[:1] == "!"}
    assert let_in == copied
    extras = re.findall(r"\"\.\[(.*)\]\"", CONTAINERFILE)[0].split(",")
    assert set(extras) <= set(project["project"]["optional-dependencies"])
    (user,) = re.findall(r"^USER (\d+)$", CONTAINERFILE, re.MULTILINE)
    assert int(user) > 0
    assert f"--uid {user} " in CONTAINERFILE


def test_the_image_serves_the_usual_port_and_is_asked_whether_it_is_well() -> None:
    assert f"EXPOSE {USUAL_PORT}\n" in CONTAINERFILE
    assert f"127.0.0.1:{USUAL_PORT}{FOR_MONITORS[0]}'" in CONTAINERFILE
    assert COMPOSE["services"]["web"]["command"] == ["serve", "--host", "0.0.0.0", "--port", str(USUAL_PORT)]
    assert f'CMD ["serve", "--host", "0.0.0.0", "--port", "{USUAL_PORT}"]' in CONTAINERFILE


def test_each_container_of_ours_can_write_to_the_workspace_alone() -> None:
    assert set(OURS) == {"web", "worker-1", "worker-2", "backup"}
    for name, one in OURS.items():
        assert one["read_only"], name
        assert (one["cap_drop"], one["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
        assert one["hostname"] == f"bulletin-{name}", "the workspace is known by the computer’s name"
    assert all(OURS[name]["command"] == ["worker"] for name in ("worker-1", "worker-2"))


def test_only_the_proxy_is_reached_from_outside_and_the_database_reaches_no_one() -> None:
    services = COMPOSE["services"]

    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert services["database"]["networks"] == ["behind"]
    assert COMPOSE["networks"]["behind"] == {"internal": True}
    assert "behind" not in services["proxy"]["networks"]


def test_the_guide_names_the_network_of_the_proxy() -> None:
    (subnet,) = (one["subnet"] for one in COMPOSE["networks"]["front"]["ipam"]["config"])

    assert f"proxies: [{subnet}]" in read(ROOT / "docs/running-in-containers.md")


def test_the_proxy_logs_no_request_and_takes_no_larger_ones_than_we_do() -> None:
    assert re.search(r"log default \{\s*exclude http\.log\.error\s*\}", CADDYFILE)
    assert "output" not in CADDYFILE
    assert f"max_size {MOST_BYTES // 1024}KB" in CADDYFILE
    assert f"max_size {MOST_WEBHOOK_BYTES // 1024**2}MB" in CADDYFILE
    assert f"reverse_proxy web:{USUAL_PORT}" in CADDYFILE
    assert f"respond {FOR_MONITORS[1]} 404" in CADDYFILE


def test_secrets_are_in_files_that_the_repository_does_not_take() -> None:
    named = {one["env_file"] for one in COMPOSE["services"].values()}

    assert {f"{name}.example" for name in named} == {path.name for path in CONTAINERS.glob("*.example")}
    assert "deploy/containers/*.env" in read(ROOT / ".gitignore").splitlines()
    assert not re.search(r"PASSWORD|SECRET", read(CONTAINERS / "compose.yaml") + CONTAINERFILE)
    program = "".join(read(path) for path in (ROOT / "bulletin").rglob("*.py"))
    for variable in re.findall(r"^(BULLETIN_\w+)=", read(CONTAINERS / "bulletin.env.example"), re.MULTILINE):
        assert f'"{variable}"' in program
