"""The page: a conversation with its passages beside it, and the trials in the index, as Gradio blocks on the HTTP API's app."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

import gradio as gr
from fastapi import FastAPI

from assistant.audit.audited import audit
from assistant.errors import AssistantFault, UnusableRequest
from assistant.interfaces import page, show
from assistant.interfaces.intake import usable_clock, usable_note, usable_question
from assistant.reply import Audience, Citation, Draft
from index.errors import IndexFault
from index.trial import Trial

if TYPE_CHECKING:
    from assistant.dialogue import Conversation
    from assistant.wiring import Assistant

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
_INTERNAL = "Something went wrong inside the program. Please report it; the other questions still work."
_QUESTION_SHOWN = 600
"""Characters of a question that the page repeats."""
_DAY = "2026-01-31"
"""How a day is written, as an example."""
_AT_ONCE = 4
"""Questions answered at the same time; more wait their turn."""


@dataclass
class Visit:
    """One person's conversation and the turns that the page shows."""

    conversation: "Conversation"
    turns: list[page.Turn] = field(default_factory=list)


def mount(app: FastAPI, assistant: "Assistant") -> FastAPI:
    """The app with the page at its root."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks(assistant),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=_theme(),
        css=_resource("page.css"),
        head=f'<meta name="color-scheme" content="light dark"><script>{_resource("page.js")}</script>',
    )
    return mounted


def _resource(name: str) -> str:
    return resources.files("assistant.interfaces").joinpath(name).read_text("utf-8")


def _theme() -> gr.themes.Base:
    return gr.themes.Base(primary_hue="cyan", neutral_hue="slate", font=_FONT, font_mono=_MONO, radius_size="md")


def blocks(assistant: "Assistant") -> gr.Blocks:
    """The page's parts and what each does."""
    does = Doings(assistant)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    built = gr.Blocks(title="Eligibility Assistant", analytics_enabled=False)
    with built:
        visit = gr.State(None)
        model = assistant.model.name if assistant.model else None
        _html(page.header(model), "masthead")
        with gr.Tabs(elem_id="rooms"):
            with gr.Tab("Ask"):
                parts = _ask_tab()
            with gr.Tab("Check a patient"):
                check = _check_tab(model)
            with gr.Tab("Trials"):
                listed = _html("", "trials", "eligibility.trials(element, trigger, 'select')")
                opened = _html("", "trial", "eligibility.trial(element, watch)")
        chosen = [parts.scope, parts.audience, visit]
        outputs = [parts.question, parts.send, parts.said, parts.reader, parts.scope, visit]
        asked = [parts.question.submit, parts.send.click]
        typed = gr.on(asked, does.ask, [parts.question, *chosen], outputs, trigger_mode="once", **quiet)
        picked = parts.said.submit(does.ask_example, chosen, outputs, trigger_mode="once", **quiet)
        panels = [parts.told_side, parts.told_here]
        for answered in (typed, picked):
            answered.then(does.show_told, visit, panels, **quiet)
        for panel in panels:
            panel.select(does.forget, visit, panels, **quiet)
        parts.said.select(does.open_passage, visit, parts.reader, **quiet)
        lines = gr.State(())
        told = [check.trial, check.note, check.today, check.start, check.complete]
        check.send.click(does.check, told, [check.send, check.result, check.reader, lines], trigger_mode="once", **quiet)
        check.result.select(does.open_line, lines, check.reader, **quiet)
        built.load(does.arrive, None, [parts.said, parts.scope, listed, check.trial], **quiet)
        listed.select(does.open_trial, None, opened, **quiet)
    built.queue(default_concurrency_limit=_AT_ONCE, max_size=64)
    return built


@dataclass(frozen=True)
class _Parts:
    scope: gr.Dropdown
    audience: gr.Radio
    said: gr.HTML
    question: gr.Textbox
    send: gr.Button
    reader: gr.HTML
    told_side: gr.HTML
    told_here: gr.HTML


