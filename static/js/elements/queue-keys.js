// <queue-keys>: single keys for the queue. They are off until somebody switches them on in this browser; the dialog lists them.

import { request, store } from "../app.js";

const KEPT = "queue-keys";
const ROW = "#queue > li[data-case]";
const WRITING = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";

class QueueKeys extends HTMLElement {
  #ears = new AbortController();

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    const box = this.querySelector("#keys-on");
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#ears.signal });
    box.checked = store.get(KEPT) === true;
    on(box, "change", () => store.set(KEPT, box.checked || null));
    on(this.querySelector("[data-open]"), "click", () => this.dialog.showModal());
    on(document, "keydown", (event) => box.checked && this.#key(event));
    this.hidden = false;
  }

  disconnectedCallback() {
    this.#ears.abort();
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || this.dialog.open) return;
    if (event.target.closest?.(WRITING)) return;
    const act = this.#acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #acts = {
    j: () => this.#step(1),
    k: () => this.#step(-1),
    o: () => this.#link()?.click(),
    c: () => this.#claim(),
    x: () => this.#row()?.querySelector("input[name=case]")?.click(),
    "?": () => this.dialog.showModal(),
  };

  #row() {
    return document.activeElement?.closest(ROW);
  }

  #link(row = this.#row()) {
    return row?.querySelector(".queue-title a");
  }

  /** The next row or the one before; from elsewhere the first or the last. */
  #step(by) {
    const rows = [...document.querySelectorAll(ROW)];
    const here = rows.indexOf(this.#row());
    const to = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    this.#link(rows[Math.max(0, Math.min(rows.length - 1, to))])?.focus();
  }

  #claim() {
    const link = this.#link();
    if (!link) return;
    const form = this.querySelector(".keys-claim");
    form.action = `${link.pathname}/claim`;
    // What is chosen in the list stays: the page is left only where the claim is refused, to say why.
    request(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => form.requestSubmit());
  }
}

customElements.define("queue-keys", QueueKeys);
