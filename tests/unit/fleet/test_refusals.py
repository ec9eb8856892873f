"""Every refusal fires on one change to a good sample, names the field and ends with a remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from fleet.plan import plan
from fleet.problems import FleetError
from fleet.refusals.access import admin_change
from tests.support.samples import Config, aws_testnet, changed, four_providers, public_key

Change = Callable[[Config], object]


def site(config: Config, index: int) -> Config:
    return config["sites"][index]


def put(config: Config, path: str, value: Any) -> None:
    """Sets one value at a dotted path; numbers are list indices."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    at: Any = config
    for step in steps:
        at = at[step]
    at[last] = value


def setting(path: str, value: Any) -> Change:
    return lambda config: put(config, path, value)


def removing(path: str) -> Change:
    *steps, last = path.split(".")

    def change(config: Config) -> None:
        at: Any = config
        for step in steps:
            at = at[int(step) if step.isdigit() else step]
        del at[last]

    return change


def two_of_four(config: Config) -> None:
    put(config, "signer.threshold", 2)


def provider_with_a_quorum(config: Config) -> None:
    config["sites"][1] |= {"provider": "aws", "region": "eu-west-1"}
    del config["sites"][1]["project"]
    config["sites"][2] = {"id": 3, "name": "paris", "provider": "aws", "region": "eu-west-3", "cosigners": 1}
    config["sites"][3]["jump_sites"] = [1, 2]


def two_cosigners_in_one_site(config: Config) -> None:
    config["sites"][0]["cosigners"] = 2
    config["sites"][2]["cosigners"] = 0
    config["signer"]["shards"] = ["s1-cosigner-1", "s1-cosigner-2", "s2-cosigner-1", "s4-cosigner-1"]


def two_metal_hosts_that_accept_nothing(config: Config) -> None:
    host = {"role": "cosigner", "accepts_udp": False}
    config["sites"][3]["hosts"] = [{"name": "r1", "address": "198.19.0.9", "host_key": public_key("r1"), **host}]
    config["sites"].append(
        {
            "id": 5,
            "name": "metal2",
            "provider": "baremetal",
            "jump_sites": [1, 2],
            "hosts": [{"name": "r2", "address": "198.19.0.10", "host_key": public_key("r2"), **host}],
        }
    )
    config["signer"]["shards"].append("s5-cosigner-1")


def ceremony_of_another_group(config: Config) -> None:
    config["signer"]["ceremony"] = {"threshold": 3, "shards": ["s1-cosigner-1", "s2-cosigner-1", "s3-cosigner-1"]}


def metal_at_one_address(config: Config) -> None:
    hosts = config["sites"][3]["hosts"]
    hosts.append({**hosts[0], "name": "rack2", "role": "sentry"})


def cosigners_only_where_the_validator_is(config: Config) -> None:
    for index in range(1, 6):
        config["sites"][0]["validators"] = index