def _ask_tab() -> _Parts:
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk", min_width=300):
            with gr.Row(elem_id="choices"):
                scope = gr.Dropdown(
                    [], multiselect=True, label="About which trials (none chosen: all)", elem_id="scope", min_width=220
                )
                voices = [("Patient or carer", "patient"), ("Clinician", "clinician")]
                audience = gr.Radio(voices, value="patient", label="Answers are for", elem_id="audience", min_width=220)
            said = _html("", "conversation", "eligibility.conversation(element, trigger, watch, 'select', 'submit')")
            told_here = _html("", "told-here", "eligibility.told(element, trigger, watch)")
            with gr.Row(elem_id="composer"):
                question = gr.Textbox(
                    label="Your question", lines=1, max_lines=6, elem_id="question", min_width=200, autofocus=True
                )
                send = gr.Button("Ask", variant="primary", elem_id="send", min_width=80)
        with gr.Column(elem_id="side", min_width=300):
            told_side = _html(page.told((), "side"), "told-side", "eligibility.told(element, trigger, watch)")
            reader = _html(page.empty_reader(), "reader", "eligibility.reader(element, watch)")
    return _Parts(scope, audience, said, question, send, reader, told_side, told_here)


@dataclass(frozen=True)
class _CheckParts:
    trial: gr.Dropdown
    note: gr.Textbox
    today: gr.Textbox
    start: gr.Textbox
    complete: gr.Checkbox
    send: gr.Button
    result: gr.HTML
    reader: gr.HTML


def _check_tab(model: str | None) -> _CheckParts:
    where = (
        f"Parts of it go to the chat model {model}; it is not kept." if model else "It stays on this machine and is not kept."
    )
    with gr.Row(elem_id="bench"):
        with gr.Column(elem_id="told", min_width=300):
            trial = gr.Dropdown([], label="Trial", elem_id="check-trial", min_width=220)
            note = gr.Textbox(
                label="What is known of the patient",
                info=f"A note in plain words, a FHIR R4 bundle or a profile. {where}",
                lines=8,
                max_lines=20,
                elem_id="note",
            )
            with gr.Row(elem_id="days"):
                today = gr.Textbox(label="Today", info="Year-month-day", placeholder=_DAY, elem_id="today", min_width=130)
                start = gr.Textbox(
                    label="Planned start", info="First treatment or enrolment", placeholder=_DAY, elem_id="start", min_width=130
                )
            complete = gr.Checkbox(
                label="The note is complete",
                info="A clinician says so: what such a note would mention and does not is then taken as absent, and marked so.",
                elem_id="complete",
            )
            send = gr.Button("Check", variant="primary", elem_id="check-send", min_width=80)
            result = _html(page.no_check(), "result", "eligibility.check(element, trigger, watch)")
        with gr.Column(elem_id="shelf", min_width=300):
            reader = _html(page.empty_reader(page.CHECK_FIRST), "check-reader", "eligibility.reader(element, watch)")
    return _CheckParts(trial, note, today, start, complete, send, result, reader)


def _html(value: str, name: str, behaviour: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=behaviour, apply_default_css=False, container=False)


def _choice(trial: Trial) -> str:
    name = trial.acronym or trial.title
    return f"{trial.id} · {name}" if name else trial.id


