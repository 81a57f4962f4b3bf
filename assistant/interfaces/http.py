"""The HTTP API, the guard in front of it (hosts, origins, sizes, headers) and the server that the page is mounted on."""

import errno
import ipaddress
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import SplitResult, quote, urlsplit

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.audit.audited import audit
from assistant.eligibility.clock import Clock
from assistant.errors import AssistantFault, UnusableRequest, UnusableSettings
from assistant.interfaces import intake, show, sides
from assistant.interfaces.intake import Form
from assistant.reply import Audience
from index.errors import IndexFault, NothingIndexed, UnknownTrial

if TYPE_CHECKING:
    from assistant.wiring import Assistant

_LOG = logging.getLogger(__name__)


class Json(JSONResponse):
    """JSON whose text may hold half a character (a lone surrogate, which JSON can write and UTF-8 can't): it becomes "?"."""

    def render(self, content: Any) -> bytes:
        """The document in UTF-8."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


_PORTS_TRIED = 50
_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio puts its configuration in an inline script and compiles its templates.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class AskBody(BaseModel):
    """The body of POST /api/ask."""

    model_config = ConfigDict(extra="forbid")

    question: str
    earlier: list[str] = Field(default=[], max_length=intake.EARLIER)
    """The messages of the conversation so far, in order: the server keeps none."""
    trials: list[Annotated[str, Field(max_length=500)]] = Field(default=[], max_length=intake.SCOPE)
    audience: Audience = "patient"


class PatientBody(BaseModel):
    """What is told of a patient, and the days that are counted to."""

    model_config = ConfigDict(extra="forbid")

    patient: str | dict[str, Any]
    """Free text, or a FHIR R4 bundle or a profile, as JSON or as the text of one."""
    today: str | None = None
    start: str | None = None
    complete: bool = False
    audience: Audience = "patient"

    def told(self) -> str:
        """The patient's text. Raises UnusableRequest when it is empty or too long."""
        return intake.usable_note(
            self.patient if isinstance(self.patient, str) else json.dumps(self.patient, ensure_ascii=False)
        )

    def clock(self) -> Clock:
        """The days. Raises UnusableRequest for what is no day."""
        return intake.usable_clock(self.today, self.start, now=date.today())


class CheckBody(PatientBody):
    """The body of POST /api/check."""

    trial: Annotated[str, Field(max_length=500)]


class HandoffBody(CheckBody):
    """The body of POST /api/handoff."""

    form: Form = "html"


class MatchBody(PatientBody):
    """The body of POST /api/match."""

    limit: Annotated[int, Field(ge=1, le=intake.HITS)] = 10


def api(assistant: "Assistant", host: str) -> FastAPI:
    """The API over one assistant, answering only to loopback names, addresses and the host given."""
    # No pages of API documentation: they load scripts from a foreign host.
    app = FastAPI(title="Eligibility Assistant", docs_url=None, redoc_url=None)
    app.add_middleware(Guard, names=(host, socket.gethostname()))
    _answer_faults(app)
    _add_routes(app, assistant)
    return app


def _add_routes(app: FastAPI, assistant: "Assistant") -> None:
    library = assistant.library

    @app.post("/api/ask")
    def ask(body: AskBody) -> Json:
        messages = [intake.usable_question(message) for message in (*body.earlier, body.question)]
        scope = tuple(library.trial(name).id for name in body.trials)
        talk = assistant.conversation(scope=scope, audience=body.audience)
        *_, reply = (talk.ask(message) for message in messages)
        return Json({**reply.as_json(), "state": talk.state()})

    @app.post("/api/check")
    def check(body: CheckBody) -> Json:
        told, clock = body.told(), body.clock()
        assessment = assistant.check(body.trial, told, clock, complete=body.complete, audience=body.audience)
        return Json(show.check_document(assessment, assistant.sheet(told, clock)))

    @app.post("/api/handoff")
    def handoff(body: HandoffBody) -> Response:
        from assistant.interfaces import sheets

        sheet = assistant.handoff(body.trial, body.told(), body.clock(), complete=body.complete, audience=body.audience)
        name = f"attachment; filename*=utf-8''{quote(sheet.trial, safe='')}.{body.form}"
        return Response(
            sheets.write(sheet, body.form), media_type=sheets.MEDIA[body.form], headers={"content-disposition": name}
        )

    @app.post("/api/match")
    def match(body: MatchBody) -> Json:
        told, clock = body.told(), body.clock()
        found = assistant.match(told, clock, complete=body.complete, audience=body.audience, limit=body.limit)
        return Json(show.match_document(found, len(library.trials())))

    @app.get("/api/trials")
    def trials() -> Json:
        return Json({"trials": [show.trial_line(trial) for trial in library.trials()]})

    @app.get("/api/faq/{name:path}")
    def faq(name: str, audience: Audience = "patient") -> Json:
        asked = assistant.faq(library.trial(name).id, audience)
        return Json({"faq": [{"question": question, "reply": reply.as_json()} for question, reply in asked]})

    @app.get("/api/trials/{name:path}")
    def trial(name: str) -> Json:
        found = library.trial(name)
        return Json(show.trial_document(found, show.conditions(found), audit(found, library.records(name))))

    @app.get("/api/compare")
    def compare(trial: Annotated[list[str], Query(max_length=intake.SCOPE)], on: str | None = None) -> Json:
        fact = None if on is None else intake.usable_question(on)
        return Json(sides.document(sides.compared([library.trial(name) for name in trial], fact)))

    @app.get("/api/documents/{name:path}")
    def document(name: str) -> PlainTextResponse:
        return PlainTextResponse(library.source(name).text)

    @app.get("/api/search")
    def search(
        q: str,
        trial: Annotated[list[str], Query(max_length=intake.SCOPE)] = [],  # noqa: B006  FastAPI copies it
        section: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
        status: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
        k: Annotated[int, Query(ge=1, le=intake.HITS)] = 10,
    ) -> Json:
        query, sections, statuses = intake.usable_question(q), intake.usable_sections(section), intake.usable_statuses(status)
        found = library.search(query, trials=trial, sections=sections, status=statuses, k=k)
        return Json(show.search_document(query, found, library.source))

    @app.get("/api/health")
    def health() -> Json:
        return Json(show.health_document(library.health(), {}))