FORM: list[tuple[str, Change, str, str]] = [
    ("missing key", removing("chain"), "chain: is missing", "add it"),
    ("missing inner key", removing("sites.0.region"), "sites[fra-aws].region: is missing", "add it"),
    ("misspelt key", lambda c: c["signer"].update(treshold=3), "signer.treshold: is not a known key", "threshold"),
    ("misspelt site key", lambda c: site(c, 0).update(sentrys=3), "sites[fra-aws].sentrys", "did you mean sentries"),
    ("unheard-of key", lambda c: c["chain"].update(zzz=1), "chain.zzz: is not a known key", "use one of"),
    ("text for a number", setting("signer.threshold", "3"), "signer.threshold: is not a whole", "without quotes"),
    ("number for text", setting("chain.chain_id", 7), "chain.chain_id: is not text", "quotes"),
    ("unknown network", setting("network", "devnet"), "network: is none of the known", "'testnet' or 'mainnet'"),
    ("unknown provider", setting("sites.0.provider", "ovh"), "sites[fra-aws]: names a provider", "'gcp'"),
    ("no provider", removing("sites.0.provider"), "sites[fra-aws]: does not say its provider", "add provider"),
    ("version as a float", setting("chain.consensus_version", 0.38), "chain.consensus_version", "quotes"),
    ("version of two parts", setting("chain.consensus_version", "0.38"), "is no version", "major.minor.patch"),
    ("http download", setting("chain.binary.url", "http://x.org/a"), "chain.binary.url: is not https", "https"),
    ("short checksum", setting("chain.binary.sha256", "ab"), "chain.binary.sha256: is no SHA-256", "64"),
    ("zero checksum", setting("chain.binary.sha256", "0" * 64), "is all zeros", "checksum"),
    ("placeholder", setting("access.ssh_user_ca", "REPLACE-WITH-x"), "is still the placeholder", "your own"),
    ("other key type", setting("access.ssh_user_ca", "ssh-rsa AAAA"), "no ed25519 public key", "ssh-ed25519"),
    ("damaged key", setting("access.approvers", ["ssh-ed25519 AAAA"]), "approvers[0]: is a damaged", ".pub"),
    ("admin anywhere", setting("access.admin_cidrs", ["0.0.0.0/0"]), "admits the whole Internet", "203.0.113.7/32"),
    ("wide admin", setting("access.admin_cidrs", ["198.18.0.0/15"]), "wider than /24", "at most 256"),
    ("admin inside", setting("access.admin_cidrs", ["10.1.0.0/24"]), "private or reserved addresses", "public"),
    ("admin in the mesh", setting("access.admin_cidrs", ["100.64.5.0/24"]), "private or reserved", "public"),
    (
        "resolver inside",
        lambda c: c.update(services={"resolvers": ["10.1.8.140"]}),
        "resolvers[0]: is a private",
        "public",
    ),
    ("no clock", lambda c: c.update(services={"time_servers": []}), "time_servers: has too few", "at least 1"),
    (
        "two CAs",
        lambda c: put(c, "access.ssh_user_ca", public_key("a") + "\n" + public_key("b")),
        "not one line",
        "one",
    ),
    (
        "endless comment",
        lambda c: put(c, "access.ssh_user_ca", public_key("a") + " " + "x" * 400),
        "not one line",
        "300",
    ),
    ("longer blob", setting("access.ssh_user_ca", public_key("a") + "AAAA"), "is a damaged public key", ".pub"),
    ("fleet named sg", setting("name", "sg"), "is no fleet name", "AWS keeps"),
    ("hyphen in the fleet", setting("name", "a-b"), "is no fleet name", "letters and digits"),
    ("no admin", setting("access.admin_cidrs", []), "admin_cidrs: has too few", "at least 1"),
    ("IPv6 admin", setting("access.admin_cidrs", ["::/0"]), "admin_cidrs[0]: is no IPv4 range", "10.1.0.0/16"),
    ("host bits", setting("sites.0.cidr", "10.1.2.3/16"), "has bits set behind", "write 10.1.0.0/16"),
    ("site id 0", setting("sites.0.id", 0), "sites[fra-aws].id: is too small", "1 or more"),
    ("site id 201", setting("sites.0.id", 201), "sites[fra-aws].id: is too large", "200 or less"),
    ("count below zero", setting("sites.0.sentries", -1), "sentries.count: is too small", "0 or more"),
    ("count as text", setting("sites.0.sentries", "2"), "sites[fra-aws].sentries", "below it"),
    ("three jump sites", setting("sites.3.jump_sites", [1, 2, 3]), "jump_sites: has too many", "at most 2"),
    ("address as a name", setting("sites.3.hosts.0.address", "rack1"), "address: is no IPv4", "four numbers"),
    ("metal without a host key", removing("sites.3.hosts.0.host_key"), "hosts[rack1].host_key: is missing", "add it"),
    ("NAT on metal", setting("sites.3.egress", "nat"), "sites[metal].egress: is not a known key", "remove it"),
    ("letters GCP forbids", setting("sites.1.project", "My_Project"), "is no GCP project id", "project's id"),
    ("letters a DigitalOcean tag forbids", setting("name", "red.oubt"), "is no fleet name", "letters and digits"),
    ("a name too long for GCP", setting("name", "redoubtredoubt"), "is no fleet name of 2 to 12", "letters and digits"),
    ("project number", setting("sites.1.project", "12345"), "is no GCP project id", "not its name or number"),
    ("lazy acceptance", lambda c: c["signer"].update(accepted_risks={"single_provider": "ok"}), "too short", "20"),
    ("list for a mapping", setting("chain", []), "chain: is not of the expected form", "keys below it"),
]

