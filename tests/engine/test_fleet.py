"""The real program under the real engine on a simulated account: what an operator's first weeks look like.

The module's fleet is made once; tests that would change it work on a fleet of their own.
"""

import hashlib
import json
from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from fleet.addressing import Symbol
from fleet.plan import plan
from ops.rehearsal import Rehearsal, RehearsalError, teardown
from simcloud import faults
from simcloud.ledger import Ledger
from tests.support.samples import ROOT, committed, on_aws, shrink

pytestmark = pytest.mark.timeout(600)

INSTANCE = "aws:ec2/instance:Instance"
MACHINES = {INSTANCE, "gcp:compute/instance:Instance", "digitalocean:index/droplet:Droplet"}
CLOUDS = ("aws:", "gcp:", "digitalocean:")
OUTLIVES_A_DESTROY = {"aws:kms/key:Key", "gcp:kms/keyRing:KeyRing", "gcp:kms/cryptoKey:CryptoKey"}
"""AWS schedules a key's deletion, GCP deletes neither keys nor key rings, ever."""
COMMITTED = ("Pulumi.yaml", "Pulumi.testnet.yaml", "Pulumi.mainnet.yaml")


def fingerprints() -> dict[str, str]:
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in COMMITTED}


BEFORE = fingerprints()


def events(output: str) -> list[dict[str, Any]]:
    """The engine's event stream, as `--json` prints it with PULUMI_ENABLE_STREAMING_JSON_PREVIEW."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def steps(rehearsal: Rehearsal, *args: str) -> Counter[tuple[str, str]]:
    """What a preview would do: (operation, type and name) of every step that is not `same`."""
    done = rehearsal.preview("--json", *args, env={"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"})
    found: Counter[tuple[str, str]] = Counter()
    for event in events(done.stdout):
        metadata = event.get("resourcePreEvent", {}).get("metadata")
        if metadata and metadata["op"] not in ("same", "read"):
            found[metadata["op"], metadata["urn"].split("::", 2)[2].split("$")[-1]] += 1
    return found


def records(rehearsal: Rehearsal, stack: str | None = None) -> Counter[tuple[str, str]]:
    """What the account holds of a stack: how many of each type and logical name."""
    ledger = Ledger(rehearsal.cloud)
    try:
        return Counter((r.type, r.name) for r in ledger.records(stack=stack or rehearsal.stack))
    finally:
        ledger.close()


def order(rehearsal: Rehearsal, fault: faults.Fault) -> None:
    ledger = Ledger(rehearsal.cloud)
    faults.add(ledger, fault)
    ledger.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fleet") / "rehearsal"


@pytest.fixture(scope="module")
def testnet(folder: Path) -> Rehearsal:
    rehearsal = Rehearsal(folder, "testnet")
    rehearsal.up()
    return rehearsal


def test_up_makes_the_planned_hosts_with_the_planned_addresses(testnet: Rehearsal) -> None:
    planned = plan(committed("testnet"), "testnet")
    hosts = testnet.outputs()["hosts"]
    assert hosts.keys() == planned.host.keys()
    for name, host in hosts.items():
        private = planned.host[name].private_address
        if isinstance(private, Symbol):
            assert IPv4Address(host["private_address"]) in IPv4Network(private.within)
        else:
            assert host.get("private_address") == private
    public = {name for name, host in hosts.items() if "public_address" in host}
    assert public == {host.name for host in planned.hosts if host.public_address}
    assert len({host["public_address"] for host in hosts.values() if "public_address" in host}) == len(public)
    assert "13 hosts in 4 sites" in testnet.outputs()["summary"]


def test_no_chosen_address_is_one_that_the_config_names(testnet: Rehearsal) -> None:
    """The proofs assume it of the clouds, so the simulated ones hold to it."""
    named = [IPv4Network(one) for one in plan(committed("testnet"), "testnet").admin_cidrs]
    hosts = testnet.outputs()["hosts"].values()
    public = [IPv4Address(host["public_address"]) for host in hosts if "public_address" in host]
    assert not [address for address in public for one in named if address in one]


def test_a_second_up_changes_nothing(testnet: Rehearsal) -> None:
    before = records(testnet)
    testnet.up("--expect-no-changes")
    assert records(testnet) == before


def test_an_update_after_a_refresh_changes_nothing(testnet: Rehearsal) -> None:
    """What the account adds to a resource by itself, an Elastic IP to its instance for one, is no change of ours."""
    testnet.pulumi("refresh", "--yes", "--non-interactive", "--suppress-progress")
    testnet.up("--expect-no-changes")


def test_state_and_account_hold_the_same_resources(testnet: Rehearsal) -> None:
    custom = [r for r in testnet.export()["deployment"]["resources"] if r["type"].startswith(CLOUDS)]
    assert Counter((r["type"], r["urn"].rsplit("::", 1)[1]) for r in custom) == records(testnet)


def test_no_private_key_or_passphrase_is_in_the_state_or_the_account(testnet: Rehearsal) -> None:
    """The rehearsal's own keys and passphrase are real ones: not a line of them may be found where they do not belong."""
    keys = [path.read_text() for path in (testnet.directory / "material").rglob("*") if path.is_file()]
    private = [text for text in keys if "PRIVATE KEY" in text]
    assert private
    secrets = {line for text in private for line in text.splitlines() if "-----" not in line}
    secrets.add((testnet.directory / "passphrase").read_text().strip())
    kept = [path for path in (testnet.directory / "state").rglob("*") if path.is_file()]
    text = json.dumps(testnet.export()) + "".join(path.read_text() for path in kept)
    account = testnet.cloud.read_bytes()
    assert not [secret for secret in secrets if secret in text or secret.encode() in account]


