"""A server that answers as it should not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

PASSWORD = "s3cret-of-ana"
GET = "/api/2.0/mlflow/runs/get"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Hostile:
    """A server on a real socket; it notes what it is sent, and sends what it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.reply: Reply = self.say(OK)
        self.is_left = asyncio.Event()

    @staticmethod
    def say(answer: bytes) -> Reply:
        """These bytes, then the end of the connection."""

        async def reply(writer: asyncio.StreamWriter) -> None:
            writer.write(answer)
            await writer.drain()

        return reply

    @staticmethod
    def repeat(part: bytes, head: bytes = b"", pause_s: float = 0) -> Reply:
        """The same part without end."""

        async def reply(writer: asyncio.StreamWriter) -> None:
            writer.write(head)
            while True:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause_s)

        return reply

    async def hang(self, writer: asyncio.StreamWriter) -> None:
        """Nothing, for ever."""
        await asyncio.Event().wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.seen.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            replying = asyncio.ensure_future(self.reply(writer))
            leaving = asyncio.ensure_future(self._end_of(reader))
            await asyncio.wait([replying, leaving], return_when=asyncio.FIRST_COMPLETED)
            if not replying.done() or isinstance(replying.exception(), ConnectionError):
                self.is_left.set()
            replying.cancel()
            leaving.cancel()
        writer.close()

    @staticmethod
    async def _end_of(reader: asyncio.StreamReader) -> None:
        while await reader.read(1 << 16):
            continue


@contextlib.asynccontextmanager
async def listening(server: Hostile) -> AsyncIterator[int]:
    made = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    yield made.sockets[0].getsockname()[1]
    made.close()


async def still_works(client: httpx.AsyncClient, hostile: Hostile) -> None:
    hostile.reply = hostile.say(OK)
    answer = await client.get(GET)
    assert (answer.status_code, answer.content) == (200, b"{}")
