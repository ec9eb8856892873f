"""A secret in clear is refused before anything else, by shape or by name, and never repeated."""

import pytest

from fleet.plan import plan
from fleet.problems import FleetError
from fleet.secrets import clear_secrets
from tests.support.samples import committed

AGE = "AGE-SECRET-KEY-1" + "Q" * 58
BODY = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3Blbn\n-----END"
AWS = "AKIA" + "A" * 16


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("any", BODY, "a private key"),
        ("any", AGE, "an age identity"),
        ("any", f"id {AWS}", "an AWS access key"),
        ("any", "dop_v1_" + "0" * 64, "a DigitalOcean token"),
        ("any", "pul-" + "0" * 40, "a Pulumi access token"),
        ("any", '{"priv_key": {"type": "tendermint/PrivKeyEd25519"}}', "a consensus key"),
        ("any", "PrivateKey = AAAA", "a WireGuard private key"),
        ("any", "https://user:pass@example.org/x", "a credential in a URL"),
        ("any", " ".join(["abandon"] * 24), "a mnemonic"),
        ("aws:secretKey", "x", "is named like a secret"),
        ("digitalocean:token", "x", "is named like a secret"),
        ("a.password", "x", "is named like a secret"),
    ],
)
def test_what_looks_like_a_secret_is_found_and_not_repeated(field: str, value: str, what: str) -> None:
    (problem,) = clear_secrets(value, field)
    assert what in str(problem)
    assert value not in str(problem)
    assert "replace the secret" in problem.remedy


@pytest.mark.parametrize("stack", ["testnet", "mainnet"])
def test_the_committed_stack_files_hold_none(stack: str) -> None:
    assert list(clear_secrets(committed(stack), "")) == []


def test_it_is_found_at_any_depth_and_named_by_its_path() -> None:
    config = committed("testnet")
    config["sites"][0]["machines"]["sentry"]["type"] = AWS
    with pytest.raises(FleetError) as caught:
        plan(config, "testnet")
    assert "sites[0].machines.sentry.type: holds what looks like an AWS access key" in str(caught.value)
    assert AWS not in str(caught.value)
