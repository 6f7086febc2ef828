"""The process that others are forked from: ``python -m ppp.kernels.server SOCKET [BYTES]``.

It imports what notebooks import and makes a report on nobody, then does nothing but fork: no thread, no event loop, no zmq
context, so that a child starts as clean as a new interpreter. One connection is one child. The server ends, with all its
children, when its standard input closes, which is when the process that started it is gone. BYTES, where given, is the memory
that each may take.

Over a connection goes one line of JSON in: ``{"argv": [...], "cwd": "...", "env": {...}}`` for a kernel, ``{"pid": n}``
comes out at once; or ``{"cells": [...], "cwd": "...", "env": {...}}`` for cells to be run, and a line comes out for each; see
`ppp.kernels.shell`. ``{"exit": code}`` comes out when the process has ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field

__all__ = ["main"]

_PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "IPython.core.completer",
    # What a kernel imports when it starts, or runs its first cell.
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "tornado.platform.asyncio",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.config",
    "pandas",
    "seaborn",
    "ppp",
    "ppp.disclosure",
    "ppp.figures",
    "ppp.reports",
    "ppp.study",
)

_INLINE = "module://matplotlib_inline.backend_inline"


@dataclass
class _Kernel:
    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    pid: int | None = None


def main() -> None:
    """Serve until standard input closes."""
    path = sys.argv[1]
    # As `python -m ipykernel_launcher` does: the folder it was started in is no place to import from.
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    # matplotlib reads this when it is imported; without it a figure that is only shown, not saved, would be lost.
    os.environ["MPLBACKEND"] = _INLINE
    for name in _PRELOADED:
        importlib.import_module(name)
    _rehearse()
    # What is here stays: a child that collects garbage need not look through it, which would copy its memory.
    gc.collect()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(64)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    _Server(listener, int(sys.argv[2] or 0) if len(sys.argv) > 2 else 0).run()


def _rehearse() -> None:
    """Make reports on nobody, shown in a shell that is thrown away: what a report needs is then there and has been used."""
    from ppp.kernels.shell import CellShell, without_history

    shell = CellShell(config=without_history())

    def show(section: object) -> None:
        shell.user_ns["section"] = section
        shell.run_cell("section", store_history=True)

    # By name, as all that is loaded here: this room does not rest on it.
    importlib.import_module("ppp.reports.ready").rehearse(show)


class _Server:
    def __init__(self, listener: socket.socket, memory: int) -> None:
        self.listener = listener
        self.memory = memory
        self.is_gone, self._holds = os.pipe()  # its other end closes when this process is no more, however it ends
        self.kernels: dict[int, _Kernel] = {}
        self.selector = selectors.DefaultSelector()
        self.woken, wake = socket.socketpair()
        self.woken.setblocking(False)
        wake.setblocking(False)
        self.wake = wake
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us decides when to end

    def run(self) -> None:
        for source in (self.listener, self.woken, sys.stdin):
            self.selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fd == sys.stdin.fileno():
                    if not os.read(sys.stdin.fileno(), 4096):
                        return self._end()
                elif key.fileobj is self.listener:
                    connection, _ = self.listener.accept()
                    kernel = self.kernels[connection.fileno()] = _Kernel(connection)
                    self.selector.register(connection, selectors.EVENT_READ, kernel)
                elif key.fileobj is self.woken:
                    with contextlib.suppress(BlockingIOError):
                        self.woken.recv(4096)
                    self._reap()
                elif (heard := self.kernels.get(key.fd)) and heard is key.data:  # it may just have been forgotten
                    self._hear(heard)

    def _hear(self, kernel: _Kernel) -> None:
        try:
            data = kernel.connection.recv(1 << 20)
        except ConnectionError:
            data = b""
        if not data:
            # Whoever asked for the kernel is gone, so nobody will ever stop it.
            if kernel.pid is not None:
                _kill(kernel.pid)
            self._forget(kernel)
            return
        kernel.received += data
        if kernel.pid is None and kernel.received.endswith(b"\n"):
            self._fork(kernel, json.loads(kernel.received))

    def _fork(self, kernel: _Kernel, request: dict) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                self._leave_server(kernel if "cells" in request else None)
                _leave_warm_process(request, self.memory)
                if "cells" in request:
                    _run_cells(request["cells"], kernel.connection, self.is_gone)
                else:
                    _become_kernel(request["argv"])
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(1)
        kernel.pid = pid
        if "argv" in request:
            self._tell(kernel, {"pid": pid})

    def _leave_server(self, own: _Kernel | None) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.selector.close()
        os.close(self._holds)
        others = [kernel.connection for kernel in self.kernels.values() if kernel is not own]
        for open_socket in (self.listener, self.woken, self.wake, *others):
            open_socket.close()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for kernel in list(self.kernels.values()):
                if kernel.pid == pid:
                    kernel.pid = None
                    self._tell(kernel, {"exit": os.waitstatus_to_exitcode(status)})
                    self._forget(kernel)

    def _tell(self, kernel: _Kernel, answer: dict) -> None:
        with contextlib.suppress(ConnectionError):
            kernel.connection.sendall(json.dumps(answer).encode() + b"\n")

    def _forget(self, kernel: _Kernel) -> None:
        self.kernels.pop(kernel.connection.fileno(), None)
        self.selector.unregister(kernel.connection)
        kernel.connection.close()

    def _end(self) -> None:
        for kernel in self.kernels.values():
            if kernel.pid is not None:
                _kill(kernel.pid)


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def _leave_warm_process(request: dict, memory: int) -> None:
    """In the child: a process of its own, with the folder, environment and chance that it would have had by itself."""
    os.setsid()
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    random.seed()
    import numpy

    numpy.random.seed()
    _first_to_go_when_memory_runs_out()
    if memory:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _run_cells(cells: list[dict], connection: socket.socket, is_gone: int) -> None:
    """In the child: run cells and tell of each; end with the server."""
    import threading

    from ppp.kernels.shell import CellShell, run_cells, without_history

    def end_with_server() -> None:
        os.read(is_gone, 1)
        os._exit(1)

    threading.Thread(target=end_with_server, daemon=True).start()
    shell = CellShell.instance(config=without_history())
    _show_figures(shell)
    with contextlib.suppress(BrokenPipeError), connection.makefile("w", encoding="utf-8", newline="\n") as told:
        run_cells(shell, cells, told)
    os._exit(0)


def _become_kernel(argv: list[str]) -> None:
    """In the child: be what ``python -m ipykernel_launcher`` is."""
    from ipykernel.kernelapp import IPKernelApp

    # argv is `python -m ipykernel_launcher -f FILE …`. The kernel ends itself when its parent, this server, is gone.
    sys.argv = ["ipykernel_launcher", f"--IPKernelApp.parent_handle={os.getppid()}", *argv[3:]]
    kernel = IPKernelApp.instance()
    kernel.initialize()
    _show_figures(kernel.shell)
    kernel.start()
    os._exit(0)


def _show_figures(shell) -> None:
    """Tell matplotlib where to show figures: it was imported when there was no shell yet, and never looks again."""
    backend = os.environ.get("MPLBACKEND", _INLINE)
    if backend == _INLINE:
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(backend)
        configure_inline_support(shell, backend)
    else:
        import matplotlib

        matplotlib.use(backend)


def _first_to_go_when_memory_runs_out() -> None:
    """A report that eats all memory is ended by the system before anything that other reports need."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


if __name__ == "__main__":
    main()