WHOLE: list[tuple[str, Change, str, str]] = [
    ("t = n/2", two_of_four, "2 of 4 lets two halves sign", "use at least 3"),
    ("t > n", setting("signer.threshold", 5), "5 of 4 can never sign", "use 3"),
    ("t = n", setting("signer.threshold", 4), "stops signing at the first loss", "use 3"),
    ("provider with a quorum", provider_with_a_quorum, "provider aws holds 3 shards", "another provider"),
    ("site whose loss stops", two_cosigners_in_one_site, "without site fra-aws only 2 of the 3", "another site"),
    ("two cosigners", lambda c: c.update(sites=c["sites"][:2]), "the fleet has 2 cosigners", "at least 3"),
    ("shard order", lambda c: c["signer"]["shards"].pop(), "signer.shards: does not name every", "s4-cosigner-1]"),
    ("shard twice", lambda c: c["signer"]["shards"].append("s1-cosigner-1"), "signer.shards", "write [s1-cosigner-1,"),
    ("after the ceremony", ceremony_of_another_group, "differ from what the ceremony fixed", "new ceremony"),
    ("CometBFT 1.0", setting("chain.consensus_version", "1.0.1"), "1.0.1 is not served by horcrux", "0.37 to 0.40"),
    ("CometBFT 0.34", setting("chain.consensus_version", "0.34.2"), "0.34.2 is not served", "0.37 to 0.40"),
    ("same id", setting("sites.1.id", 1), "2 sites have the id 1", "give each site its own"),
    ("same name", setting("sites.1.name", "fra-aws"), "2 sites have the name fra-aws", "give each"),
    ("overlap", setting("sites.1.cidr", "10.1.0.0/17"), "overlaps 10.1.0.0/16 of fra-aws", "use a free range"),
    ("mesh overlap", setting("sites.1.cidr", "100.64.0.0/16"), "is the mesh's own range", "10.0.0.0/8"),
    ("link-local", setting("sites.1.cidr", "169.254.0.0/16"), "is link-local", "10.0.0.0/8"),
    ("public range", setting("sites.1.cidr", "8.8.0.0/16"), "is not private", "10.0.0.0/8"),
    ("small range", setting("sites.1.cidr", "10.9.0.0/24"), "is a /24", "/16 to /20"),
    ("DO's own range", setting("sites.2.cidr", "10.244.0.0/16"), "what DigitalOcean keeps", "stay clear"),
    ("AWS region misspelt", setting("sites.0.region", "eu-central-l"), "no region of aws", "eu-central-1"),
    ("GCP region on AWS", setting("sites.0.region", "europe-west3"), "no region of aws", "eu-west-3"),
    (
        "GCP region misspelt",
        setting("sites.1.region", "europe-west33"),
        "is no region of gcp",
        "did you mean europe-west3",
    ),
    (
        "DigitalOcean region misspelt",
        setting("sites.2.region", "fra2"),
        "is no region of digitalocean",
        "did you mean fra1",
    ),
    ("one address twice", metal_at_one_address, "2 metal hosts have the address 198.19.0.9", "give each host its own"),
    ("zone of elsewhere", setting("sites.0.zones", ["eu-west-1a", "eu-west-1b"]), "not of eu-central-1", "use"),
    ("zone that is not there", setting("sites.0.zones", ["eu-central-1d"] * 2), "not of eu-central-1", "eu-central-1c"),
    ("two let go", lambda c: c.update(let_go=["s1-cosigner-1", "s1-validator-1"]), "2 signing hosts at once", "one"),
    ("let go of nobody", lambda c: c.update(let_go=["s9-sentry-1"]), "which is no host of this fleet", "remove it"),
    (
        "ARM",
        lambda c: site(c, 0).update(machines={"cosigner": {"type": "t4g.large", "data_gb": 10}}),
        "machines.cosigner.type: is an ARM machine",
        "x86",
    ),
    (
        "a droplet size that is misspelt",
        lambda c: site(c, 2).update(machines={"cosigner": {"type": "g-4vcpu-16g", "data_gb": 10}}),
        "sites[fra-do].machines.cosigner.type: is no droplet size",
        "did you mean g-4vcpu-16gb",
    ),
    (
        "a droplet size like no other",
        lambda c: site(c, 2).update(machines={"gateway": {"type": "m7i.xlarge", "data_gb": 0}}),
        "sites[fra-do].machines.gateway.type: is no droplet size",
        "use one of c-2, g-4vcpu-16gb, s-1vcpu-2gb, or add a new one to fleet.providers.digitalocean",
    ),
    (
        "no volume",
        lambda c: site(c, 0).update(machines={"validator": {"type": "m7i.large", "data_gb": 0}}),
        "without a volume for its state",
        "1 or more",
    ),
    ("Local Zone", setting("sites.0.zones", ["eu-central-1-ham-1a"] * 2), "not of eu-central-1", "eu-central-1a"),
    ("too few zones", setting("sites.0.zones", ["eu-central-1a"]), "ordinals go up to 2", "append the zone"),
    ("ordinal too high", setting("sites.0.sentries", 25), "needs ordinal 25", "add a site"),
    ("retired too many", setting("sites.0.cosigners", {"count": 1, "retired": list(range(1, 17))}), "ordinal 17", "a"),
    ("retired twice", setting("sites.0.sentries", {"count": 1, "retired": [1, 1]}), "names an ordinal twice", "once"),
    ("no sentry", lambda c: [s.pop("sentries", 0) for s in c["sites"]], "the fleet has no sentry", "at least one"),
    ("no validator", lambda c: [s.pop("validators", 0) for s in c["sites"]], "has no validator", "at least one"),
    ("too many validators", setting("sites.0.validators", 5), "is left to serve s", "set of its own"),
    ("mainnet, one range", setting("network", "mainnet"), "has 1 range on mainnet", "at least 2"),
    ("same range twice", setting("access.admin_cidrs", ["198.18.0.1/32"] * 2), "overlap", "keep one"),
    ("too far", setting("sites.2.region", "syd1"), "estimated, at least", "nearer"),
    ("measured too slow", lambda c: c.update(measured_rtt_ms={"1-2": 140.0}), "are measured 140 ms apart", "nearer"),
    ("measured nothing", lambda c: c.update(measured_rtt_ms={"1-9": 1.0}), "no pair of site ids", '"1-2"'),
    ("jump to nowhere", setting("sites.3.jump_sites", [1, 9]), "does not name two cloud sites", "gateway"),
    ("jump to itself", setting("sites.3.jump_sites", [1, 4]), "does not name two cloud sites", "gateway"),
    ("private metal", setting("sites.3.hosts.0.address", "10.0.0.4"), "not reachable from the Internet", "public"),
    ("metal ordinal", setting("sites.3.hosts.0.ordinal", 17), "ordinal: is too large", "1 to 16"),
    ("unreachable pair", two_metal_hosts_that_accept_nothing, "neither accepts one", "accepts_udp: true"),
    (
        "needless acceptance",
        lambda c: c["signer"].update(accepted_risks={"single_provider": "because of reasons that I had"}),
        "accepts a risk that this fleet does not have",
        "remove it",
    ),
    ("Elastic IPs", setting("sites.0.sentries", 5), "7 Elastic IPs are needed in eu-central-1", "elastic_ips"),
    (
        "rules of a group",
        lambda c: site(c, 0).update(quotas={"rules_per_group": 10}),
        "security group s1-gateway needs",
        "quotas.rules_per_group",
    ),
]


