"""Jupyter's door to forked kernels: a kernel provisioner, and the server that it asks."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

__all__ = ["CAN_FORK", "KERNEL", "KernelServer", "WarmProvisioner", "ask"]

KERNEL = "ppp"
"""The kernelspec's name: ``papermill -k ppp``."""

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and sys.platform != "darwin"
"""Whether kernels can be forked here. Not on Windows; on macOS the system's own libraries do not survive a fork."""

_ADDRESS = "PPP_KERNEL_SERVER"
_SOON, _TRIES = 0.002, 250  # seconds; a killed process is gone in a few thousandths of one


class KernelServer:
    """A process to fork kernels from. It ends, with all its kernels, when the process that made it does.

    Parameters
    ----------
    folder
        Where its socket goes; a short path, as the system allows sockets about 100 characters.
    memory
        Bytes of memory that each of its kernels may take; one that asks for more gets a ``MemoryError`` in its cell.
    quiet
        Whether to drop what kernels write beside their notebook, as when they crash.
    """

    def __init__(self, folder: str, *, memory: int | None = None, quiet: bool = False) -> None:
        self.address = str(Path(folder) / "fork")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ppp.kernels.server", self.address, str(memory or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            # Imported libraries must not start threads of their own before a fork.
            # What the debugger would say of how Python was built is no news to anybody here.
            env={
                **os.environ,
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            },
            start_new_session=True,  # Ctrl-C reaches the one who started it, who then ends it
        )

    def wait_until_ready(self) -> None:
        """Return when it can fork, or has ended; kernels then start the ordinary way. May be called again."""
        if self.process.stdout is not None:
            self.process.stdout.readline()
            self.process.stdout.close()
            self.process.stdout = None

    def close(self) -> None:
        """End it and every kernel that came from it."""
        if self.process.stdin is not None:
            self.process.stdin.close()
            self.process.stdin = None
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@cache
def _own_server() -> str:
    """The address of this process's own server, started when a kernel is first asked for."""
    folder = tempfile.mkdtemp(prefix="ppp-")
    server = KernelServer(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.close)
    server.wait_until_ready()
    return server.address


def ask(request: dict[str, Any]) -> socket.socket:
    """The connection to a process forked from this one's server; see `ppp.kernels.server` for what goes over it.

    Raises
    ------
    OSError
        Where the server has ended.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.environ.get(_ADDRESS) or _own_server())
    connection.sendall(json.dumps(request).encode() + b"\n")
    return connection


class _ForkedKernel:
    """What `subprocess.Popen` would be for a kernel that the server forked: the same few methods."""

    stdin = stdout = stderr = None

    def __init__(self, cmd: list[str], *, cwd: str, env: dict[str, str]) -> None:
        self._connection = ask({"argv": cmd, "cwd": cwd, "env": env})
        self._received = b""
        answer = self._connection.makefile("rb", buffering=0).readline()
        if not answer:
            raise ConnectionError("the process that kernels are forked from has ended")
        self.pid: int = json.loads(answer)["pid"]
        self.returncode: int | None = None
        self._connection.setblocking(False)

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                data = self._connection.recv(4096)
            except BlockingIOError:
                return None
            except ConnectionError:
                data = b""
            self._received += data
            if not data:
                self._ended(-signal.SIGKILL)  # the server itself is gone, and took its kernels along
            elif self._received.endswith(b"\n"):
                self._ended(json.loads(self._received)["exit"])
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                while self.returncode is None:
                    self.poll()
            except TimeoutError:
                raise subprocess.TimeoutExpired("kernel", timeout or 0) from None
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _ended(self, code: int) -> None:
        self.returncode = code
        self._connection.close()


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking it from a warm process; an ordinary kernel where that cannot be."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch the kernel; `cmd` is what the kernelspec says."""
        if not CAN_FORK or cmd[1:3] != ["-m", "ipykernel_launcher"]:
            return await super().launch_kernel(cmd, **kwargs)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            kernel = _ForkedKernel(cmd, cwd=cwd, env=dict(kwargs.get("env") or os.environ))
        except OSError:
            # The warm process is gone; slower is better than not at all.
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]  # has the methods of Popen that are called here
        self.pid = self.pgid = kernel.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it gone: whoever waits for that looks only ten times a second."""
        await super().kill(restart)
        if isinstance(self.process, _ForkedKernel):
            for _ in range(_TRIES):
                if self.process.poll() is not None:
                    break
                await asyncio.sleep(_SOON)
