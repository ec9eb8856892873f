import pytest

from ops.rehearsal.progress import COUNTED, Condensed, Waiting


def created(number):
    return f" +  aws:ec2:Instance s1-host-{number} created (0.12s) \n"


@pytest.mark.parametrize(
    "line",
    [
        " +  aws:ec2:Instance s1-cosigner-1 create \n",
        " +  aws:ec2:Instance s1-cosigner-1 creating (0s) \n",
        "\x1b[32m +  \x1b[0maws:ec2:Instance s1-cosigner-1 \x1b[32mcreating\x1b[0m (12s) \n",
        created(1),
    ],
)
def test_a_creation_that_goes_as_planned_is_not_shown(line):
    assert Condensed()(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        " -  aws:ec2:Instance s1-cosigner-1 deleted (0.1s) \n",
        " ~  aws:ec2:Instance s1-cosigner-1 updating (0s) [diff: ~tags]\n",
        "+-  aws:ec2:Instance s1-cosigner-1 replaced (0.1s) \n",
        " +- aws:ec2:Instance s1-cosigner-1 replaced (0.1s) \n",
        " ++ aws:ec2:Instance s1-cosigner-1 created replacement (0.1s) \n",
        " +  aws:ec2:Instance s1-cosigner-1 creating (0s) error: no such zone\n",
        " +  aws:ec2:Instance s1-cosigner-1 **creating failed** error: no such zone\n",
        "    + 349 created\n",
        "error: update failed\n",
        "\n",
    ],
)
def test_all_else_is_shown_as_it_is(line):
    assert Condensed()(line) == line


def test_creations_are_counted():
    condensed = Condensed()
    shown = [text for number in range(2 * COUNTED + 10) if (text := condensed(created(number)))]
    assert shown == ["    ... 50 created\n", "    ... 100 created\n"]


HEAD = "        - [advisory] [severity: critical]  aws-ingress-wide  (aws:vpc:SecurityGroupIngressRule: s1-a)\n"
WAITS = "          can't run policy 'aws-ingress-wide' from policy pack 'redoubt@v0.1.0' during preview: no value\n"


def shown(*lines, expected=frozenset({"aws-ingress-wide"})):
    waiting = Waiting(expected)
    return "".join(waiting(line) for line in lines)


def test_policies_that_wait_as_expected_are_counted_in_one_line():
    text = shown("Policies:\n", HEAD, WAITS, HEAD, WAITS, "\n", "Resources:\n")
    assert text.startswith("Policies:\n        - 2 decisions wait for values that the update will know")
    assert "aws-ingress-wide (2)\n\nResources:\n" in text
    assert "can't run" not in text


def test_a_policy_that_was_not_expected_to_wait_is_shown():
    assert shown(HEAD, WAITS, "\n", expected=frozenset()) == HEAD + WAITS + "\n"


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD, "          a waiver in use\n", "\n"),
        (HEAD, HEAD, "          two of them\n"),
        ("        - [mandatory]  aws-ingress-wide  (s1-a)\n", WAITS.replace("can't run", "is"), "\n"),
    ],
)
def test_what_does_not_wait_is_shown_as_it_is(lines):
    assert shown(*lines) == "".join(lines)
