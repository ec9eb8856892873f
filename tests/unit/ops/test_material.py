import pytest

from ops.rehearsal import RehearsalError, material


def test_private_halves_are_readable_by_their_owner_alone(tmp_path):
    made = material.ensure(tmp_path / "material")
    assert made.folder.stat().st_mode & 0o777 == 0o700
    for name in (material.CA, material.APPROVER):
        assert (made.folder / name).stat().st_mode & 0o777 == 0o600


def test_what_goes_into_the_config_has_the_right_shape(tmp_path):
    made = material.ensure(tmp_path / "material")
    assert made.ssh_user_ca.startswith("ssh-ed25519 AAAA")
    assert len(made.ssh_user_ca.split()) == 2
    assert made.ssh_user_ca != made.approver
    assert len(bytes.fromhex(made.binary_sha256)) == 32
    assert made.binary_sha256 != made.genesis_sha256


def values(made):
    return made.ssh_user_ca, made.approver, made.binary_sha256, made.genesis_sha256


def test_it_is_made_once_for_a_rehearsal_and_anew_for_the_next(tmp_path):
    first = values(material.ensure(tmp_path / "material"))
    assert values(material.ensure(tmp_path / "material")) == first
    assert not set(first) & set(values(material.ensure(tmp_path / "another")))


def test_without_openssh_the_remedy_names_the_package_and_nothing_half_made_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RehearsalError, match="openssh-client"):
        material.ensure(tmp_path / "material")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_keygen_is_told_with_its_message(tmp_path, monkeypatch):
    fake = tmp_path / "ssh-keygen"
    fake.write_text("#!/bin/sh\necho 'unknown key type ed25519' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RehearsalError, match="unknown key type ed25519"):
        material.ensure(tmp_path / "material")
    assert list(tmp_path.iterdir()) == [fake]
