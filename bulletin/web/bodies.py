"""Read what a client sends, as much as we take and no longer than we wait."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive


class BodyTooLarge(Exception):
    """More was sent than is taken. The rest isn't read."""


class ClientTooSlow(Exception):
    """It took too long, or the client hung up before the end."""


async def read_body(receive: Receive, *, most: int, seconds: float) -> bytes:
    """The whole body of a request, `most` bytes of it. Raises BodyTooLarge and ClientTooSlow."""
    body = b""
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientTooSlow
                body += bytes(message.get("body", b""))
                if len(body) > most:
                    raise BodyTooLarge
                if not message.get("more_body", False):
                    return body
    except TimeoutError as error:
        raise ClientTooSlow from error


def replay_body(body: bytes, receive: Receive) -> Receive:
    """What receives `body` again, for an application that wants to read it too."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