def test_one_more_sentry_adds_its_own_and_touches_nothing_that_exists(testnet: Rehearsal) -> None:
    grown = Rehearsal(testnet.directory, "testnet", edit=lambda c: c["sites"][2].update(sentries=2))
    found = steps(grown)
    made = {name.split("::")[1] for op, name in found if op == "create"}
    rules = {name for name in made if not name.startswith("s3-sentry-2")}
    assert "s3-sentry-2" in made
    assert rules  # AWS has a resource for each rule: those of the gateway that relays to it, and nobody else's
    assert all("-from-public-s3-sentry-2" in rule or "-to-public-s3-sentry-2" in rule for rule in rules), rules
    assert not any("cosigner" in rule for rule in rules)
    # GCP and DigitalOcean keep a rule's peers in one resource, which is changed where it stands.
    changed = {name.split("::")[0] for op, name in found if op == "update"}
    assert changed <= {
        "gcp:compute/firewall:Firewall",
        "digitalocean:index/firewall:Firewall",
        "digitalocean:index/projectResources:ProjectResources",
    }
    assert {op for op, _ in found} == {"create", "update"}


def test_a_validator_cannot_be_dropped_by_editing_the_config(testnet: Rehearsal) -> None:
    before = records(testnet)
    dropped = Rehearsal(testnet.directory, "testnet", edit=lambda c: c["sites"][1].update(validators=0))
    with pytest.raises(RehearsalError, match="protected") as refused:
        dropped.up()
    assert "s2-validator-1" in str(refused.value)
    assert records(testnet) == before


def test_destroy_is_refused_and_says_how_to_go_on(testnet: Rehearsal) -> None:
    before = records(testnet)
    with pytest.raises(RehearsalError, match="--run-program") as refused:
        testnet.destroy()
    assert "retire: true" in str(refused.value)
    assert records(testnet) == before


def retire(config: dict[str, Any]) -> None:
    shrink(config)
    config["retire"] = True


def test_letting_go_of_one_stack_leaves_the_other_whole(testnet: Rehearsal, folder: Path) -> None:
    """Two stacks in one account: the other is retired in two updates and gone, this one has not noticed."""
    ledger = Ledger(testnet.cloud)
    ledger.set("quota.elastic-ips", "20")
    ledger.close()
    before = records(testnet)

    other = Rehearsal(folder, "mainnet", edit=shrink)
    other.up()
    assert records(other, "mainnet")
    retired = Rehearsal(folder, "mainnet", edit=retire)
    retired.up()
    retired.destroy("--run-program")
    left = {(kind, name) for kind, name in records(other, "mainnet") if kind not in OUTLIVES_A_DESTROY}
    assert left == set()
    assert records(testnet) == before
    testnet.pulumi("refresh", "--preview-only", "--expect-no-changes", "--non-interactive")


