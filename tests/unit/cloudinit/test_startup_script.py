"""The startup script of GCP hosts: run for real in a folder that stands for the root, twice, by the shell that Debian has."""

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudinit.first_boot import LARGEST_BYTES, boot_files
from cloudinit.startup_script import startup_script
from fleet.plan import Plan, plan
from tests.support.samples import ROOT, changed, four_providers

HOST = "s2-gateway-1"
HOST_KEY = "etc/ssh/ssh_host_ed25519_key"
STAND_INS = {
    "hostname": 'cat "$ROOT/etc/hostname"',
    "hostnamectl": 'echo "$2" >"$ROOT/etc/hostname"',
    "useradd": 'echo "redoubt:x:1000:1000::/home/redoubt:/bin/bash" >>"$ROOT/etc/passwd"',
    "systemctl": "",
    "sshd": '[ ! -e "$ROOT/sshd-refuses" ]',
    "ggactl_plugin": "",
}


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(four_providers(), "testnet")


@dataclass(frozen=True)
class Machine:
    """A root with stand-ins for what would change this machine; each notes that it was called."""

    root: Path
    script: str

    def boot(self) -> tuple[int, list[str]]:
        """Runs the script; its exit code, and the calls."""
        log = self.root.parent / "calls"
        log.write_text("")
        environment = {"ROOT": str(self.root), "PATH": f"{self.root.parent / 'bin'}:{os.defpath}", "LOG": str(log)}
        done = subprocess.run(["dash"], check=False, input=self.script, env=environment, text=True, capture_output=True)
        calls = [line for line in log.read_text().splitlines() if not line.startswith("hostname ")]
        return done.returncode, [*calls, *done.stderr.splitlines()]

    def contents(self) -> dict[str, tuple[str, int, int]]:
        """Every file with its content, mode and inode: a file that was written anew has another one."""
        return {
            str(path.relative_to(self.root)): (path.read_text(), stat.S_IMODE(path.stat().st_mode), path.stat().st_ino)
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def machine(planned: Plan, tmp_path: Path) -> Machine:
    root = tmp_path / "root"
    (root / "etc" / "ssh").mkdir(parents=True)
    for name, content in {
        "hostname": "localhost\n",
        "hosts": "127.0.0.1 localhost\n",
        "passwd": "root:x:0:0::/root:/bin/sh\n",
    }.items():
        (root / "etc" / name).write_text(content)
    (tmp_path / "bin").mkdir()
    for name, body in STAND_INS.items():
        path = tmp_path / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"$LOG"\n{body}\n')
        path.chmod(0o755)
    return Machine(root, startup_script(planned, planned.host[HOST]))


FIRST_CALLS = [
    "hostnamectl set-hostname redoubt-testnet-s2-gateway-1",
    "useradd -m -s /bin/bash redoubt",
    "sshd -t",
    "systemctl reload-or-restart ssh",
    "systemctl try-restart google-guest-agent",
    "ggactl_plugin coreplugin restart",
]


def test_the_first_boot_does_all_and_the_second_changes_nothing(planned: Plan, machine: Machine) -> None:
    assert machine.boot() == (0, FIRST_CALLS)
    after_first = machine.contents()
    assert machine.boot() == (0, [])
    assert machine.contents() == after_first
    written = {f"/{path}": text for path, (text, _, _) in after_first.items()}
    assert {file.path: file.content for file in boot_files(planned, planned.host[HOST])}.items() <= written.items()
    assert not [path for path in after_first if path.endswith(".new")]


def test_files_have_their_modes_and_the_key_is_roots_alone(machine: Machine) -> None:
    machine.boot()
    modes = {path: mode for path, (_, mode, _) in machine.contents().items()}
    assert modes["etc/sudoers.d/90-redoubt"] == 0o440
    assert modes[HOST_KEY] == 0o600
    assert {mode for path, mode in modes.items() if path not in ("etc/sudoers.d/90-redoubt", HOST_KEY)} == {0o644}


def test_the_agent_manages_no_accounts_and_no_host_keys(machine: Machine) -> None:
    machine.boot()
    config = (machine.root / "etc" / "default" / "instance_configs.cfg").read_text()
    assert config == "[Daemons]\naccounts_daemon = false\n\n[InstanceSetup]\nset_host_keys = false\n"


def test_a_host_key_that_is_there_stays(machine: Machine) -> None:
    (machine.root / HOST_KEY).write_text("the key of the image's agent\n")
    (machine.root / "etc/ssh/ssh_host_rsa_key").write_text("another\n")
    machine.boot()
    assert (machine.root / HOST_KEY).read_text() == "the key of the image's agent\n"
    assert (machine.root / "etc/ssh/ssh_host_rsa_key").exists()


def test_a_host_key_that_a_power_cut_left_empty_or_half_made_is_made_anew(machine: Machine) -> None:
    (machine.root / HOST_KEY).write_text("")
    (machine.root / f"{HOST_KEY}.new").write_text("half")
    assert machine.boot() == (0, FIRST_CALLS)
    assert (machine.root / HOST_KEY).read_text().startswith("-----BEGIN OPENSSH PRIVATE KEY-----")


def test_settings_that_sshd_refuses_are_not_loaded_and_said(machine: Machine) -> None:
    (machine.root / "sshd-refuses").touch()
    code, said = machine.boot()
    assert code == 1
    assert "systemctl reload-or-restart ssh" not in said
    assert "ggactl_plugin coreplugin restart" in said
    assert said[-1] == "redoubt: sshd refuses its settings and was not reloaded"


def test_what_was_changed_by_hand_is_put_back(machine: Machine) -> None:
    machine.boot()
    good = machine.contents()
    drop_in = machine.root / "etc/ssh/sshd_config.d/00-redoubt.conf"
    drop_in.write_text("PasswordAuthentication yes\n")
    sudoers = machine.root / "etc/sudoers.d/90-redoubt"
    sudoers.chmod(0o666)
    assert machine.boot() == (0, ["sshd -t", "systemctl reload-or-restart ssh"])
    assert {path: found[:2] for path, found in machine.contents().items()} == {
        path: found[:2] for path, found in good.items()
    }


def test_an_agent_without_plugins_is_restarted_by_its_unit(machine: Machine) -> None:
    (machine.root.parent / "bin" / "ggactl_plugin").unlink()
    assert machine.boot() == (0, FIRST_CALLS[:-1])


def test_shellcheck_has_nothing_to_say(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "startup.sh"
    path.write_text(machine.script)
    done = subprocess.run([ROOT / ".venv/bin/shellcheck", path], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_script_is_small_holds_no_secret_and_outlives_growth(planned: Plan) -> None:
    grown = plan(changed(four_providers(), lambda c: c["sites"][1].update(sentries=3)), "testnet")
    for host in planned.hosts:
        text = startup_script(planned, host)
        assert text == startup_script(grown, grown.host[host.name])
        assert len(text.encode()) < LARGEST_BYTES
        assert "PRIVATE" not in text
