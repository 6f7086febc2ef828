"""A kernel client that knows when a kernel is ready, instead of waiting a while to be sure."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient

__all__ = ["PromptClient"]

_SOON = 2  # milliseconds


class PromptClient(AsyncKernelClient):
    """Ready is when the kernel has answered and has said on its output channel that it is idle after that very answer.

    The client it derives from reads the output channel until it has been silent for 0.2 s, in every report.
    """

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        """Connect; and where the kernel does not listen yet, try again soon, and not after a tenth of a second."""
        self.context.setsockopt(zmq.RECONNECT_IVL, _SOON)
        super().start_channels(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel is ready.

        Raises
        ------
        RuntimeError
            Where the kernel has died, or does not answer in `timeout` seconds.
        """
        give_up = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while True:
            asked = self.kernel_info()
            try:
                while (reply := await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != asked:
                    pass
                # Only a connected output channel delivers this; one that was not yet connected gets another chance.
                while not _is_idle_after(await self.get_iopub_msg(timeout=0.2), asked):
                    pass
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if time.monotonic() > give_up:
                    raise RuntimeError(f"Kernel didn't respond in {timeout} seconds") from None
            else:
                self._handle_kernel_info_reply(reply)
                return


def _is_idle_after(message: dict, request: str) -> bool:
    return (
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"].get("msg_id") == request
    )
