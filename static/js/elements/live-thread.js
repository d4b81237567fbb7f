// <live-thread>: follows a space and keeps its thread up to date, without moving what is being read. New comments wait for
// the reader's word, unless the switch says otherwise. Every text comes from the server, as HTML rendered there or as a message.

import { Announcer, connection, keepPlace, messagesOf, numbered, parse, request, store } from "../app.js";
import { Follower, socketAddress } from "../lib/socket.js";
import { articleOf, articlesOf, busy, focusHeading, place, whenFree } from "../lib/thread.js";

const SWITCH = "live-insert";
const PAGE = 200;
const PATIENCE = 5_000; // a connection back within this time was never missed

class LiveThread extends HTMLElement {
  #waiting = new Map(); // id → article, in the order of publication
  #changed = new Map(); // id → article that takes the place of one in which somebody is busy
  #others = new Map(); // question → number of new comments there
  #fresh = 0; // inserted since the last announcement
  #late = 0;

  connectedCallback() {
    this.messages = messagesOf(this);
    this.seq = Number(this.dataset.seq) || 0;
    this.thread = this.querySelector(".thread") ?? this;
    this.button = this.querySelector("button.new-comments");
    this.link = this.querySelector(".check-new");
    // What stands on the button or in the note need not be seen twice.
    const said = (text) => region?.classList.toggle("visually-hidden", [this.button, this.note].some((e) => e && !e.hidden && e.textContent.includes(text)));
    const region = this.querySelector(".live-status");
    this.voice = new Announcer(region, { said });
    this.button?.addEventListener("click", () => this.#show());
    this.#switch();
    this.follower = new Follower({
      address: () => socketAddress(this.dataset.socket, { since: this.seq, lang: this.dataset.lang }),
      poll: () => this.#catchUp(),
      heard: (frame) => this.#hear(frame),
      state: (name) => this.#state(name),
    });
    this.follower.start();
  }

  disconnectedCallback() {
    this.follower?.stop();
    clearTimeout(this.#late);
  }

  #switch() {
    const label = this.querySelector(".live-switch");
    const box = label?.querySelector("input");
    if (!box) return;
    label.hidden = false;
    this.live = box.checked = store.get(SWITCH) === true;
    box.addEventListener("change", () => {
      this.live = box.checked;
      store.set(SWITCH, box.checked);
      if (this.live) this.#insert();
    });
  }

  #state(name) {
    const following = name === "live" || name === "polling";
    this.dataset.state = name;
    clearTimeout(this.#late);
    if (this.link) this.link.hidden = following;
    if (name !== "live") this.#presence(0);
    if (following) connection("online");
    else if (name === "waiting") this.#late = setTimeout(() => connection(navigator.onLine ? "reconnecting" : "offline"), PATIENCE);
    else this.#note(this.messages.lost ?? this.messages.paused);
  }

  async #catchUp() {
    for (let items = { length: PAGE }; items.length >= PAGE; ) {
      const query = new URLSearchParams({ since: this.seq, limit: PAGE, lang: this.dataset.lang });
      ({ items } = await (await request(`${this.dataset.updates}?${query}`)).json());
      const before = this.seq;
      for (const update of items) this.#hear(update);
      if (this.seq === before) return; // nothing new in a full page: never ask for the same for ever
    }
  }

