import sys

import pytest

from toolchain import process


def python(code):
    return [sys.executable, "-c", code]


def test_a_slow_command_says_that_it_still_runs_and_returns_what_it_printed():
    said = []
    wait_until_said = "import sys, time; print('one', flush=True); time.sleep(0.3); print('two', file=sys.stderr)"
    assert process.follow(python(wait_until_said), said.append, "building", every=0.05) == "one\ntwo\n"
    assert said
    assert all(line.startswith("building: ") for line in said)


@pytest.mark.parametrize("run", [process.capture, lambda command: process.follow(command, print, "working")])
def test_a_failure_carries_the_status_and_the_end_of_the_output(run):
    with pytest.raises(process.Failure) as caught:
        run(python("import sys; [print('line', i) for i in range(100)]; sys.exit(3)"))
    assert caught.value.status == 3
    assert "ended with status 3" in str(caught.value)
    assert "line 99" in str(caught.value)
    assert "line 1\n" not in str(caught.value)


def test_an_interrupt_ends_the_command(monkeypatch):
    started = []
    real = process.subprocess.Popen

    def remember(*args, **settings):
        started.append(real(*args, **settings))
        return started[-1]

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(process.subprocess, "Popen", remember)
    with pytest.raises(KeyboardInterrupt):
        process.follow(python("import time; time.sleep(60)"), interrupted, "working", every=0.01)
    assert started[0].returncode is not None


def test_a_changed_environment_keeps_the_rest(monkeypatch):
    monkeypatch.setenv("KEPT", "1")
    code = "import os; print(os.environ['KEPT'], os.environ['ADDED'])"
    assert process.capture(python(code), env={"ADDED": "2"}) == "1 2\n"
