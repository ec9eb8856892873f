"""Starting and interrupting the engine, with a Python program in its place."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from ops.rehearsal import engine

ENDS_ON_INTERRUPT = """
import pathlib, signal, sys, time
def end(*_):
    pathlib.Path("ended").touch()
    sys.exit(5)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
time.sleep(60)
"""


def run(tmp_path, code, **settings):
    return engine.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ, **settings)


def test_both_streams_and_the_status_come_back(tmp_path):
    done = run(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")


def test_an_echo_decides_what_is_shown_and_all_is_returned(tmp_path, capsys):
    code = "import sys; print('one'); print('two'); print('three', file=sys.stderr)"
    done = run(tmp_path, code, echo=lambda line: "" if line == "one\n" else line.upper())
    assert (done.stdout, done.stderr) == ("one\ntwo\n", "three\n")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("TWO\n", "THREE\n")


def test_nothing_waits_for_an_answer(tmp_path):
    assert run(tmp_path, "import sys; print(repr(sys.stdin.read()))").stdout == "''\n"


def test_a_timeout_interrupts_and_lets_it_clean_up(tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        run(tmp_path, ENDS_ON_INTERRUPT, timeout=2)
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_it_as_an_interrupt_and_ours_comes_after_its_end(tmp_path, number, monkeypatch):
    ready = threading.Event()
    real = engine._pump

    def pump(stream, kept, *rest):
        if line := stream.readline():
            kept.append(line)
            ready.set()
        real(stream, kept, *rest)

    def interrupt():
        if ready.wait(20):
            os.kill(os.getpid(), number)

    monkeypatch.setattr(engine, "_pump", pump)
    before = signal.getsignal(number)
    sender = threading.Thread(target=interrupt)
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, ENDS_ON_INTERRUPT)
    sender.join()
    assert (tmp_path / "ended").exists()
    assert signal.getsignal(number) == before


def test_it_also_runs_outside_the_main_thread(tmp_path):
    done = []
    thread = threading.Thread(target=lambda: done.append(run(tmp_path, "print('there')")))
    thread.start()
    thread.join()
    assert done[0].stdout == "there\n"