def _answer_faults(app: FastAPI) -> None:
    """Each error as {"error": …, "kind": …} with its status; never a stack."""
    statuses: tuple[tuple[type[Exception], int], ...] = (
        (UnusableRequest, 422),
        (UnknownTrial, 404),
        (NothingIndexed, 503),
        (AssistantFault, 500),
        (IndexFault, 500),
    )
    for kind, status in statuses:
        app.add_exception_handler(kind, _saying(status, str))
    app.add_exception_handler(RequestValidationError, _saying(422, _invalid))
    app.add_exception_handler(HTTPException, _http_fault)
    app.add_exception_handler(Exception, _saying(500, _internal))


def _saying(status: int, say: Callable[[Any], str]) -> Callable[[Request, Exception], Awaitable[Json]]:
    async def handle(request: Request, fault: Exception) -> Json:
        return _error(status, say(fault), type(fault).__name__)

    return handle


async def _http_fault(request: Request, fault: Exception) -> Json:
    status, detail = getattr(fault, "status_code", 500), str(getattr(fault, "detail", fault))
    return _error(status, detail, "HTTPException")


def _invalid(fault: RequestValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in error['loc'][1:]) or 'body'}: {error['msg']}" for error in fault.errors()
    )


def _internal(fault: Exception) -> str:
    _LOG.error("internal error", exc_info=fault)
    return "Internal error; please report it. The server's log says more."


def _error(status: int, message: str, kind: str) -> Json:
    return Json({"error": message, "kind": kind}, status_code=status)


class Guard:
    """Refuses foreign hosts (DNS rebinding), foreign origins and large bodies; puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: refused with a reason, or passed on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope))
        if refusal:
            await refusal(scope, receive, _with_headers(send))
            return
        await self._app(scope, _counted(receive), _with_headers(send))

    def _refusal(self, headers: Headers) -> Json | None:
        host = headers.get("host", "")
        if not self._known(host):
            return _error(421, f"This server does not answer to the name {host!r}; start it with --host.", "ForeignHost")
        origin = headers.get("origin")
        if (origin and _parsed(origin).netloc != host.lower()) or headers.get("sec-fetch-site") == "cross-site":
            return _error(403, "Another site asked; this server answers only its own page.", "ForeignOrigin")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > intake.BODY:
            return _error(413, f"The request is too large; {intake.BODY:,} bytes are the most.", "TooLarge")
        return None

    def _known(self, host: str) -> bool:
        """A name that no foreign page can have: loopback's, this machine's, the one given, or an address."""
        name = _parsed(f"//{host}").hostname or ""
        return name == "localhost" or name in self._names or _is_address(name)


def _parsed(url: str) -> SplitResult:
    """The parts of the URL in lower case; none for one that is broken."""
    try:
        return urlsplit(url.lower())
    except ValueError:
        return urlsplit("")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _counted(receive: Receive) -> Receive:
    """The request's body, cut off where a body without a declared length passes the limit."""
    taken = 0

    async def receive_within_limit() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > intake.BODY:
            raise HTTPException(413, f"The request is too large; {intake.BODY:,} bytes are the most.")
        return message

    return receive_within_limit


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at the port or the next free one. Raises UnusableSettings where the host can't be listened on."""
    for candidate in range(port, min(port + _PORTS_TRIED, 65536)) if port else (0,):
        try:
            return _bound(host, candidate)
        except PermissionError as fault:
            raise UnusableSettings(f"Port {candidate} may not be opened here ({fault}). Take one above 1023.") from fault
        except socket.gaierror as fault:
            raise UnusableSettings(f"{host} is no address of this machine ({fault}). Try --host 127.0.0.1.") from fault
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                raise UnusableSettings(f"{host}:{candidate} can't be listened on ({fault}). Try --host 127.0.0.1.") from fault
    raise UnusableSettings(f"No port from {port} on is free. Choose another with --port.")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere the option lets two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address(host: str, listener: socket.socket) -> str:
    """The URL that a browser on this machine opens."""
    wildcard = host in ("0.0.0.0", "::", "")  # noqa: S104  compared, not bound
    name = "127.0.0.1" if wildcard else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"


def serve(app: FastAPI, listener: socket.socket) -> None:
    """Answer requests until interrupted."""
    import uvicorn

    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listener])
