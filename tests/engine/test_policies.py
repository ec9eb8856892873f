"""The pack under the real engine: what a first preview cannot decide, what is stopped, and the state afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ops.policies import config, deferrals, events
from ops.policies.__main__ import judged
from ops.policies.events import PolicyEvent
from ops.rehearsal import Rehearsal
from tests.support.samples import ROOT, shrink

STREAM = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "1"}


def first_preview(
    folder: Path, stack: str, edit: Callable[[dict[str, Any]], object] | None = None
) -> list[PolicyEvent]:
    """What the pack says in the preview of a stack that has no state yet."""
    rehearsal = Rehearsal(folder, stack, edit=edit)
    rehearsal.prepare()
    rehearsal.ensure_stack()
    done = rehearsal.pulumi("preview", "--json", "--non-interactive", *config.arguments(stack), env=STREAM)
    assert '"policyAnalyzeStackSummaryEvent"' in done.stdout, "the stack rules did not run"
    return list(events.read(done.stdout.splitlines()))


def test_a_first_preview_violates_nothing_and_defers_what_is_listed(tmp_path: Path) -> None:
    found = [one for stack in ("testnet", "mainnet") for one in first_preview(tmp_path / stack, stack)]
    assert [one for one in found if one.result != "deferred"] == []
    listed = deferrals.expected()
    assert deferrals.unlisted(found, listed) == []
    assert deferrals.gone(found, listed) == []


def test_after_an_update_everything_is_judged_and_passes(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", edit=shrink)
    rehearsal.up(*config.arguments("testnet"), "--suppress-outputs")
    assert judged(rehearsal) == []
    again = rehearsal.preview(*config.arguments("testnet"), "--suppress-outputs")
    assert "can't run policy" not in again.stdout
    assert "182 unchanged" in again.stdout


CHANGES = """
import runpy, sys
sys.path.insert(0, {root!r})
import pulumi

def change(args):
    props, options = dict(args.props), args.opts
    if args.name == "s1-sentry-tcp-26656-from-0.0.0.0_0":
        props["to_port"] = 26660  # opens a port
    elif args.type_ == "digitalocean:index/droplet:Droplet" and args.name == "s3-cosigner-1":
        props["tags"] = []  # drops a tag
    elif args.type_ == "aws:ebs/volume:Volume" and args.name == "s1-cosigner-1":
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(protect=False))  # removes protect
    elif args.type_ == "aws:ec2/instance:Instance" and args.name == "s1-validator-1":
        props["associate_public_ip_address"] = True  # adds a public address
    return pulumi.ResourceTransformationResult(props, options)

pulumi.runtime.register_stack_transformation(change)
runpy.run_path({root!r}, run_name="__main__")
"""
STOPPED_BY = {
    "s1-sentry-tcp-26656-from-0.0.0.0_0": {"fleet-sentry-p2p", "aws-ingress-wide"},
    "s3-cosigner-1": {"fleet-role-tag", "digitalocean-group-tag", "digitalocean-droplet-firewalled"},
    "s1-cosigner-1": {"fleet-protected"},
    "s1-validator-1": {"aws-instance-public-address"},
}


def test_a_change_that_costs_safety_is_stopped_by_the_rule_that_names_it(tmp_path: Path) -> None:
    """The committed program, with a component that was changed badly."""
    committed = tmp_path / "committed"
    committed.mkdir()
    for path in (*ROOT.glob("Pulumi*.yaml"), ROOT / ".venv"):
        (committed / path.name).symlink_to(path)
    (committed / "__main__.py").write_text(CHANGES.format(root=str(ROOT)))
    rehearsal = Rehearsal(tmp_path / "rehearsal", "testnet", committed=committed)
    rehearsal.prepare()
    rehearsal.ensure_stack()
    done = rehearsal.pulumi(
        *("preview", "--json", "--non-interactive"), *config.arguments("testnet"), env=STREAM, check=False
    )
    assert done.returncode != 0
    found = {
        (one.urn.rpartition("::")[2], one.rule)
        for one in events.read(done.stdout.splitlines())
        if one.result == "violation"
    }
    assert {(name, rule) for name, rules in STOPPED_BY.items() for rule in rules} <= found
    assert "fleet-claims" in {rule for _, rule in found}
