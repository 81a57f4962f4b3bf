"""A chat-model provider on this machine that speaks OpenAI's protocol and says what it is told to, one script a request."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Script:
    """What one request gets."""

    says: object = None
    """The content: text, or anything else as JSON."""
    status: int = 200
    error: str = ""
    """Of a status that is no success: the provider's code."""
    refusal: str | None = None
    ended: str = "stop"
    waits: float = 0.0
    """Seconds before the answer."""
    drips: float = 0.0
    """Seconds between its pieces."""
    pieces: int = 7
    """Characters of a piece, where the answer is streamed."""

    @property
    def content(self) -> str:
        return self.says if isinstance(self.says, str) else json.dumps(self.says) if self.says is not None else ""


@dataclass
class Provider:
    """What the scripts are and what was asked."""

    url: str
    scripts: list[Script]
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of the requests."""

    def next(self, body: dict[str, Any]) -> Script:
        self.asked.append(body)
        return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]

    def prompts(self) -> list[str]:
        """All that was sent, request by request."""
        return ["\n".join(message["content"] for message in body["messages"]) for body in self.asked]


@contextmanager
def provider(scripts: Sequence[Script]) -> Iterator[Provider]:
    """The provider at work; its last script is said again and again."""
    held: list[Provider] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            script = held[0].next(body)
            time.sleep(script.waits)
            try:
                if script.status != 200:
                    self._send(script.status, {"error": {"message": f"sk-secret {script.error}", "code": script.error}})
                elif body.get("stream"):
                    self._stream(script)
                else:
                    self._send(200, _completion(script))
            except OSError:
                pass  # the client has left

        def _send(self, status: int, document: object) -> None:
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, script: Script) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            text = script.content
            deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
            deltas += [{"content": text[at : at + script.pieces]} for at in range(0, len(text), script.pieces)]
            deltas += [{"refusal": script.refusal}] if script.refusal else []
            for delta in deltas:
                time.sleep(script.drips)
                self._event({"index": 0, "delta": delta, "finish_reason": None})
            self._event({"index": 0, "delta": {}, "finish_reason": script.ended})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, choice: dict[str, Any]) -> None:
            event = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    held.append(Provider(f"http://127.0.0.1:{server.server_port}/v1", list(scripts)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield held[0]
    finally:
        server.shutdown()
        server.server_close()


def _completion(script: Script) -> dict[str, Any]:
    message = {"role": "assistant", "content": script.content or None, "refusal": script.refusal}
    choice = {"index": 0, "message": message, "finish_reason": script.ended}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "small", "choices": [choice]}
