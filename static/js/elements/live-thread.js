// <live-thread>: follows a space and keeps its thread up to date, without moving what is being read. New comments wait for
// the reader's word, unless the switch says otherwise. Every text comes from the server, as HTML rendered there or as a message.

import { Announcer, connection, keepPlace, messagesOf, numbered, parse, request, store } from "../app.js";
import { Follower, socketAddress } from "../lib/socket.js";
import { Changes, articleOf, articlesOf, focusHeading, place } from "../lib/thread.js";

const SWITCH = "live-insert";
const PAGE = 200;
const MARKED = 30_000; // how long what came by itself is marked as new

class LiveThread extends HTMLElement {
  #waiting = new Map(); // id → article, in the order of publication
  #others = new Map(); // question → number of new comments there
  #fresh = 0; // inserted since the last announcement
  #beyond = false; // something new has its place on another page: the plain link leads there

  connectedCallback() {
    this.messages = messagesOf(this);
    this.seq = Number(this.dataset.seq) || 0;
    this.thread = this.querySelector(".thread") ?? this;
    this.button = this.querySelector("button.new-comments");
    this.link = this.querySelector(".check-new");
    // Spoken only: what it says stands on the button, in the note or in the thread, and would push the page down here.
    const region = this.querySelector(".live-status");
    region?.classList.add("visually-hidden");
    this.voice = new Announcer(region);
    this.changes = new Changes(this.thread, this.messages.changed, (text) => this.voice.say(text));
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
      if (this.live) this.#follow();
    });
  }

  #state(name) {
    const following = name === "live" || name === "polling";
    this.dataset.state = name;
    if (this.link) this.link.hidden = following && !this.#beyond;
    if (name !== "live") this.#presence(0);
    connection(following ? "online" : name);
    if (name === "stopped") this.#note(this.messages.lost ?? this.messages.paused);
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
    if (articleOf(this.thread, id)) return this.changes.take(id, article);
    if (!isNew && !this.#waiting.has(id)) return; // of another page of this thread
    this.#waiting.set(id, article);
    if (this.live) this.#follow();
    else this.#count();
  }

  /** A comment gone before anybody saw it is put in its place, but is no news. */
  get #news() {
    return [...this.#waiting.values()].filter((article) => !article.classList.contains("comment-stub")).length;
  }

  #count() {
    const number = this.#news;
    if (this.button) {
      this.button.textContent = numbered(this.messages.new, number);
      this.button.hidden = number === 0;
    }
    if (number) this.voice.say(() => this.#news && numbered(this.messages.new, this.#news));
    else this.voice.hush();
  }

  /** Put what waits in its place; returns the articles added. What belongs on another page is left to the plain link. */
  #insert() {
    const added = [];
    this.#fresh += this.#news;
    keepPlace(articlesOf(this.thread), () => {
      for (const article of this.#waiting.values()) {
        article.classList.add("is-new");
        if (place(this.thread, article, this.dataset.last !== "false")) added.push(article);
        else this.#beyond = true;
      }
      if (added.length) this.querySelector(".empty")?.remove();
    });
    this.#waiting.clear();
    if (this.button) this.button.hidden = true;
    if (this.link && this.#beyond) this.link.hidden = false;
    return added;
  }

  /** The switch is on: in they go, while the page stands still. */
  #follow() {
    const added = this.#insert();
    setTimeout(() => added.forEach((article) => article.classList.remove("is-new")), MARKED);
    this.voice.say(() => {
      const number = this.#fresh;
      this.#fresh = 0;
      return number && numbered(this.messages.new, number);
    });
  }

  #show() {
    for (const article of articlesOf(this.thread)) article.classList.remove("is-new");
    const added = this.#insert();
    this.#fresh = 0;
    this.voice.hush();
    added.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    if (added.length) focusHeading(added[0]);
    else this.link?.focus();
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
    const region = this.querySelector(".presence");
    if (!region) return;
    if (number > 0) region.textContent = numbered(this.messages.presence, number);
    if (region.hidden === number > 0) keepPlace(articlesOf(this.thread), () => (region.hidden = !(number > 0)));
  }

  /** Something that the thread alone cannot show: say it, and offer to load the page anew. */
  #note(text) {
    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    if (!this.note) {
      this.note = make("p", { className: "live-note" });
      const link = make("a", { href: location.pathname + location.search, textContent: this.messages.reload ?? "" });
      this.note.append(make("span"), " ", link);
    }
    keepPlace(articlesOf(this.thread), () => {
      this.note.firstChild.textContent = text ?? "";
      (this.querySelector(".live-bar") ?? this).append(this.note);
    });
    this.voice.say(text || this.messages.reload);
  }
}

customElements.define("live-thread", LiveThread);
