// <bulk-decisions>: sends what was previewed a few cases at a time, and shows what came of each as it comes. Without it the form sends
// everything at once, and the report is a page of its own.

import { messagesOf, numbered, parse, request } from "../app.js";

const LINE = "li[data-line]";

class BulkDecisions extends HTMLElement {
  #done = 0;
  #plain = false;
  #running = false;

  connectedCallback() {
    this.form = this.querySelector("#bulk-form");
    this.progress = this.querySelector(".bulk-progress");
    this.messages = messagesOf(this);
    this.form?.addEventListener("submit", (event) => {
      // Another action than was previewed is previewed first; the server sees to it.
      if (this.#plain || event.submitter?.value !== "perform" || this.#field("action").value !== this.#field("shown").value) return;
      event.preventDefault();
      if (!this.#running) this.#perform(event.submitter);
    });
  }

  /** A field of the form; one of them is named like the form's own `action`, so none is asked for as a property. */
  #field(name) {
    return this.form.elements[name];
  }

  async #perform(button) {
    const warn = (event) => event.preventDefault();
    const cases = this.#field("ready").value.split(" ").filter(Boolean);
    const values = new FormData(this.form, button);
    values.delete("cases");
    this.#busy(true);
    addEventListener("beforeunload", warn);
    let left = cases;
    try {
      for (const size = Number(this.dataset.chunk) || 10; left.length; left = left.slice(size)) {
        values.set("ready", left.slice(0, size).join(" "));
        const answer = await request(this.form.getAttribute("action"), { method: "POST", body: new URLSearchParams(values) });
        this.#take(parse(await answer.text()));
        this.#show(cases.length - Math.max(0, left.length - size));
      }
      this.#end();
    } catch ({ status }) {
      removeEventListener("beforeunload", warn);
      // What is wrong with the form itself is shown by the page: nothing was done then.
      if (status === 422 && left === cases) return this.#send(button);
      this.#field("ready").value = left.join(" ");
      this.#busy(false);
      this.#say(this.messages.stopped);
    } finally {
      removeEventListener("beforeunload", warn);
    }
  }

  /** Send the form as it would be sent without this script. */
  #send(button) {
    this.#plain = true;
    this.#busy(false);
    this.form.requestSubmit(button);
  }

  #busy(running) {
    this.#running = running;
    this.progress.hidden = false;
    for (const button of this.form.querySelectorAll("button")) button.disabled = running;
  }

  #take(fresh) {
    this.querySelector(".bulk-before")?.remove();
    for (const line of fresh.querySelectorAll(LINE)) {
      if (line.hasAttribute("data-ready")) this.#done += 1;
      const shown = this.querySelector(`${LINE}[data-line="${CSS.escape(line.dataset.line)}"]`);
      line.classList.add("is-done");
      if (shown) shown.replaceWith(line);
      else this.querySelector(".bulk-lines").append(line);
    }
  }

  #show(number) {
    this.progress.querySelector("progress").value = number;
    this.#say(numbered(this.messages.done, this.#done));
  }

  /** What was not done can be looked at again, as it stands now, with everything that was typed. */
  #end() {
    const missed = [...this.querySelectorAll(`${LINE}:not([data-ready])`)];
    const again = missed.map((line) => line.dataset.value).filter(Boolean);
    const parts = [numbered(this.messages.done, this.#done), missed.length ? numbered(this.messages.missed, missed.length) : ""];
    this.#busy(false);
    this.#field("cases").value = again.join(" ");
    this.#field("ready").value = "";
    for (const button of this.form.querySelectorAll("button[value=perform]")) button.closest(".buttons").hidden = true;
    this.form.hidden = !again.length;
    const status = this.#say(parts.filter(Boolean).join(". "));
    status.tabIndex = -1;
    status.focus();
  }

  #say(text) {
    const status = this.querySelector(".bulk-status");
    status.textContent = text ?? "";
    return status;
  }
}

customElements.define("bulk-decisions", BulkDecisions);