  /** A seq is taken once, so that socket, catch-up and polling may overlap as they like. */
  #hear(update) {
    const { kind, seq } = update;
    if (kind === "presence") return this.#presence(update.count);
    if (kind === "reset" || kind === "reload") {
      this.seq = Math.max(this.seq, seq ?? 0);
      return this.#note("");
    }
    if (!Number.isInteger(seq) || seq <= this.seq || kind === "hello") return;
    this.seq = seq;
    if (kind.startsWith("comment.")) this.#comment(update);
    else this.#note(this.messages[kind.split(".")[1]] ?? "");
  }

  #comment({ kind, id, question, html }) {
    const isNew = kind === "comment.published";
    if (this.dataset.question && String(question) !== this.dataset.question) return isNew && this.#elsewhere(question);
    const article = parse(html).querySelector("article.comment");
    if (!article) return;
    const shown = articleOf(this.thread, id);
    if (shown) return this.#change(id, shown, article);
    if (!isNew && !this.#waiting.has(id)) return; // of another page of this thread
    this.#waiting.set(id, article);
    if (this.live) this.#insert();
    else this.#count();
  }

  #count() {
    // A comment gone before anybody saw it is put in its place, but is no news.
    const amount = () => [...this.#waiting.values()].filter((article) => !article.classList.contains("comment-stub")).length;
    if (this.button) this.button.textContent = numbered(this.messages.new, amount());
    if (this.button) this.button.hidden = amount() === 0;
    this.voice.say(() => (amount() ? numbered(this.messages.new, amount()) : ""));
  }

  /** Put what waits in its place; returns the articles added. What belongs on another page is left to the plain link. */
  #insert() {
    const all = articlesOf(this.thread);
    for (const article of all) article.classList.remove("is-new");
    const added = [];
    keepPlace(all, () => {
      for (const article of this.#waiting.values()) {
        article.classList.add("is-new");
        if (place(this.thread, article, this.dataset.last !== "false")) added.push(article);
        else if (this.link) this.link.hidden = false;
      }
      if (added.length) this.querySelector(".empty")?.remove();
    });
    this.#fresh += this.#waiting.size;
    this.#waiting.clear();
    if (this.button) this.button.hidden = true;
    if (this.live && this.#fresh) this.voice.say(() => numbered(this.messages.new, this.#fresh, (this.#fresh = 0)));
    return added;
  }

  #show() {
    const added = this.#insert();
    this.#fresh = 0;
    this.voice.hush();
    added.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    if (added.length) focusHeading(added[0]);
    else this.link?.focus();
  }

  #change(id, shown, article) {
    if (Number(shown.dataset.seq) > Number(article.dataset.seq)) return; // the page is newer than the update
    const swap = () => {
      const old = articleOf(this.thread, id);
      keepPlace(articlesOf(this.thread), () => old.replaceWith(this.#changed.get(id)));
      this.#changed.delete(id);
    };
    const offered = this.#changed.has(id);
    this.#changed.set(id, article);
    if (!busy(shown)) return swap();
    if (offered) return;
    shown.classList.add("is-changed");
    whenFree(shown, () => this.#changed.has(id) && swap());
    if (this.messages.changed) this.#offer(shown, swap, id);
  }

  /** Somebody is reading or writing inside: the change is offered, not made. */
  #offer(shown, swap, id) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "show-change button-link", textContent: this.messages.changed });
    button.addEventListener("click", () => {
      swap();
      focusHeading(articleOf(this.thread, id));
    });
    shown.append(button);
    this.voice.say(this.messages.changed);
  }

  #elsewhere(question) {
    const tab = document.querySelector(`[data-question-tab="${CSS.escape(question)}"]`);
    if (!tab) return;
    const number = (this.#others.get(question) ?? 0) + 1;
    this.#others.set(question, number);
    const mark = tab.querySelector(".count-new") ?? tab.appendChild(Object.assign(document.createElement("span"), { className: "count-new" }));
    mark.textContent = ` ${numbered(this.messages.new, number)}`;
  }

  #presence(number) {
    const place = this.querySelector(".presence");
    if (!place) return;
    place.hidden = !(number > 0);
    place.textContent = number > 0 ? numbered(this.messages.presence, number) : "";
  }

  /** Something that the thread alone cannot show: say it, and offer to load the page anew. */
  #note(text) {
    if (!this.note) {
      this.note = Object.assign(document.createElement("p"), { className: "live-note" });
      const link = Object.assign(document.createElement("a"), { href: location.pathname + location.search, textContent: this.messages.reload ?? "" });
      this.note.append(document.createElement("span"), " ", link);
      (this.querySelector(".live-bar") ?? this).append(this.note);
    }
    this.note.firstChild.textContent = text ?? "";
    this.voice.say(text || this.messages.reload);
  }
}

customElements.define("live-thread", LiveThread);
