"""A Python language host for the Pulumi engine: the stand-in where the vendor's cannot be had.

The engine starts it as `pulumi-language-python`, reads a port from the first line of its output, and speaks the
LanguageRuntime service to it. It runs programs, policy packs and plugins in the virtual environment that Pulumi.yaml or
PulumiPolicy.yaml names. It does not install dependencies, generate code, pack, or attach debuggers: the engine is told
"unimplemented". It does not list the installed packages' plugins either: the engine asks for a plugin when a resource
needs it, and a package that is only installed needs none.

Sources of the contract: the SDK's language.proto, `pulumi-language-python-exec` of the module
github.com/pulumi/pulumi/sdk/v3, and `kill` in its go/common/resource/plugin/plugin.go: the engine ends a plugin by
SIGINT to its process group and waits up to 5 s for it.

This file stands alone (no import from this repository), since it is copied to where the engine finds it.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

EXECUTOR = Path(__file__).with_name("pulumi-language-python-exec")
USER_ERROR_ALREADY_SHOWN = 32  # exit code of the executor, see its source
CHUNK = 65536  # bytes of a plugin's output in one message
ORPHAN_CHECK = 1.0  # seconds between two looks at whether the engine still lives


Process = subprocess.Popen[bytes]


class UnusableEnvironment(Exception):
    """The virtual environment that the project names cannot be used; the text ends with the remedy."""


class Children:
    """The processes started here. None outlives the host, the call it belongs to, or the engine."""

    def __init__(self) -> None:
        self._running: set[Process] = set()
        self._closed = False
        self._lock = threading.Lock()

    def start(self, command: Sequence[str], *, cwd: str, env: Mapping[str, str], capture: bool) -> Process:
        pipe = subprocess.PIPE if capture else None
        with self._lock:
            if self._closed:
                raise RuntimeError("the language host is shutting down")
            child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
            self._running.add(child)
            return child

    def wait(self, child: Process) -> int:
        status = child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
        with self._lock:
            self._running.discard(child)
        return status

    def kill_all(self) -> None:
        """For good: nothing can be started afterwards."""
        with self._lock:
            self._closed = True
            for child in self._running:
                child.kill()


def interpreter(info: language_pb2.ProgramInfo) -> str:
    """The Python of the virtual environment that the project's runtime options name, else the one this runs in."""
    options = dict(info.options) if info.HasField("options") else {}
    named = options.get("virtualenv")
    if not named:
        return sys.executable
    environment = Path(info.root_directory, str(named))
    python = environment / "bin" / "python"
    if not (environment / "pyvenv.cfg").is_file() or not os.access(python, os.X_OK):
        raise UnusableEnvironment(
            f"the runtime option `virtualenv` names {named!r}, and {environment} is no virtual environment: "
            "make it (in this repository: `make setup`), or correct the option"
        )
    return str(python)


def program_command(python: str, engine: str, request: language_pb2.RunRequest) -> list[str]:
    """The executor's command line for one run of a program."""
    command = [python, "-u", str(EXECUTOR)]
    for name, value in {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": str(request.dryRun).lower(),
        "parallel": str(request.parallel),
        "organization": request.organization,
        "root_directory": request.info.root_directory,
    }.items():
        command += [f"--{name}", value]
    return [*command, str(Path(request.info.program_directory, request.info.entry_point)), *request.args]


