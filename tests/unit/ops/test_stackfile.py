import pytest
import yaml

from ops.rehearsal import RehearsalError, stackfile


def loaded(tmp_path, text):
    path = tmp_path / "Pulumi.testnet.yaml"
    path.write_text(text)
    return stackfile.load(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2026-11-21", "2026-11-21"),
        ("1_000", "1_000"),
        ("198.18.0.1/32", "198.18.0.1/32"),
        ("true", True),
        ("0.10", 0.1),
        ("3.14e2", 314.0),
        ("100", 100),
        ("0x1f", 31),
        ("'100'", "100"),
        ("~", None),
        ("", None),
        ("-", [None]),
    ],
)
def test_a_plain_value_means_what_the_engine_takes_it_for(tmp_path, text, value):
    assert loaded(tmp_path, f"key: {text}\n" if text != "-" else "key:\n  -\n") == {"key": value}


@pytest.mark.parametrize("value", ["yes", "12:30", "2026-11-21", "0.10", "010", "true", "~", "", "a: b", "Größe"])
def test_text_stays_text_through_writing_and_reading(tmp_path, value):
    written = stackfile.dump({"key": value})
    assert loaded(tmp_path, written) == {"key": value}
    assert yaml.safe_load(written) == {"key": value}, "whatever reads it"


@pytest.mark.parametrize(("text", "fault"), [("a: [", "not valid YAML"), ("- a\n", "must hold a mapping")])
def test_a_file_that_cannot_be_read_is_named_with_the_remedy(tmp_path, text, fault):
    with pytest.raises(RehearsalError, match=fault) as caught:
        loaded(tmp_path, text)
    assert "Pulumi.testnet.yaml" in str(caught.value)
    assert "remedy: " in str(caught.value)


def test_an_object_of_python_is_refused(tmp_path):
    with pytest.raises(RehearsalError, match="not valid YAML"):
        loaded(tmp_path, "key: !!python/object/apply:os.getcwd []\n")


def test_all_that_is_left_is_told_at_once_with_its_place():
    config = {
        "redoubt:fleet": {"sites": [{"host_key": "REPLACE-WITH-a-key"}], "note": "not REPLACE-WITH-"},
        "redoubt:token": {"secure": "v1:abc"},
    }
    with pytest.raises(RehearsalError) as caught:
        stackfile.refuse_leftovers(config, "Pulumi.testnet.yaml")
    assert "redoubt:fleet.sites[0].host_key is still 'REPLACE-WITH-a-key'" in str(caught.value)
    assert "redoubt:token is encrypted for the real stack" in str(caught.value)
    assert "note" not in str(caught.value)