def test_a_failing_create_leaves_a_state_from_which_the_next_up_completes(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    rehearsal.preview()
    order(rehearsal, faults.Fault(kind="fail", type=INSTANCE, nth=2, message="InsufficientInstanceCapacity: none left"))
    with pytest.raises(RehearsalError, match="InsufficientInstanceCapacity"):
        rehearsal.up()
    assert records(rehearsal).total() > 0
    rehearsal.up()
    assert set(records(rehearsal).values()) == {1}
    assert sum(1 for kind, _ in records(rehearsal) if kind in MACHINES) == 8
    rehearsal.up("--expect-no-changes")


def test_a_cloud_that_throttles_and_dawdles_is_survived(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    rehearsal.preview()
    order(rehearsal, faults.Fault(kind="throttle", times=3))
    order(rehearsal, faults.Fault(kind="delay", type=INSTANCE, seconds=2.0))
    rehearsal.up()
    ledger = Ledger(rehearsal.cloud)
    assert faults.pending(ledger) == []
    ledger.close()


def test_one_validator_is_let_go_in_two_updates_and_down_leaves_nothing(tmp_path: Path) -> None:
    def two_validators(config: dict[str, Any], *, second: int = 1, let_go: tuple[str, ...] = ()) -> None:
        shrink(config)
        config["sites"][1]["validators"] = second
        config["let_go"] = list(let_go)

    def rehearsal(**change: Any) -> Rehearsal:
        return Rehearsal(tmp_path / "rehearsal", "testnet", edit=lambda c: two_validators(c, **change))

    rehearsal().up()
    with pytest.raises(RehearsalError, match="let_go"):
        rehearsal(second=0).up()
    rehearsal(let_go=("s2-validator-1",)).up()
    rehearsal(second=0).up()
    left = records(rehearsal())
    assert "s2-validator-1" not in {name for _, name in left}
    instances = [r for r in rehearsal().export()["deployment"]["resources"] if r["type"] in MACHINES]
    assert {r["urn"].rsplit("::", 1)[1] for r in instances if not r.get("protect")} == {"s1-sentry-1"}
    assert teardown.down(rehearsal())[-1] == "nothing is left of testnet"
    assert not (tmp_path / "rehearsal").exists()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda c: c["signer"].update(threshold=1), "signer.threshold: is too small"),
        (lambda c: (on_aws(c), c["signer"].pop("accepted_risks")), "provider aws holds 3 shards"),
        (lambda c: c["access"].update(admin_cidrs=["0.0.0.0/0"]), "admits the whole Internet"),
        (
            lambda c: c["sites"][2].update(machines={"sentry": {"type": "s-2cpu", "data_gb": 50}}),
            "machines.sentry.type",
        ),
    ],
    ids=["threshold", "provider", "admin", "size"],
)
def test_bad_config_is_refused_by_the_preview_with_nothing_created(tmp_path: Path, edit: Any, message: str) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=edit)
    with pytest.raises(RehearsalError, match=message) as refused:
        rehearsal.preview()
    assert "Traceback" not in str(refused.value)
    assert not rehearsal.cloud.exists() or records(rehearsal).total() == 0


def test_a_secret_in_clear_is_refused_and_not_repeated(tmp_path: Path) -> None:
    secret = "AGE-SECRET-KEY-1" + "Q" * 58
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=lambda c: c["chain"].update(chain_id=secret))
    with pytest.raises(RehearsalError, match=r"chain\.chain_id: holds what looks like an age identity") as refused:
        rehearsal.preview()
    assert secret not in str(refused.value)


def test_a_wrong_passphrase_says_which_file_to_put_back(testnet: Rehearsal, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not this one")
    with pytest.raises(RehearsalError, match="passphrase") as refused:
        testnet.preview(env={"PULUMI_CONFIG_PASSPHRASE_FILE": str(wrong)})
    assert "put the old file back" in str(refused.value)


def test_no_selected_stack_says_how_to_select_one(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet")
    rehearsal.prepare()
    done = rehearsal.pulumi("preview", "--non-interactive", check=False, env={"PULUMI_STACK": ""})
    assert done.returncode != 0
    assert "stack" in done.stderr + done.stdout
    assert "select" in done.stderr + done.stdout


def test_a_corrupt_account_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    rehearsal.prepare()
    rehearsal.cloud.write_bytes(b"this is no ledger" * 100)
    with pytest.raises(RehearsalError, match=r"cloud\.sqlite") as refused:
        rehearsal.preview()
    assert "Traceback" not in str(refused.value)
    assert rehearsal.cloud.read_bytes() == b"this is no ledger" * 100


def test_the_committed_files_are_byte_identical_after_all_this() -> None:
    assert fingerprints() == BEFORE
