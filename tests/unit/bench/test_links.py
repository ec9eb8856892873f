from bench.links import Source, sources_of, text_expression

ADDRESS = Source(owner="urn:eip", expression="r1.public_ip", value="198.18.0.1", inside=True)
NAME = Source(owner="urn:role", expression="r2.name", value="role", inside=False)


def test_whole_value_is_the_output_itself() -> None:
    assert text_expression("198.18.0.1", [NAME, ADDRESS]) == ("r1.public_ip", {"urn:eip"})


def test_value_inside_a_text_is_joined_every_time_it_occurs() -> None:
    text = "198.18.0.1/32,198.18.0.1"
    assert text_expression(text, [ADDRESS]) == ("pulumi.Output.concat(r1.public_ip, '/32,', r1.public_ip)", {"urn:eip"})


def test_output_that_repeats_an_input_counts_only_as_a_whole() -> None:
    assert text_expression("role", [NAME]) == ("r2.name", {"urn:role"})
    assert text_expression("a role of ours", [NAME]) == ("'a role of ours'", set())


def test_longer_values_are_found_before_their_parts() -> None:
    account = Source(owner="", expression="c.account_id", value="1234", inside=True)
    arn = Source(owner="urn:key", expression="r3.arn", value="arn:1234:key", inside=True)
    expected = "pulumi.Output.concat(r3.arn, ' of ', c.account_id)"
    assert text_expression("arn:1234:key of 1234", [account, arn]) == (expected, {"urn:key", ""})


def test_identity_is_preferred_to_other_outputs_of_the_same_value() -> None:
    found = sources_of("urn", "r0", {"bucket": "x", "id": "x"}, {"bucket": "bucket", "id": "id"}, {})
    assert text_expression("x", found) == ("r0.id", {"urn"})


def test_outputs_without_an_attribute_are_no_sources() -> None:
    assert sources_of("urn", "r0", {"arn": "x", "count": 1}, {"id": "id", "count": "count"}, {}) == []
