"""The comparison with scanners, as far as it goes without one: samples, plans, what counts as explained, the docs."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.scanners import checkov, compare, ours, plans, table
from ops.scanners.__main__ import parser
from ops.scanners.model import Form, Resource, Sample
from ops.scanners.samples import ACCEPTED, SAMPLES

NONE: frozenset[str] = frozenset()
OF_CHECKOV = frozenset({"CKV_1"})
OF_THE_PACK = frozenset({"a-rule"})
SAMPLE = Sample(name="one", resource="a thing", fault="it is broken", sound=(), broken=())


def row(checkov_finds: frozenset[str], pack_finds: frozenset[str], why: str = "") -> compare.Row:
    return compare.Row(
        sample=replace(SAMPLE, why=why),
        checkov=checkov_finds,
        ours=pack_finds,
        against=NONE,
        reversed=NONE,
        refused=NONE,
        near=NONE,
    )


def problems(one: compare.Row, accepted: dict[str, str] | None = None) -> list[str]:
    return list(compare.problems([one], accepted or {}))


def resources(form: Form) -> list[dict[str, object]]:
    return plans.plan(form)["planned_values"]["root_module"]["resources"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_no_rule_of_a_cloud_refuses_a_sound_form(sample: Sample) -> None:
    assert ours.on_single_resources(ours.violated(sample.sound)) == NONE


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_the_pack_says_of_a_broken_form_all_that_it_says_of_the_sound_one(sample: Sample) -> None:
    """A fault that hid another finding would not be a single one."""
    assert ours.violated(sample.sound) <= ours.violated(sample.broken)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_a_sample_without_a_finding_of_the_pack_says_why(sample: Sample) -> None:
    assert ours.violated(sample.broken) - ours.violated(sample.sound) or sample.why


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_every_form_has_a_plan_and_differs_from_the_other(sample: Sample) -> None:
    assert plans.plan(sample.sound) != plans.plan(sample.broken)
    for form in (sample.sound, sample.broken, *([sample.near[1]] if sample.near else [])):
        addresses = [one["address"] for one in resources(form)]
        assert len(addresses) == len(set(addresses)) == len(form), "two resources are one in the plan"


def test_samples_are_of_all_three_clouds_and_have_names_of_their_own() -> None:
    assert {one.name.partition("-")[0] for one in SAMPLES} == {"aws", "gcp", "digitalocean"}
    assert len({one.name for one in SAMPLES}) == len(SAMPLES) >= 12


def test_a_plan_says_each_resource_thrice_as_terraform_does() -> None:
    made = plans.plan(SAMPLES[0].sound)
    heads = [
        [(one["address"], one["type"], one["name"]) for one in part]
        for part in (
            made["planned_values"]["root_module"]["resources"],
            made["resource_changes"],
            made["configuration"]["root_module"]["resources"],
        )
    ]
    assert heads[0] == heads[1] == heads[2]
    assert [one["change"]["after"] for one in made["resource_changes"]] == [
        one["values"] for one in made["planned_values"]["root_module"]["resources"]
    ]
    assert json.loads(json.dumps(made)) == made


def test_a_property_is_written_as_terraform_has_it() -> None:
    form = (
        Resource(
            type="gcp:compute/instance:Instance",
            name="s2-cosigner-1",
            props={
                "canIpForward": False,
                "metadata": {"enable-oslogin": "FALSE"},
                "bootDisk": {"kmsKeySelfLink": "key", "initializeParams": {"size": 20}},
                "networkInterfaces": [{"networkIp": "10.2.8.140", "accessConfigs": [{"natIp": "198.18.0.1"}]}],
                "tags": ["a-b"],
            },
        ),
    )
    assert resources(form)[0]["values"] == {
        "can_ip_forward": False,
        "metadata": {"enable-oslogin": "FALSE"},
        "boot_disk": [{"kms_key_self_link": "key", "initialize_params": [{"size": 20}]}],
        "network_interface": [{"network_ip": "10.2.8.140", "access_config": [{"nat_ip": "198.18.0.1"}]}],
        "tags": ["a-b"],
    }


def test_a_link_is_a_reference_at_the_same_place() -> None:
    key = Resource(type="aws:kms/key:Key", name="s1-volumes", props={})
    host = Resource(
        type="aws:ec2/instance:Instance",
        name="s1-cosigner-1",
        props={"rootBlockDevice": {"kmsKeyId": "arn"}},
        links={"rootBlockDevice.kmsKeyId": key.key},
    )
    written = plans.plan((host, key))["configuration"]["root_module"]["resources"][0]["expressions"]
    assert written == {
        "root_block_device": [{"kms_key_id": {"references": ["aws_kms_key.s1_volumes.id", "aws_kms_key.s1_volumes"]}}]
    }


def test_a_fault_that_both_find_needs_no_explanation() -> None:
    assert problems(row(OF_CHECKOV, OF_THE_PACK)) == []


@pytest.mark.parametrize(
    ("one", "said"),
    [
        pytest.param(row(NONE, OF_THE_PACK), "the pack alone finds the fault", id="pack alone"),
        pytest.param(row(OF_CHECKOV, NONE), "Checkov alone finds the fault", id="Checkov alone"),
        pytest.param(row(OF_CHECKOV, OF_THE_PACK, "because"), "both find the fault", id="no difference any more"),
        pytest.param(row(NONE, NONE), "neither finds the fault", id="neither"),
        pytest.param(row(NONE, NONE, "because"), "neither finds the fault", id="neither, explained"),
        pytest.param(
            replace(row(OF_CHECKOV, OF_THE_PACK), refused=frozenset({"b-rule"})),
            "b-rule refuses the sound form",
            id="a sound form is refused",
        ),
        pytest.param(
            replace(row(NONE, OF_THE_PACK, "because"), sample=replace(SAMPLE, why="because", near=("CKV_2", ()))),
            "CKV_2 passes the form that it is to find",
            id="the close form passes",
        ),
    ],
)
def test_what_is_not_explained_or_explained_in_vain_is_a_problem(one: compare.Row, said: str) -> None:
    found = problems(one)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("one", [row(NONE, OF_THE_PACK, "because"), row(OF_CHECKOV, NONE, "because")])
def test_an_explained_difference_is_none(one: compare.Row) -> None:
    assert problems(one) == []


def test_a_check_that_fails_on_a_sound_form_needs_a_reason_and_a_reason_such_a_check() -> None:
    one = replace(row(OF_CHECKOV, OF_THE_PACK), against=frozenset({"CKV_3"}))
    assert "CKV_3 fails on the sound form of one" in problems(one)[0]
    assert problems(one, {"CKV_3": "because"}) == []
    assert "CKV_3 fails on no sound form any more" in problems(row(OF_CHECKOV, OF_THE_PACK), {"CKV_3": "because"})[0]


def test_a_check_that_fails_on_both_forms_has_not_found_the_fault() -> None:
    sample = next(one for one in SAMPLES if one.name == "gcp-public-role")
    found = compare.row(sample, frozenset({"CKV_GCP_40"}), frozenset({"CKV_GCP_40"}))
    assert (found.checkov, found.against) == (NONE, {"CKV_GCP_40"})
    assert found.ours == {"gcp-instance-private"}


def test_a_check_that_passes_the_broken_form_alone_is_told_apart() -> None:
    found = compare.row(SAMPLES[0], frozenset({"CKV_1", "CKV_2"}), frozenset({"CKV_2"}))
    assert found.reversed == {"CKV_1"}


def report(failed: list[str], **summary: int) -> str:
    return json.dumps(
        {
            "results": {"failed_checks": [{"check_id": one} for one in failed]},
            "summary": {"parsing_errors": 0, "resource_count": 2, **summary},
        }
    )


def test_a_report_is_the_ids_of_failed_checks() -> None:
    assert checkov.read(report(["CKV_1", "CKV_2", "CKV_1"])) == {"CKV_1", "CKV_2"}


@pytest.mark.parametrize(
    "output",
    [
        "",
        "no JSON",
        json.dumps({"passed": 0, "failed": 0}),
        json.dumps([]),
        report([], parsing_errors=1),
        report([], resource_count=0),
    ],
)
def test_a_report_on_nothing_is_never_taken_for_one_without_faults(output: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checkov.read(output)


def test_the_scanner_and_all_that_it_needs_is_pinned_with_hashes() -> None:
    lines = [one for one in checkov.REQUIREMENTS.read_text().splitlines() if one and not one.startswith("#")]
    packages = [index for index, one in enumerate(lines) if not one.startswith(" ")]
    assert all(re.match(r"[a-z0-9._-]+==\S+", lines[index]) for index in packages)
    assert all(lines[index + 1].strip().startswith("--hash=sha256:") for index in packages)
    assert re.fullmatch(r"\d+\.\d+\.\d+", checkov.version())


def cells() -> dict[str, list[str]]:
    """The rows of the table in the docs, by sample."""
    text = table.DOCS.read_text().partition(table.BEGIN)[2].partition(table.END)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| ")
    ]
    return {one[0]: one[1:] for one in rows}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_the_docs_say_what_the_pack_says_today(sample: Sample) -> None:
    new = ours.violated(sample.broken) - ours.violated(sample.sound)
    assert sample.name in cells(), "run `python -m ops.scanners --write`"
    fault, _, pack, why = cells()[sample.name]
    assert fault == f"{sample.resource}: {sample.fault}"
    assert pack == table.found(new)
    assert why.rstrip("| ") == sample.why


def test_the_docs_say_which_version_was_compared_and_hold_no_other_sample() -> None:
    text = table.DOCS.read_text()
    assert re.search(rf"(?m)^\d{{4}}-\d\d-\d\d: Checkov {re.escape(checkov.version())}; the pack of redoubt", text)
    assert set(cells()) - {"sample", "check"} == {one.name for one in SAMPLES} | set(ACCEPTED)


def test_writing_replaces_what_is_between_the_marks_alone(tmp_path: Path) -> None:
    path = tmp_path / "scanners.md"
    path.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.write("new", path)
    table.write("new", path)
    assert path.read_text() == f"before\n{table.BEGIN}\n\nnew\n\n{table.END}\nafter\n"


def test_a_document_without_its_marks_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "scanners.md"
    path.write_text("no marks")
    with pytest.raises(OperationError, match="remedy"):
        table.write("new", path)
    assert path.read_text() == "no marks"


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    assert parser().parse_args([]).write is False
