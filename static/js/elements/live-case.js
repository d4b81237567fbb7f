// <live-case>: the page of one case. How it stands comes anew from the server when a frame says that something has changed; what is
// typed is never touched. Typing claims the case, and renews the claim.

import { Announcer, connection, messagesOf, numbered, parse, request } from "../app.js";
import { Follower, socketAddress } from "../lib/socket.js";

const GATHER = 300; // ms in which changes are gathered into one look
const RENEW = 120_000; // the lease is a quarter of an hour: a sign of life every two minutes is plenty
const TYPED = "#decide :is(textarea, select, input:not([type=hidden])), #notes textarea";

class LiveCase extends HTMLElement {
  #timer = 0;
  #ticker = 0;
  #looking = false;
  #again = false;
  #renewed = 0;
  #sent = null;
  #ears = new AbortController();

  connectedCallback() {
    this.messages = messagesOf(this);
    this.key = `forum:case:${this.dataset.id}`;
    this.voice = new Announcer(this.querySelector("[role=status]"), 2_000);
    this.first = new Map(this.#fields().map((field) => [field, value(field)]));
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#ears.signal });
    on(this, "input", () => this.#active());
    on(this, "change", () => this.#active());
    on(this, "click", (event) => this.#phrase(event));
    on(this, "submit", ({ target }) => (this.#sent = target));
    on(window, "pagehide", () => this.#leave());
    on(window, "pageshow", () => (this.#sent = null));
    this.#restore();
    this.follower = new Follower({
      address: () => socketAddress(this.dataset.socket, { lang: document.documentElement.lang }),
      poll: () => this.#look(),
      every: 30_000,
      heard: ({ kind, id }) => (kind === "hello" || id === this.dataset.id) && this.#soon(),
      state: (name) => this.#state(name),
    });
    this.follower.start();
    this.#begin();
  }

  disconnectedCallback() {
    this.follower?.stop();
    this.#ears.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#ticker);
  }

  get status() {
    return this.querySelector(".case-status");
  }

  #fields() {
    return [...this.querySelectorAll(TYPED)];
  }

  #state(name) {
    this.dataset.state = name;
    connection(name === "live" || name === "polling" ? "online" : name);
    if (name !== "stopped") return;
    this.voice.region.classList.remove("visually-hidden");
    this.voice.say(this.messages.lost);
  }

  #soon(after = GATHER) {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#look().catch(({ status }) => {
        if (![401, 403, 404].includes(status)) return;
        this.follower.stop();
        this.#state("stopped");
      });
    }, after);
  }

  async #look() {
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      const answer = await request(this.dataset.status);
      this.#replace(parse(await answer.text()).querySelector(".case-status"));
    } finally {
      this.#looking = false;
      if (this.#again) this.#soon();
    }
  }

  /** Put the new status in the place of the old one, with the words that somebody is writing in it, and the focus. */
  #replace(fresh) {
    const old = this.status;
    if (!fresh || same(old, fresh)) return;
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    for (const area of old.querySelectorAll("textarea")) {
      const now = fresh.querySelector(`#${CSS.escape(area.id)}`);
      if (!now) {
        if (area.value.trim()) return this.#waitFor(fresh);
        continue;
      }
      now.value = area.value;
      const details = now.closest("details");
      if (details && area.closest("details")?.open) details.open = true;
    }
    const changed = old.dataset.version !== fresh.dataset.version;
    old.replaceWith(fresh);
    if (focus) {
      const next = (focus.id && this.querySelector(`#${CSS.escape(focus.id)}`)) || fresh.querySelector("a, button") || fresh;
      if (next === fresh) fresh.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
    const said = fresh.querySelector(".proposal-title, .claim p, p strong")?.textContent.trim();
    this.voice.say(changed && fresh.querySelector(".case-news") ? `${this.messages.changed ?? ""} ${said ?? ""}` : said);
    this.#begin();
  }

  /** Words for a place that is gone stay where they are; above them stands what has changed. */
  #waitFor(fresh) {
    const news = fresh.querySelector(".case-news") ?? fresh.querySelector("p");
    if (!news) return;
    this.status.querySelector(".case-news")?.remove();
    news.classList.add("case-news");
    this.status.prepend(news);
    this.voice.say(this.messages.changed);
  }

