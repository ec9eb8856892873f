"""What a rehearsal generates, and that it keeps its hands off the committed files."""

import subprocess
import time

import pytest

from ops.rehearsal import Rehearsal, RehearsalError, stackfile


def generated(rehearsal):
    names = ("Pulumi.yaml", "Pulumi.testnet.yaml", "passphrase")
    return {name: (rehearsal.directory / name).read_bytes() for name in names}


def test_committed_files_stay_byte_for_byte_whatever_the_engine_does_to_its_own(rehearsal, committed):
    before = committed.content()
    for operation in (rehearsal.preview, rehearsal.up, rehearsal.up, rehearsal.destroy, rehearsal.preview):
        operation()
    assert committed.content() == before


def test_the_generated_files_are_made_again_from_the_committed_ones_before_each_operation(rehearsal):
    rehearsal.up()
    before = generated(rehearsal)
    rehearsal.preview()
    assert generated(rehearsal) != before, "the engine left its marks"
    rehearsal.up()
    assert generated(rehearsal) == before


def test_preparing_twice_changes_nothing(rehearsal):
    rehearsal.prepare()
    before = generated(rehearsal)
    rehearsal.prepare()
    assert generated(rehearsal) == before


def test_preparing_takes_less_than_a_second(rehearsal):
    started = time.monotonic()
    rehearsal.prepare()
    assert time.monotonic() - started < 1


def test_the_generated_project_leads_back_to_the_program_and_its_environment(rehearsal, committed):
    rehearsal.prepare()
    project = stackfile.load(rehearsal.directory / "Pulumi.yaml")
    assert (rehearsal.directory / project["main"]).resolve() == committed.folder
    environment = project["runtime"]["options"]["virtualenv"]
    assert not environment.startswith("/")
    assert (rehearsal.directory / environment).resolve() == committed.folder / ".venv"
    assert project["requiredPulumiVersion"] == ">=3.259.0"


def test_the_engines_salt_is_kept_and_the_real_stacks_key_is_not_carried_over(rehearsal):
    rehearsal.up()
    rehearsal.up()
    content = stackfile.load(rehearsal.stack_file)
    assert content["encryptionsalt"] == "v1:salt"
    assert "encryptedkey" not in content
    assert "secretsprovider" not in content


@pytest.mark.parametrize("text", ["config:\n  redoubt:fleet: [", "- no mapping\n", ""])
def test_a_generated_stack_file_that_was_cut_off_is_no_obstacle(rehearsal, text):
    rehearsal.prepare()
    whole = rehearsal.stack_file.read_bytes()
    rehearsal.stack_file.write_text(text)
    rehearsal.prepare()
    assert rehearsal.stack_file.read_bytes() == whole


def test_the_stack_is_made_once(rehearsal, log):
    rehearsal.preview()
    rehearsal.up()
    lines = log.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["stack", "preview", "up"]
    assert lines[0] == "stack init testnet --secrets-provider passphrase --non-interactive"
    assert "--yes" in lines[2].split()


def test_the_passphrase_is_random_private_and_kept(rehearsal):
    rehearsal.prepare()
    file = rehearsal.directory / "passphrase"
    passphrase = file.read_text()
    assert len(passphrase) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert rehearsal.directory.stat().st_mode & 0o777 == 0o700
    rehearsal.prepare()
    assert file.read_text() == passphrase


def test_an_edit_changes_the_rehearsed_fleet_only(tmp_path, committed, log):
    def fewer(fleet):
        fleet["access"]["admin_cidrs"] = ["0.0.0.0/0"]

    before = committed.content()
    rehearsal = Rehearsal(tmp_path / "r", "testnet", committed.folder, edit=fewer)
    rehearsal.prepare()
    assert stackfile.load(rehearsal.stack_file)["config"]["redoubt:fleet"]["access"]["admin_cidrs"] == ["0.0.0.0/0"]
    assert committed.content() == before


def test_an_edit_can_take_back_what_the_overlay_put_in(tmp_path, committed, log):
    def placeholder(fleet):
        fleet["access"]["ssh_user_ca"] = "REPLACE-WITH-a-key"

    rehearsal = Rehearsal(tmp_path / "r", "testnet", committed.folder, edit=placeholder)
    with pytest.raises(RehearsalError, match=r"redoubt:fleet\.access\.ssh_user_ca is still"):
        rehearsal.prepare()


