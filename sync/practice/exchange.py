"""One HTTP exchange as plain values, and the few lines of ASGI 3 that carry it.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Final

from sync.practice.refusals import ConnectionLost, Refusal
from sync.practice.wire import JsonObject, Receive, Scope, Send

BODY_MAX: Final = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request read to its end; header names in lower case."""

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer ready to be sent."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, status: int, value: JsonObject) -> Answer:
        return cls(
            status=status,
            headers={"Content-Type": "application/json"},
            body=json.dumps(value).encode(),
        )


async def read_request(scope: Scope, receive: Receive) -> Request:
    """The whole request. Refusal(413) for a body beyond 1 MiB; ConnectionLost for half of one."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Half a request is none: the caller died before its last byte.
            raise ConnectionLost(before_effect=True)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_MAX:
            raise Refusal(413, {"type": "invalid_request_error", "message": "Request too large."})
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"],
        headers=headers,
        body=bytes(body),
    )


async def send_answer(send: Send, answer: Answer) -> None:
    """Send the answer in one piece."""
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": answer.body})


async def live_and_die(receive: Receive, send: Send) -> None:
    """The lifespan protocol: nothing to prepare, nothing to clear away."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return
