import pytest

from ops.rehearsal import overlay
from ops.rehearsal.material import Material


@pytest.fixture
def material(tmp_path):
    for name in ("ssh-user-ca", "approver"):
        (tmp_path / f"{name}.pub").write_text(f"ssh-ed25519 AAAA{name} a comment\n")
    for name in ("chain-binary", "genesis.json"):
        (tmp_path / name).write_text(name)
    return Material(tmp_path)


def fleet():
    return {
        "chain": {"binary": {"sha256": "old"}, "genesis": {"sha256": "old"}},
        "access": {"ssh_user_ca": "old", "approvers": ["old", "older"], "admin_cidrs": ["198.18.0.1/32"]},
    }


def test_the_overlay_replaces_what_every_run_makes_and_nothing_else(material):
    config = {"redoubt:fleet": fleet()}
    overlay.apply(config, overlay.values(material, config))
    access, chain = config["redoubt:fleet"]["access"], config["redoubt:fleet"]["chain"]
    assert access == {
        "ssh_user_ca": "ssh-ed25519 AAAAssh-user-ca",
        "approvers": ["ssh-ed25519 AAAAapprover"],
        "admin_cidrs": ["198.18.0.1/32"],
    }
    assert len(chain["binary"]["sha256"]) == 64
    assert chain["binary"]["sha256"] != chain["genesis"]["sha256"]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"redoubt:fleet": {}},
        {"redoubt:fleet": {"access": None, "chain": "text"}},
        {"redoubt:fleet": {"access": {}, "chain": {"binary": {}}}},
    ],
)
def test_the_overlay_never_adds_so_that_a_missing_field_stays_missing(material, config):
    before = repr(config)
    assert overlay.apply(config, overlay.values(material, config)) == []
    assert repr(config) == before


def test_every_replaced_value_is_printed_before_and_after(material):
    config = {"redoubt:fleet": fleet()}
    text = overlay.describe(overlay.apply(config, overlay.values(material, config)), "Pulumi.testnet.yaml")
    assert "  - redoubt:fleet.access.approvers = [old, older]\n" in text
    assert "  + redoubt:fleet.access.approvers = [ssh-ed25519 AAAAapprover]\n" in text
    assert len(text.splitlines()) == 1 + 2 * 4


def test_no_overlay_is_said_too():
    assert overlay.describe([], "Pulumi.dev.yaml") == "overlay on Pulumi.dev.yaml: none"
