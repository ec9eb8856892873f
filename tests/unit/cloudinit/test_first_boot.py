"""What a host is told at its first boot: operators in by certificate, nobody else, and the same bytes for its life."""

import json
from typing import Any

import pytest

from cloudinit.first_boot import LARGEST_BYTES, sshd_drop_in, user_data
from fleet.hosts import Host
from fleet.plan import Plan, plan
from tests.support.samples import four_providers

SSHD = {
    "HostKey": "/etc/ssh/ssh_host_ed25519_key",
    "KexAlgorithms": "mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com",
    "TrustedUserCAKeys": "/etc/ssh/redoubt_user_ca.pub",
    "AuthorizedPrincipalsFile": "/etc/ssh/redoubt_principals/%u",
    "AuthorizedKeysFile": "none",
    "AuthenticationMethods": "publickey",
    "PasswordAuthentication": "no",
    "KbdInteractiveAuthentication": "no",
    "PermitRootLogin": "no",
    "X11Forwarding": "no",
    "AllowAgentForwarding": "no",
    "AllowStreamLocalForwarding": "no",
    "LogLevel": "VERBOSE",
}


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(four_providers(), "testnet")


def settings_of(host: Host) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in sshd_drop_in(host).splitlines())


def document(planned: Plan, name: str) -> dict[str, Any]:
    text = user_data(planned, planned.host[name])
    assert text.startswith("#cloud-config\n")
    return json.loads(text.split("\n", 1)[1])


def files(planned: Plan, name: str) -> dict[str, str]:
    return {file["path"]: file["content"] for file in document(planned, name)["write_files"]}


def test_sshd_takes_certificates_alone_and_forwards_on_gateways_only(planned: Plan) -> None:
    for host in planned.hosts:
        forwarding = {"AllowTcpForwarding": "no"}
        if host.role == "gateway":
            forwarding = {"AllowTcpForwarding": "local", "PermitOpen": "*:22"}
        assert settings_of(host) == SSHD | forwarding


def test_the_drop_in_comes_before_those_of_the_image(planned: Plan) -> None:
    assert "/etc/ssh/sshd_config.d/00-redoubt.conf" in files(planned, "s1-validator-1")


def test_the_operators_authority_is_the_only_one_trusted(planned: Plan) -> None:
    assert files(planned, "s1-validator-1")["/etc/ssh/redoubt_user_ca.pub"] == planned.ssh_user_ca + "\n"


def test_principals_are_those_of_the_fleet_and_of_the_role(planned: Plan) -> None:
    for name in ("s1-gateway-1", "s2-cosigner-1"):
        principals = files(planned, name)["/etc/ssh/redoubt_principals/redoubt"].splitlines()
        assert principals == ["redoubt-testnet", f"redoubt-testnet:{planned.host[name].role}"]


def test_there_is_one_user_without_a_password_and_host_keys_stay(planned: Plan) -> None:
    found = document(planned, "s1-sentry-1")
    (user,) = found["users"]
    assert (user["name"], user["lock_passwd"]) == ("redoubt", True)
    assert (found["ssh_deletekeys"], found["ssh_pwauth"], found["disable_root"]) == (False, False, True)


def test_cloud_init_goes_off_only_if_sshd_accepts_its_settings(planned: Plan) -> None:
    ((shell, flag, script),) = document(planned, "s1-sentry-1")["runcmd"]
    assert (shell, flag) == ("sh", "-c")
    assert script.index("sshd -t &&") < script.index("reload ssh &&") < script.index("cloud-init.disabled")


def test_every_role_fits_and_each_host_is_told_its_own_name(planned: Plan) -> None:
    told = {host.name: user_data(planned, host) for host in planned.hosts}
    assert all(len(text) <= LARGEST_BYTES for text in told.values())
    assert all(
        json.loads(text.split("\n", 1)[1])["hostname"] == planned.host[name].full_name for name, text in told.items()
    )