def refused(config: Config, stack: str = "testnet") -> str:
    with pytest.raises(FleetError) as caught:
        plan(config, stack)
    return str(caught.value)


def test_the_sample_is_good() -> None:
    assert plan(four_providers(), "testnet").hosts


@pytest.mark.parametrize(
    ("change", "what", "remedy"), [row[1:] for row in FORM + WHOLE], ids=[r[0] for r in FORM + WHOLE]
)
def test_one_bad_change_is_refused_with_its_remedy(change: Change, what: str, remedy: str) -> None:
    message = refused(changed(four_providers(), change))
    lines = [line for line in message.splitlines() if what in line]
    assert lines, message
    assert any(remedy in line.split(what, 1)[1] for line in lines), message


def test_all_problems_come_in_one_run() -> None:
    def change(config: Config) -> None:
        two_of_four(config)
        config["sites"][1]["cidr"] = "10.1.0.0/16"
        config["chain"]["consensus_version"] = "1.0.1"
        config["signer"]["treshold"] = 3

    message = refused(changed(four_providers(), change))
    for part in ("lets two halves sign", "overlaps", "not served", "signer.treshold"):
        assert part in message


def test_fields_that_cannot_be_read_say_that_more_may_follow() -> None:
    assert "follow once these are mended" in refused(changed(four_providers(), setting("signer.threshold", "x")))