def test_a_placeholder_that_the_overlay_does_not_know_is_refused_with_its_place(rehearsal, committed):
    text = (committed.folder / "Pulumi.testnet.yaml").read_text()
    committed.write("Pulumi.testnet.yaml", text + "    monitor: {mail: REPLACE-WITH-your-address}\n")
    with pytest.raises(RehearsalError, match=r"Pulumi\.testnet\.yaml cannot be rehearsed:\n  .*fleet\.monitor\.mail"):
        rehearsal.prepare()


def test_a_missing_stack_file_is_told_with_those_that_exist(tmp_path, committed, log):
    with pytest.raises(RehearsalError, match=r"no stack file Pulumi\.devnet\.yaml; stacks: mainnet, testnet") as caught:
        Rehearsal(tmp_path / "r", "devnet", committed.folder).prepare()
    assert "STACK=" in str(caught.value)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["", "../testnet", "a/b", "-x", "a" * 101])
def test_a_name_that_is_no_stack_name_is_refused(tmp_path, committed, name):
    with pytest.raises(RehearsalError, match="is no stack name\n  remedy: name one of mainnet, testnet"):
        Rehearsal(tmp_path / "r", name, committed.folder)


def test_the_engine_gets_the_rehearsals_environment_and_an_additional_one(rehearsal, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the caller's")
    built = rehearsal.environment({"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"})
    assert "AWS_SECRET_ACCESS_KEY" not in built
    assert built["PULUMI_ENABLE_STREAMING_JSON_PREVIEW"] == "true"
    assert built["PATH"].startswith(f"{rehearsal.directory}/bin:")


def test_answers_are_parsed(rehearsal):
    rehearsal.up()
    assert rehearsal.outputs() == {"summary": "three hosts"}
    assert rehearsal.export() == {"deployment": {}}


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("error: get stack secrets manager: incorrect passphrase", "passphrase is not the one"),
        ("error: the stack is currently locked by 1 lock(s)", "make recover STACK=testnet"),
        ('error: Pulumi CLI version 3.1.0 does not satisfy the version range ">=3.259.0"', "make setup"),
        ("error: no resource plugin 'pulumi-resource-gcp' found in the workspace", "simulated providers only"),
    ],
)
def test_a_failure_has_the_engines_words_and_our_remedy(rehearsal, output, remedy):
    rehearsal.prepare()
    with pytest.raises(RehearsalError) as caught:
        rehearsal.pulumi("up", env={"FAIL": output})
    assert output in str(caught.value)
    assert remedy in str(caught.value).partition("remedy: ")[2]


def test_a_failure_that_was_expected_is_handed_over(rehearsal):
    rehearsal.prepare()
    done = rehearsal.pulumi("up", check=False, env={"FAIL": "error: protected"})
    assert (done.returncode, done.stderr) == (255, "error: protected\n")


def test_every_simulated_provider_is_linked_and_a_broken_link_is_mended(rehearsal, tmp_path, monkeypatch):
    providers = tmp_path / "simcloud"
    providers.mkdir()
    (providers / "pulumi-resource-aws").touch()
    (providers / "README.md").touch()
    monkeypatch.setattr("ops.rehearsal.workspace.PROVIDERS", providers)
    rehearsal.prepare()
    link = rehearsal.directory / "bin" / "pulumi-resource-aws"
    link.unlink()
    link.symlink_to("nowhere")
    rehearsal.prepare()
    assert link.resolve() == providers / "pulumi-resource-aws"
    assert [path.name for path in link.parent.iterdir()] == ["pulumi-resource-aws"]


def test_a_rehearsal_reached_through_a_link_finds_its_program(tmp_path, committed, log):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er")
    rehearsal = Rehearsal(tmp_path / "link" / "r", "testnet", committed.folder)
    rehearsal.prepare()
    main = stackfile.load(rehearsal.directory / "Pulumi.yaml")["main"]
    listing = subprocess.run(["ls", main], cwd=rehearsal.directory, check=True, capture_output=True, text=True)
    assert "Pulumi.testnet.yaml" in listing.stdout