  /** Count down what can be undone, and look again when its time, or another's lease, has come to an end. */
  #begin() {
    clearTimeout(this.#ticker);
    const counted = this.status?.querySelector("[data-left]");
    if (counted) {
      const end = performance.now() + Number(counted.dataset.left) * 1_000;
      const patterns = counted.dataset.words && JSON.parse(counted.dataset.words);
      const tick = () => {
        const left = Math.ceil((end - performance.now()) / 1_000);
        if (patterns) counted.textContent = numbered(patterns, Math.max(0, left));
        this.#ticker = setTimeout(left > 0 ? tick : () => this.#soon(), left > 0 ? 1_000 : 1_500);
      };
      return tick();
    }
    const until = Date.parse(this.status?.dataset.until ?? "");
    if (until) this.#ticker = setTimeout(() => this.#soon(), Math.max(5_000, until - Date.now() + 1_000));
  }

  /** Whoever types works on the case: the others see it. Nobody else's claim is touched. */
  #active() {
    const { mine, free } = this.status.dataset;
    if (mine !== "yes" && free !== "yes") return;
    if (mine === "yes" && performance.now() - this.#renewed < RENEW && this.#renewed) return;
    this.#renewed = performance.now();
    const data = new FormData();
    data.set("csrf_token", this.querySelector("[name=csrf_token]")?.value ?? "");
    request(this.dataset.claim, { method: "POST", body: data })
      .then(async (answer) => this.#replace(parse(await answer.text()).querySelector(".case-status")))
      .catch(() => this.#soon()); // somebody else was faster: the status says who
  }

  /** A phrase goes to where the cursor is; without this script the server puts it at the end. */
  #phrase(event) {
    const button = event.target.closest("button[name=phrase]");
    if (!button) return;
    event.preventDefault();
    const lang = this.querySelector("#f-text_lang")?.value;
    if (button.dataset.reasons) {
      const reason = this.querySelector("input[name=reason]:checked")?.value;
      const usual = JSON.parse(button.dataset.reasons)[reason]?.[lang];
      if (usual) this.#put(this.querySelector("#f-reason_text"), usual);
      return;
    }
    const area = this.querySelector("#f-text");
    const words = JSON.parse(button.dataset.words)[lang] ?? "";
    const { selectionStart: start, selectionEnd: end, value: text } = area;
    const at = document.activeElement === area || start ? [start, end] : [text.length, text.length];
    const before = text.slice(0, at[0]);
    const gap = !before || /\s$/.test(before) ? "" : " ";
    area.setRangeText(gap + words, at[0], at[1], "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What is there already is selected over, so that the browser can undo it. */
  #put(area, words) {
    area.focus();
    area.setRangeText(words, 0, area.value.length, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** On the way to another look at this case what was typed waits in this tab; the form that is sent comes back from the server. */
  #leave() {
    const dirty = this.#fields().filter((field) => field.form !== this.#sent && value(field) !== this.first.get(field));
    const kept = Object.fromEntries(dirty.map((field) => [name(field), value(field)]));
    try {
      if (Object.keys(kept).length) sessionStorage.setItem(this.key, JSON.stringify(kept));
      else sessionStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing.
    }
  }

  #restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return;
    }
    if (!kept || this.querySelector("#conflict") || document.querySelector(".error-summary")) return;
    let some = false;
    for (const field of this.#fields()) {
      const was = kept[name(field)];
      if (was === undefined || was === value(field)) continue;
      if (field.type === "radio") field.checked = was === true;
      else field.value = was;
      some = true;
    }
    if (some) this.voice.say(this.messages.kept);
    this.#show(Object.entries(kept).filter(([key, was]) => typeof was === "string" && was && !this.querySelector(`[name="${CSS.escape(key)}"]`)));
  }

  /** Words for which the page has no field any more are shown, to be copied. */
  #show(lost) {
    const place = this.querySelector("#decision");
    if (!lost.length || !place) return;
    place.append(Object.assign(document.createElement("h3"), { textContent: this.messages.typed ?? "" }));
    for (const [, words] of lost) place.append(Object.assign(document.createElement("p"), { className: "typed", dir: "auto", textContent: words }));
  }
}

const value = (field) => (field.type === "radio" || field.type === "checkbox" ? field.checked : field.value);
const name = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);

/** Whether two statuses say the same, whatever form tokens and countdowns they carry. */
function same(old, fresh) {
  const plain = (node) => {
    const copy = node.cloneNode(true);
    for (const input of copy.querySelectorAll("[name=csrf_token], [data-left]")) input.remove();
    for (const details of copy.querySelectorAll("details")) details.removeAttribute("open");
    copy.removeAttribute("tabindex");
    return copy.outerHTML;
  };
  return plain(old) === plain(fresh);
}

customElements.define("live-case", LiveCase);