def program_environment(request: language_pb2.RunRequest, base: Mapping[str, str]) -> dict[str, str]:
    """The executor takes the stack's config from the environment, as with the vendor's host."""
    return {
        **base,
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def plugin_command(python: str, request: language_pb2.RunPluginRequest) -> tuple[list[str], str]:
    """The command line and working directory of a policy pack (kind `analyzer`) or another plugin."""
    folder = request.info.program_directory
    if request.kind == "analyzer":
        return [python, "-u", "-m", "pulumi.policy", *request.args, folder], folder
    return [python, "-u", folder, *request.args], request.pwd


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Serves one engine. Each program and plugin runs in a process of its own."""

    def __init__(self, engine_address: str, children: Children):
        self._engine = engine_address
        self._children = children

    def Handshake(self, request: language_pb2.LanguageHandshakeRequest, context: Any):
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Any):
        return plugin_pb2.PluginInfo(version="0.0.0")  # a stand-in follows no release of the vendor's

    def GetRequiredPackages(self, request: language_pb2.GetRequiredPackagesRequest, context: Any):
        return language_pb2.GetRequiredPackagesResponse()

    def About(self, request: language_pb2.AboutRequest, context: Any):
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def Cancel(self, request: empty_pb2.Empty, context: Any):
        """Nothing to do: the engine first lets a cancelled program end, then ends this host."""
        return empty_pb2.Empty()

    def Run(self, request: language_pb2.RunRequest, context: Any):
        try:
            command = program_command(interpreter(request.info), self._engine, request)
        except UnusableEnvironment as error:
            return language_pb2.RunResponse(error=str(error))
        environment = program_environment(request, os.environ)
        child = self._children.start(command, cwd=request.pwd, env=environment, capture=False)
        context.add_callback(child.kill)  # no harm once the child has been waited for
        status = self._children.wait(child)
        if status == USER_ERROR_ALREADY_SHOWN:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=ending(status))

    def RunPlugin(self, request: language_pb2.RunPluginRequest, context: Any):
        try:
            command, folder = plugin_command(interpreter(request.info), request)
        except UnusableEnvironment as error:
            yield language_pb2.RunPluginResponse(stderr=f"{error}\n".encode())
            yield language_pb2.RunPluginResponse(exitcode=1)
            return
        environment = os.environ | dict(entry.split("=", 1) for entry in request.env)
        child = self._children.start(command, cwd=folder, env=environment, capture=True)
        context.add_callback(child.kill)
        for name, chunk in output_of(child):
            if name == "stdout":
                yield language_pb2.RunPluginResponse(stdout=chunk)
            else:
                yield language_pb2.RunPluginResponse(stderr=chunk)
        yield language_pb2.RunPluginResponse(exitcode=self._children.wait(child))


def output_of(child: Process) -> Iterator[tuple[str, bytes]]:
    """Both streams of a process, in pieces as they come, until both are closed."""
    pieces: queue.Queue[tuple[str, bytes]] = queue.Queue()

    def pump(name: str, stream: IO[bytes] | None) -> None:
        # os.read returns what is there; a stream's own read would wait until a chunk is full.
        while stream is not None and (chunk := os.read(stream.fileno(), CHUNK)):
            pieces.put((name, chunk))
        pieces.put((name, b""))

    streams = {"stdout": child.stdout, "stderr": child.stderr}
    for name, stream in streams.items():
        threading.Thread(target=pump, args=(name, stream), daemon=True).start()
    still_open = len(streams)
    while still_open:
        name, chunk = pieces.get()
        if chunk:
            yield name, chunk
        else:
            still_open -= 1


def ending(status: int) -> str:
    """What a program's exit status means to the engine: an error text, empty where all went well."""
    if status == 0:
        return ""
    if status < 0:
        return f"the program was ended by {signal.Signals(-status).name}"
    return f"the program exited with status {status}"


def main() -> None:
    children = Children()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # A handler, not SIG_IGN: what is ignored here would be ignored by every child too.
        signal.signal(number, lambda *_: stop.set())
    engine = os.getppid()
    server = grpc.server(ThreadPoolExecutor(max_workers=16))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(sys.argv[-1], children), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    while not stop.wait(ORPHAN_CHECK):
        if os.getppid() != engine:
            children.kill_all()
            kill_group()  # the engine was killed: nobody else is left to end what a program has started
            break
    children.kill_all()
    server.stop(grace=None).wait()


def kill_group() -> None:
    """End this process and all below it, where the engine made it the leader of a group, as it does."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
