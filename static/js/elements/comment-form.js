// <comment-form>: counts, keeps and previews what is written. The form inside works without any of this; nothing typed is
// lost: it is kept on the server while typing, and in this browser while the server cannot be reached.

import { Announcer, messagesOf, numbered, parse, request, store } from "../app.js";

const PAUSE = 2_000; // after the last key
const THRESHOLDS = [0, 100, 1_000];
const EVENTS = ["pagehide", "pageshow", "visibilitychange", "online", "beforeunload"];
const RELEASE = 15_000; // a form that was sent and is still here may be sent again

/** Unicode code points, a line end being one: the number that the server computes (forum/text/source.py). */
export const length = (text) => [...text.replace(/\r\n?/g, "\n")].length;

class CommentForm extends HTMLElement {
  #timer = 0;
  #level = THRESHOLDS.length;
  #failing = false;
  #sending = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.area = this.form?.elements.body;
    if (!this.area) return;
    this.messages = messagesOf(this);
    this.counter = this.querySelector(".counter");
    this.status = this.querySelector(".draft-status");
    // A text that comes back with a refusal is nobody's draft yet.
    this.saved = document.querySelector(".error-summary") ? "" : this.area.value;
    this.key = `draft:${this.dataset.place ?? location.pathname}`;
    const region = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    region.setAttribute("role", "status");
    this.append(region);
    this.voice = new Announcer(region, 2_000);
    this.area.addEventListener("input", () => this.#typed());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    for (const name of EVENTS) addEventListener(name, this);
    if (this.area.value) this.#typed();
    this.#offerKept();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    for (const name of EVENTS) removeEventListener(name, this);
  }

  handleEvent(event) {
    if (event.type === "pageshow") {
      this.#release();
      if (this.#dirty) this.#typed(); // the browser has put back what was typed
    } else if (!this.#dirty || this.#sending) return;
    else if (event.type === "online") this.#save();
    // On a phone the page may never come back from being hidden. `visibilitychange` comes up from the document.
    else if (event.type === "pagehide" || (event.type === "visibilitychange" && document.hidden)) this.#save(true);
    // Within the pause after the last key the text is still saved on leaving; only what the server did not take is in danger.
    else if (event.type === "beforeunload" && (this.#failing || !this.dataset.drafts)) event.preventDefault();
  }

  get #dirty() {
    return this.area.value !== this.saved;
  }

  #typed() {
    this.#count();
    this.#grow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), PAUSE);
  }

  #count() {
    const limit = Number(this.dataset.limit ?? this.counter?.dataset.limit);
    if (!limit) return;
    const left = limit - length(this.area.value);
    const patterns = left < 0 ? (this.messages.over ?? this.counter?.dataset.over) : (this.messages.left ?? this.counter?.dataset.left);
    const text = numbered(patterns, Math.abs(left));
    if (this.counter && text) this.counter.textContent = text;
    this.counter?.classList.toggle("is-near", left >= 0 && left <= THRESHOLDS.at(-1));
    this.counter?.classList.toggle("is-over", left < 0);
    // Heard only when a threshold is crossed: 1,000, 100 and none left.
    const level = THRESHOLDS.findIndex((threshold) => left <= threshold);
    const now = level < 0 ? THRESHOLDS.length : level;
    if (now < this.#level) this.voice.say(text);
    this.#level = now;
  }

  /** Grow with the text, never shrink: a page that becomes shorter jumps. */
  #grow() {
    const { area } = this;
    const height = Math.min(area.scrollHeight + area.offsetHeight - area.clientHeight, innerHeight * 0.7);
    if (area.scrollHeight > area.clientHeight && height > area.offsetHeight) area.style.blockSize = `${height}px`;
  }

  async #save(leaving = false) {
    clearTimeout(this.#timer);
    const body = this.area.value;
    // A page that goes away is hidden too: the two events need one save.
    if (this.#sending || !this.#dirty || (leaving && this.leftWith === body)) return;
    this.leftWith = leaving ? body : null;
    if (leaving || !this.dataset.drafts || this.#failing) this.#keep(body);
    if (!this.dataset.drafts) return;
    const data = new FormData(); // multipart: urlencoded Chinese would be thrice as long, and `keepalive` carries 64 KiB
    for (const name of ["csrf_token", "lang"]) data.set(name, this.form.elements[name]?.value ?? "");
    data.set("place", this.dataset.place);
    data.set("body", body);
    this.stopSaving = new AbortController();
    try {
      await request(this.dataset.drafts, { method: "POST", body: data, keepalive: leaving, signal: this.stopSaving.signal });
      this.saved = body;
      this.#failing = false;
      store.set(this.key, null);
      this.#tell(this.messages.saved);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      this.#failing = true;
      this.#tell(this.#keep(this.area.value) ? (this.messages.kept ?? this.messages.offline) : this.messages.unsaved);
    }
  }

  #keep(body, sent = false) {
    return store.set(this.key, body.trim() ? { body, sent } : null);
  }

  #tell(text) {
    if (this.status && text) this.status.textContent = text;
  }

  /** A text that only this browser has is offered, never put in unasked. One that was sent and has arrived is forgotten. */
  #offerKept() {
    const kept = store.get(this.key);
    if (!kept?.body) return;
    const arrived = kept.sent && document.querySelector(".flash-success");
    if (arrived || kept.body === this.area.value) return store.set(this.key, null);
    const { found, restore, discard } = this.messages;
    if (!restore) return;
    const offer = Object.assign(document.createElement("p"), { className: "draft-offer" });
    offer.append(found ?? "", " ");
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "button-link", textContent: text });
      made.addEventListener("click", () => {
        act();
        offer.remove();
        this.area.focus();
      });
      offer.append(made, " ");
    };
    button(restore, () => {
      this.area.value = kept.body;
      this.#typed();
    });
    if (discard) button(discard, () => store.set(this.key, null));
    (this.status ?? this.form).before(offer);
    this.#tell(found);
  }

  #submit(event) {
    const pressed = event.submitter;
    const preview = pressed?.name === "do" && pressed.value === "preview" && this.dataset.preview;
    if (this.#sending) return event.preventDefault();
    if (preview && !this.plainly && this.querySelector(".preview")) {
      event.preventDefault();
      return this.#preview(pressed);
    }
    this.#sending = true;
    clearTimeout(this.#timer);
    this.stopSaving?.abort(); // a draft that arrives after the comment would rise from the dead
    if (this.#dirty) this.#keep(this.area.value, true);
    // Afterwards: a button disabled now would not be sent with the form.
    setTimeout(() => this.#buttons(true));
    setTimeout(() => this.#release(), RELEASE);
  }

  #buttons(disabled) {
    for (const button of this.form.querySelectorAll("[type=submit], button:not([type])")) button.disabled = disabled;
  }

  #release() {
    this.#sending = this.plainly = false;
    this.#buttons(false);
  }

  async #preview(pressed) {
    const region = this.querySelector(".preview");
    try {
      const answer = await request(this.dataset.preview, { method: "POST", body: new FormData(this.form, pressed) });
      region.replaceChildren(parse(await answer.text()));
      region.hidden = false;
      const start = region.querySelector("h2, h3, h4") ?? region; // read from its beginning
      start.tabIndex = -1;
      start.focus();
    } catch (problem) {
      if (!problem.status) return this.#tell(this.messages.unreachable ?? this.messages.offline);
      this.plainly = true; // refused: the server's own page says why, with the text kept
      this.form.requestSubmit(pressed);
    }
  }
}

customElements.define("comment-form", CommentForm);
