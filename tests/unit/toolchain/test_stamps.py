import pytest

from toolchain import stamps


def test_a_digest_keeps_its_parts_apart():
    assert stamps.digest("ab", "c") != stamps.digest("a", "bc")


def test_a_digest_follows_a_files_content(tmp_path):
    file = tmp_path / "go.sum"
    file.write_text("one")
    before = stamps.digest(file)
    file.write_text("two")
    assert stamps.digest(file) != before


def test_a_stamp_is_fresh_only_for_its_value_and_while_all_that_was_made_is_there(tmp_path):
    stamp, made = tmp_path / "stamp", tmp_path / "made"
    made.touch()
    assert not stamps.fresh(stamp, "value", [made])
    stamps.write(stamp, "value")
    assert stamps.fresh(stamp, "value", [made])
    assert not stamps.fresh(stamp, "other", [made])
    made.unlink()
    assert not stamps.fresh(stamp, "value", [made])


def test_a_write_sets_the_mode_and_leaves_no_other_file(tmp_path):
    stamps.write(tmp_path / "folder" / "secret", "text", 0o600)
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["secret"]
    assert (tmp_path / "folder" / "secret").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_keeps_the_old_content_and_no_leftover(tmp_path):
    target = tmp_path / "stamp"
    stamps.write(target, "old")
    with pytest.raises(UnicodeEncodeError):
        stamps.write(target, "\udcff")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
