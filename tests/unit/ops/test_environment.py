from pathlib import Path

import pytest

from ops.rehearsal import environment


def build(**caller):
    return environment.build(caller, Path("/r"), "testnet", [Path("/r/bin"), Path("/tools")])


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GCLOUD_PROJECT",
        "CLOUDSDK_CONFIG",
        "DIGITALOCEAN_TOKEN",
        "SPACES_SECRET_ACCESS_KEY",
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_IGNORE_AMBIENT_PLUGINS",
        "SSH_AUTH_SOCK",
        "PYTHONPATH",
    ],
)
def test_no_credential_and_no_pulumi_setting_of_the_caller_passes(name):
    assert name not in build(**{name: "the caller's"})


def test_what_is_no_credential_passes():
    assert build(HOME="/home/me", LANG="C.UTF-8")["HOME"] == "/home/me"


def test_the_simulated_providers_come_first_and_the_callers_path_last():
    assert build(PATH="/usr/bin")["PATH"] == "/r/bin:/tools:/usr/bin"


def test_all_that_the_engine_keeps_lies_in_the_rehearsal():
    built = build()
    assert built["PULUMI_HOME"] == "/r/home"
    assert built["PULUMI_BACKEND_URL"] == "file:///r/state"
    assert built["REDOUBT_SIMCLOUD"] == "/r/cloud.sqlite"
    assert built["PULUMI_STACK"] == "testnet"


def test_the_passphrase_is_given_by_file_only():
    built = build(PULUMI_CONFIG_PASSPHRASE="secret")
    assert built["PULUMI_CONFIG_PASSPHRASE_FILE"] == "/r/passphrase"
    assert "secret" not in built.values()


def test_the_engine_asks_the_internet_for_nothing():
    built = build()
    for name in ("SKIP_UPDATE_CHECK", "DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "DISABLE_REGISTRY_RESOLVE"):
        assert built[f"PULUMI_{name}"] == "true"