@dataclass(frozen=True)
class Doings:
    """What the page's events do; what a browser names is looked up, never trusted."""

    assistant: "Assistant"

    def arrive(self) -> tuple[str, Any, str, Any]:
        """Examples, choices and the list of trials, as the index holds them now."""
        trials = self.assistant.library.trials()
        choices = [(_choice(trial), trial.id) for trial in trials]
        only = choices[0][1] if len(choices) == 1 else None
        said, scope = page.conversation((), page.examples_for(trials)), gr.update(choices=choices)
        return said, scope, page.trial_list(trials), gr.update(choices=choices, value=only)

    def ask(self, question: str, scope: list[str] | None, audience: Audience, held: Visit | None) -> Iterator[Any]:
        """First the question with "looking", then the answer; a fault is a message in the conversation."""
        visit = held or Visit(self.assistant.conversation())
        visit.conversation.scope, visit.conversation.audience = tuple(scope or ()), audience
        visit.turns.append(page.Turn(question.strip()[:_QUESTION_SHOWN]))
        yield "", gr.update(interactive=False), page.conversation(visit.turns, ()), gr.skip(), gr.skip(), visit
        for turn in self._answered(visit, question):
            visit.turns[-1] = turn
            if isinstance(turn.reply, Draft):
                yield gr.skip(), gr.skip(), page.conversation(visit.turns, ()), gr.skip(), gr.skip(), gr.skip()
        cited = turn.reply.citations if turn.reply else ()
        reader = self._read(cited[0], 1, chosen=False) if cited else page.empty_reader()
        said, standing = page.conversation(visit.turns, ()), list(visit.conversation.scope)
        yield gr.skip(), gr.update(interactive=True), said, reader, standing, visit

    def ask_example(
        self, scope: list[str] | None, audience: Audience, held: Visit | None, event: gr.EventData
    ) -> Iterator[Any]:
        """The same for a question chosen instead of typed."""
        yield from self.ask(str(event.question), scope, audience, held)

    def show_told(self, held: Visit | None) -> tuple[str, str]:
        """What is held of the patient, for both places where it stands."""
        facts: Sequence[Any] = held.conversation.state()["facts"] if held else ()  # type: ignore[assignment]
        return page.told(facts, "side"), page.told(facts, "here") if facts else ""

    def forget(self, held: Visit | None, event: gr.EventData) -> tuple[str, str]:
        """One fact removed by its number, or all of them."""
        number = event.forget
        if held is not None and isinstance(number, int):
            held.conversation.forget(number or None)
        return self.show_told(held)

    def _answered(self, visit: Visit, question: str) -> Iterator[page.Turn]:
        """The turn as far as it is answered, and last the whole of it."""
        shown = visit.turns[-1].question
        try:
            for reply in visit.conversation.stream(usable_question(question)):
                yield page.Turn(shown, reply=reply)
        except (AssistantFault, IndexFault) as fault:
            yield page.Turn(shown, fault=str(fault))
        except Exception as fault:
            _LOG.error("internal error", exc_info=fault)
            yield page.Turn(shown, fault=_INTERNAL)

    def open_passage(self, held: Visit | None, event: gr.EventData) -> Any:
        """The passage chosen, highlighted in its document."""
        turn = _at(held.turns if held else (), event.turn)
        citation = _at(turn.reply.citations if turn and turn.reply else (), event.citation)
        return self._read(citation, event.citation + 1, chosen=True) if citation else gr.skip()

    def _read(self, citation: Citation, number: int, *, chosen: bool) -> str:
        try:
            return page.reader(citation, self.assistant.library.source(citation.document), number, chosen=chosen)
        except IndexFault as fault:
            return page.unreadable(str(fault))

    def check(self, trial: str | None, note: str, today: str, start: str, complete: bool) -> Iterator[Any]:
        """First that it is being read, then the table; only where its lines stand is kept, for their passages."""
        yield gr.update(interactive=False), page.checking(), page.empty_reader(page.CHECK_FIRST), ()
        result, citations = self._checked(trial, note, today, start, complete)
        yield gr.update(interactive=True), result, gr.skip(), citations

    def _checked(
        self, trial: str | None, note: str, today: str, start: str, complete: bool
    ) -> tuple[str, tuple[Citation, ...]]:
        try:
            if not trial:
                raise UnusableRequest("Choose a trial first.")
            told, clock = usable_note(note), usable_clock(today, start, now=date.today())
            found = self.assistant.check(trial, told, clock, complete=complete, audience="clinician")
        except (AssistantFault, IndexFault) as fault:
            return page.check_fault(str(fault)), ()
        except Exception as fault:
            _LOG.error("internal error", exc_info=fault)
            return page.check_fault(_INTERNAL), ()
        asked = {"trial": trial, "patient": note, "today": str(clock.today), "start": str(clock.start), "complete": complete}
        return page.assessment(found.as_json(), asked), tuple(line.citation for line in found.criteria)

    def open_line(self, citations: tuple[Citation, ...], event: gr.EventData) -> Any:
        """The criterion chosen, highlighted in its document."""
        citation = _at(citations, event.line)
        return self._read(citation, event.line + 1, chosen=True) if citation else gr.skip()

    def open_trial(self, event: gr.EventData) -> str:
        """The trial chosen in the list."""
        try:
            name = str(event.trial)
            trial, documents = self.assistant.library.trial(name), self.assistant.library.records(name)
            return page.trial_page(trial, show.condition_words(show.conditions(trial)), audit(trial, documents))
        except IndexFault as fault:
            return page.unreadable(str(fault))


def _at(items: Sequence[_T], index: object) -> _T | None:
    return items[index] if isinstance(index, int) and 0 <= index < len(items) else None
