"""The HTTP API: its documents, its faults in words, and what it refuses."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from small_shelf import NOTE, SmallAssistant

from assistant.errors import UnusableSettings
from assistant.interfaces import http, intake

HERE = "http://127.0.0.1:7860"


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(http.api(SmallAssistant(), "trials.example"), base_url=HERE, raise_server_exceptions=False) as opened:
        yield opened


def test_ask_gives_the_reply_of_the_contract(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "Who can join?", "trials": ["walk.txt"], "audience": "clinician"}).json()
    assert {"kind", "verdict", "text", "sentences", "citations", "trials", "findings", "as_of", "versions"} <= set(reply)
    for citation in reply["citations"]:
        text = client.get(f"/api/documents/{citation['document']}").text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_conversation_goes_on_with_the_messages_sent_before(client: TestClient) -> None:
    first = client.post("/api/ask", json={"question": "Who can join?"}).json()
    assert [fact["words"] for fact in first["state"]["facts"]] == ["Who can join?"]
    body = {"question": "And where?", "earlier": ["Who can join?", "I am 61."]}
    later = client.post("/api/ask", json=body).json()
    assert [fact["words"] for fact in later["state"]["facts"]] == ["Who can join?", "I am 61.", "And where?"]
    assert later["text"].startswith("These are the lines.")
    assert "Your words: And where?" in later["text"]


@pytest.mark.parametrize(
    "earlier", [["Who can join?"] * (intake.EARLIER + 1), [""], ["x" * 30_000]], ids=["too many", "an empty one", "a long one"]
)
def test_earlier_messages_are_bounded(earlier: list[str], client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": "Who can join?", "earlier": earlier}).status_code == 422


@pytest.mark.parametrize("patient", [NOTE, {"resourceType": "Bundle", "entry": []}], ids=["free text", "a JSON object"])
def test_check_gives_the_assessment_of_the_contract(patient: Any, client: TestClient) -> None:
    asked = {"trial": "walk.txt", "patient": patient, "today": "2026-05-04", "start": "2026-05-18", "complete": True}
    found = client.post("/api/check", json=asked).json()
    assert {"trial", "overall", "criteria", "coverage", "next_question", "findings"} <= set(found)
    assert ("patient_text" in found) is isinstance(patient, dict)
    for line in found["criteria"]:
        citation = line["citation"]
        text = client.get(f"/api/documents/{citation['document']}").text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert all(NOTE[one["start"] : one["end"]] == one["quote"] for one in line["patient_evidence"])


def test_half_a_character_in_a_patient_is_no_internal_error(client: TestClient) -> None:
    body = rb'{"trial": "walk.txt", "patient": {"name": "\ud800 knee"}}'
    answer = client.post("/api/check", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {200, 422}


def test_half_a_character_in_an_answer_is_a_question_mark() -> None:
    assert http.Json({"problems": ["\ud800 knee"]}).body == b'{"problems":["? knee"]}'


def test_common_questions_come_with_their_answers(client: TestClient) -> None:
    asked = client.get("/api/faq/walk.txt").json()["faq"]
    assert [one["question"] for one in asked] == ["Who can join?", "Where?"]
    assert all(one["reply"]["text"] for one in asked)
    assert client.get("/api/faq/nobody").status_code == 404


def test_match_ranks_trials_with_their_counts(client: TestClient) -> None:
    found = client.post("/api/match", json={"patient": NOTE, "limit": 3}).json()
    assert found["considered"] == 2
    (first,) = found["trials"]
    assert (first["rank"], first["trial"], first["overall"]) == (1, "NCT01234567", "does_not_match")
    assert (first["counts"]["satisfied"], first["counts"]["violated"], first["counts"]["unknown"]) == (2, 1, 1)
    assert first["decides"]["id"] == "NCT01234567/exclusion/1"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        pytest.param("/api/trials", "trials", id="trials"),
        pytest.param("/api/trials/NCT01234567", "criteria", id="one trial"),
        pytest.param("/api/trials/hostile%20%3Cb%3E", "criteria", id="a trial with an odd name"),
        pytest.param("/api/search?q=knee&section=exclusion&k=3", "hits", id="search"),
    ],
)
def test_reading(path: str, key: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json()[key]


def test_a_document_is_plain_text_whatever_it_holds(client: TestClient) -> None:
    answer = client.get("/api/documents/hostile%20%3Cb%3E.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        pytest.param("POST", "/api/ask", {"question": " "}, 422, "is empty", id="an empty question"),
        pytest.param("POST", "/api/ask", {"question": "x" * 30_000}, 422, "Shorten it", id="too long a question"),
        pytest.param("POST", "/api/ask", {}, 422, "question: Field required", id="no question"),
        pytest.param("POST", "/api/ask", {"question": "x", "audience": "cat"}, 422, "audience", id="unknown audience"),
        pytest.param("POST", "/api/ask", {"question": "x", "trials": ["x"] * 201}, 422, "trials", id="too many trials"),
        pytest.param("POST", "/api/ask", {"question": "x", "trials": ["nobody"]}, 404, "nobody", id="unknown trial"),
        pytest.param("POST", "/api/ask", {"question": "x", "shell": "rm"}, 422, "shell", id="an unknown field"),
        pytest.param("POST", "/api/check", {"trial": "walk.txt", "patient": " "}, 422, "Nothing is told", id="an empty note"),
        pytest.param("POST", "/api/check", {"patient": "61 years"}, 422, "trial: Field required", id="no trial to check"),
        pytest.param("POST", "/api/check", {"trial": "walk.txt"}, 422, "patient: Field required", id="no patient"),
        pytest.param(
            "POST", "/api/check", {"trial": "nobody", "patient": "61 years"}, 404, "nobody", id="check: unknown trial"
        ),
        pytest.param(
            "POST", "/api/check", {"trial": "walk.txt", "patient": "x", "today": "5 May"}, 422, "no day for today", id="no day"
        ),
        pytest.param(
            "POST",
            "/api/check",
            {"trial": "walk.txt", "patient": "x" * 200_001},
            422,
            "most that can be read",
            id="a long note",
        ),
        pytest.param(
            "POST", "/api/check", {"trial": "walk.txt", "patient": "x", "shell": "rm"}, 422, "shell", id="check: unknown field"
        ),
        pytest.param(
            "POST", "/api/check", {"trial": "walk.txt", "patient": "crash"}, 500, "Internal error", id="check: unforeseen fault"
        ),
        pytest.param("POST", "/api/match", {"patient": ""}, 422, "Nothing is told", id="match: an empty note"),
        pytest.param("POST", "/api/match", {"patient": "x", "limit": 0}, 422, "limit", id="match: no trials wanted"),
        pytest.param("GET", "/api/trials/nobody", None, 404, "nobody", id="no such trial"),
        pytest.param("GET", "/api/documents/../../etc/passwd", None, 404, "", id="no path leads out"),
        pytest.param("GET", "/api/documents/..%2F..%2Fetc%2Fpasswd", None, 404, "passwd", id="no encoded path leads out"),
        pytest.param("GET", "/api/search?q=knee&k=1000", None, 422, "k:", id="too many passages"),
        pytest.param("GET", "/api/search?q=knee&section=middle", None, 422, "inclusion", id="an unknown section"),
        pytest.param("GET", "/api/nothing", None, 404, "Not Found", id="no such page"),
        pytest.param("GET", "/docs", None, 404, "Not Found", id="no page that loads foreign scripts"),
        pytest.param("POST", "/api/ask", {"question": "crash"}, 500, "Internal error", id="an unforeseen fault"),
    ],
)
def test_a_fault_is_a_document(method: str, path: str, body: Any, status: int, words: str, client: TestClient) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert "secret detail" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="its own address"),
        pytest.param({"host": "localhost:7860"}, 200, id="localhost"),
        pytest.param({"host": "[::1]:7860"}, 200, id="IPv6 loopback"),
        pytest.param({"host": "trials.example"}, 200, id="the host given"),
        pytest.param({"host": "evil.example"}, 421, id="a name that was rebound to this machine"),
        pytest.param({"host": "evil.example:7860"}, 421, id="the same with the port"),
        pytest.param({"host": "localhost.evil.example"}, 421, id="a name that begins like ours"),
        pytest.param({"host": ""}, 421, id="no name"),
        pytest.param({"host": "[::1"}, 421, id="a broken name"),
        pytest.param({"origin": HERE}, 200, id="its own page"),
        pytest.param({"origin": "https://evil.example"}, 403, id="another site's page"),
        pytest.param({"origin": "null"}, 403, id="a page without an origin"),
        pytest.param({"origin": "http://[::1"}, 403, id="a broken origin"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="a request that a browser calls foreign"),
    ],
)
def test_foreign_hosts_and_origins_are_refused(headers: dict[str, str], status: int, client: TestClient) -> None:
    answer = client.get("/api/trials", headers=headers)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers


def test_a_large_body_is_refused_with_and_without_its_length(client: TestClient) -> None:
    large = b'{"question": "' + b"x" * intake.BODY + b'"}'
    declared = client.post("/api/ask", content=large)
    streamed = client.post("/api/ask", content=iter([large[:1000], large[1000:]]))
    assert (declared.status_code, streamed.status_code) == (413, 413)


def test_a_busy_port_gives_the_next_free_one() -> None:
    first = http.listen("127.0.0.1", 0)
    with first, http.listen("127.0.0.1", first.getsockname()[1]) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


@pytest.mark.parametrize("host", ["203.0.113.9", "no host at all"])
def test_a_host_that_is_not_ours_is_wrong_usage(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    if " " in host:
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnusableSettings, match="--host"):
        http.listen(host, 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:"), ("localhost", "http://localhost:")],  # noqa: S104
)
def test_the_address_is_one_that_a_browser_opens(host: str, shown: str) -> None:
    with http.listen("127.0.0.1", 0) as listener:
        assert httpx.URL(http.address(host, listener)).port == listener.getsockname()[1]
        assert http.address(host, listener).startswith(shown)