def test_a_value_never_shows_in_a_message() -> None:
    message = refused(changed(four_providers(), setting("access.ssh_user_ca", "hunter2hunter2")))
    assert "hunter2" not in message


def test_a_list_whose_entries_are_bad_is_not_called_too_short() -> None:
    assert "too few" not in refused(changed(four_providers(), setting("access.admin_cidrs", ["0.0.0.0/0"])))


def test_two_metal_sites_are_two_providers_but_one_location_is_one_site() -> None:
    def change(config: Config) -> None:
        hosts = config["sites"][3]["hosts"]
        hosts.append({**hosts[0], "name": "rack2", "ordinal": 2, "address": "198.19.0.10"})
        config["signer"]["shards"].append("s4-cosigner-2")

    plan(changed(four_providers(), change), "testnet")  # 3 of 5, two on metal: its loss leaves three

    def one_more(config: Config) -> None:
        change(config)
        hosts = config["sites"][3]["hosts"]
        hosts.append({**hosts[0], "name": "rack3", "ordinal": 3, "address": "198.19.0.11"})
        config["signer"]["shards"].append("s4-cosigner-3")
        config["signer"]["threshold"] = 4

    assert "without site metal only 3 of the 4" in refused(changed(four_providers(), one_more))


@pytest.mark.parametrize(
    ("address", "message"),
    [("198.18.0.1", "lies in the admin range 198.18.0.1/32"), ("9.9.9.9", "is that of a resolver or clock")],
)
def test_metal_has_no_address_that_rules_mean_for_others(address: str, message: str) -> None:
    told = refused(changed(four_providers(), setting("sites.3.hosts.0.address", address)))
    assert f"sites[metal].hosts[rack1].address: {message}" in told


def test_a_range_that_digitalocean_keeps_for_itself_is_refused() -> None:
    def eleventh(config: Config) -> None:
        config["sites"][2]["cidr"] = "10.11.0.0/16"

    assert "overlaps what DigitalOcean keeps for itself" in refused(changed(four_providers(), eleventh))


def test_an_accepted_single_provider_is_repeated_in_every_plan() -> None:
    assert any("accepted risk" in note for note in plan(aws_testnet(), "testnet").notes)


def test_an_accepted_single_provider_does_not_accept_a_single_site() -> None:
    def change(config: Config) -> None:
        config["sites"][0]["cosigners"] = 2
        config["sites"][1]["cosigners"] = 0
        config["signer"]["shards"] = ["s1-cosigner-1", "s1-cosigner-2", "s3-cosigner-1"]

    assert "site frankfurt holds 2 shards" in refused(changed(aws_testnet(), change))


def test_a_metal_site_of_unknown_place_is_said_to_be_undecided() -> None:
    notes = plan(changed(four_providers(), removing("sites.3.location")), "testnet").notes
    assert any("not decided: the delay between fra-aws and metal" in note for note in notes)


@pytest.mark.parametrize("stack", ["a-stack-name-that-never-ends", "Dev", "dev_1", "1st", "dev-", "de.v"])
def test_a_stack_name_that_no_resource_name_can_hold_is_refused(stack: str) -> None:
    assert "stack: its name" in refused(four_providers(), stack)


@pytest.mark.parametrize(
    ("previous", "network", "ranges", "refuses"),
    [
        ((), "mainnet", ("198.18.0.1/32",), False),
        (("198.18.0.1/32",), "mainnet", ("198.18.0.1/32", "198.18.0.2/32"), False),
        (("198.18.0.1/32", "198.18.0.2/32"), "mainnet", ("198.18.0.1/32",), False),
        (("198.18.0.1/32",), "mainnet", ("198.18.0.2/32",), True),
        (("198.18.0.1/32",), "testnet", ("198.18.0.2/32",), False),
    ],
)
def test_one_update_does_not_both_open_and_close_a_way_in(
    previous: tuple[str, ...], network: str, ranges: tuple[str, ...], refuses: bool
) -> None:
    assert bool(list(admin_change(previous, network, ranges))) is refuses
