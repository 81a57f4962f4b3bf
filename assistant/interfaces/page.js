// The page's behaviour; each function is called once, with the element that holds one part of the page.
window.eligibility = {
  still: () => matchMedia("(prefers-reduced-motion: reduce)").matches,

  go(element, block) {
    const far = Math.abs(element.getBoundingClientRect().top) > 3 * innerHeight;
    element.scrollIntoView({ behavior: this.still() || far ? "auto" : "smooth", block });
  },

  // A term's explanation: hover and focus show it by style, a click or tap holds it open, Escape shuts it.
  terms(element) {
    const shut = () => element.querySelectorAll('.term[aria-expanded="true"]').forEach((one) => one.setAttribute("aria-expanded", "false"));
    element.addEventListener("click", (event) => {
      const term = event.target.closest(".term");
      const opens = term && term.getAttribute("aria-expanded") === "false";
      if (!event.target.closest(".tip")) shut();
      if (opens) term.setAttribute("aria-expanded", "true");
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      shut();
      element.querySelectorAll(".gloss").forEach((one) => one.classList.add("shut"));
    });
    for (const back of ["pointerout", "focusout"])
      element.addEventListener(back, (event) => event.target.closest(".gloss")?.classList.remove("shut"));
  },

  conversation(element, trigger, watch) {
    this.terms(element);
    element.addEventListener("click", (event) => {
      const target = event.target.closest("button");
      if (!target) return;
      if (target.dataset.question) trigger("submit", { question: target.dataset.question });
      if (target.dataset.citation) {
        element.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
        target.setAttribute("aria-current", "true");
        this.opened = target;
        trigger("select", { turn: Number(target.dataset.turn), citation: Number(target.dataset.citation) });
      }
    });
    watch("value", () => {
      const turns = element.querySelectorAll(".turn");
      const last = turns[turns.length - 1];
      if (!last || last.querySelector(".going")) return;
      const spoken = last.querySelector(".pending, .spoken, .fault");
      document.getElementById("announcer").textContent = spoken ? spoken.innerText : "";
      this.go(last, "start");
    });
  },

  reader(element, watch) {
    element.addEventListener("click", (event) => {
      if (!event.target.closest(".back") || !this.opened) return;
      this.go(this.opened, "center");
      this.opened.focus({ preventScroll: true });
    });
    watch("value", () => {
      const mark = element.querySelector("mark");
      if (!mark) return;
      const box = mark.closest(".document");
      box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
      if (element.querySelector('[data-chosen="true"]')) {
        if (matchMedia("(max-width: 900px)").matches) this.go(element, "start");
        mark.focus({ preventScroll: true });
      }
    });
  },

  told(element, trigger, watch) {
    let next = null;
    let open = false;
    element.addEventListener("toggle", (event) => { open = event.target.open; }, true);
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-forget]");
      if (!button) return;
      const words = button.closest("li")?.querySelector("q").innerText;
      next = { place: [...element.querySelectorAll("[data-forget]")].indexOf(button), said: words ? `Removed: ${words}` : "All removed" };
      trigger("select", { forget: Number(button.dataset.forget) });
    });
    watch("value", () => {
      const details = element.querySelector("details");
      if (details) details.open = open;
      if (!next) return;
      document.getElementById("announcer").textContent = next.said;
      const left = [...element.querySelectorAll("li [data-forget]")];
      const target = left[Math.min(next.place, left.length - 1)] || element.querySelector("h2");
      next = null;
      if (target) target.focus({ preventScroll: true });
      else document.querySelector("#question textarea").focus({ preventScroll: true });
    });
  },

  // The sheet of the check that is shown, as a file: made by this machine, kept nowhere.
  async sheet(button) {
    const request = JSON.parse(button.closest("[data-request]").dataset.request);
    const announce = (words) => { document.getElementById("announcer").textContent = words; };
    button.disabled = true;
    try {
      const body = JSON.stringify({ ...request, form: button.dataset.form, audience: "clinician" });
      const reply = await fetch("/api/handoff", { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!reply.ok) throw new Error();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await reply.blob());
      link.download = `${request.trial}.${button.dataset.form}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      announce("The sheet was saved.");
    } catch {
      announce("The sheet could not be made. Check again, then try once more.");
    }
    button.disabled = false;
  },

  check(element, trigger, watch) {
    element.addEventListener("click", (event) => {
      const sheet = event.target.closest("button.sheet");
      if (sheet) {
        this.sheet(sheet);
        return;
      }
      const link = event.target.closest('a[href^="#line-"]');
      if (link) {
        event.preventDefault();
        const row = document.getElementById(link.getAttribute("href").slice(1));
        this.go(row, "start");
        row.focus({ preventScroll: true });
        return;
      }
      const target = event.target.closest("[data-line]");
      if (!target) return;
      element.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
      target.setAttribute("aria-current", "true");
      this.opened = target;
      trigger("select", { line: Number(target.dataset.line) });
    });
    watch("value", () => {
      const spoken = element.querySelector(".overall, .pending, .fault");
      document.getElementById("announcer").textContent = spoken ? spoken.innerText : "";
      const heading = element.querySelector(".overall");
      if (!heading) return;
      this.go(element, "start");
      heading.focus({ preventScroll: true });
    });
  },

  trials(element, trigger) {
    element.addEventListener("click", (event) => {
      const target = event.target.closest("[data-trial]");
      if (target) trigger("select", { trial: target.dataset.trial });
    });
  },

  // The common questions of a trial, asked of this machine when they are first opened; all text is put in as text.
  async faq(details) {
    if (details.dataset.asked) return;
    details.dataset.asked = "true";
    const add = (parent, tag, words, name) => {
      const made = document.createElement(tag);
      made.textContent = words;
      if (name) made.className = name;
      return parent.appendChild(made);
    };
    const waiting = add(details, "p", "Reading the record …");
    waiting.setAttribute("role", "status");
    try {
      const reply = await fetch(`/api/faq/${encodeURIComponent(details.dataset.faq)}`);
      if (!reply.ok) throw new Error();
      for (const { question, reply: said } of (await reply.json()).faq) {
        add(details, "h4", question);
        if (said.verdict) add(details, "p", { yes: "Yes", no: "No", depends: "It depends" }[said.verdict], "label");
        for (const one of said.sentences) add(details, "p", one.text + one.citations.map((at) => ` [${at + 1}]`).join(""));
        said.citations.forEach((one, at) => add(details, "p", `[${at + 1}] ${one.document}: “${one.quote}”`, "read"));
      }
      waiting.remove();
    } catch {
      delete details.dataset.asked;
      waiting.textContent = "The questions could not be answered. Close and open this once more.";
    }
  },

  trial(element, watch) {
    element.addEventListener("toggle", (event) => {
      if (event.target.matches("details.faq") && event.target.open) this.faq(event.target);
    }, true);
    watch("value", () => {
      const heading = element.querySelector("#opened");
      if (!heading) return;
      this.go(heading, "start");
      heading.focus({ preventScroll: true });
    });
  },
};
