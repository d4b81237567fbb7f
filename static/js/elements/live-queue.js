// <live-queue>: the moderators' queue. A frame says only that something has changed; the rows come anew from the server,
// and replace those that differ, without moving the focus or the page.

import { Announcer, connection, keepPlace, messagesOf, numbered, parse, request } from "../app.js";
import { Follower, socketAddress } from "../lib/socket.js";

const GATHER = 500; // ms in which changes are gathered into one look
const ROW = "li[data-case]";

class LiveQueue extends HTMLElement {
  #timer = 0;
  #looking = false;
  #again = false;
  #fresh = 0;

  connectedCallback() {
    this.messages = messagesOf(this);
    this.list = this.querySelector("ol.queue");
    if (!this.list) return;
    let region = this.querySelector("[role=status]");
    if (!region) {
      region = Object.assign(document.createElement("p"), { className: "live-status" });
      region.setAttribute("role", "status");
      this.prepend(region);
    }
    this.voice = new Announcer(region);
    this.follower = new Follower({
      address: () => socketAddress(this.dataset.socket, { lang: document.documentElement.lang }),
      poll: () => this.#look(),
      every: 30_000,
      // Every connection begins with a hello: what changed while there was none is seen then.
      heard: ({ kind }) => (kind === "hello" || kind?.startsWith("case.")) && this.#soon(),
      state: (name) => this.#state(name),
    });
    this.follower.start();
    // A row that is kept for the sake of the focus is brought up to date when the focus leaves it.
    this.list.addEventListener("focusout", () => this.list.querySelector(".is-changed") && this.#soon());
  }

  disconnectedCallback() {
    this.follower?.stop();
    clearTimeout(this.#timer);
  }

  #state(name) {
    this.dataset.state = name;
    connection(name === "live" || name === "polling" ? "online" : name);
    if (name !== "stopped") return;
    this.voice.region.classList.remove("visually-hidden"); // this one is shown nowhere else
    this.voice.say(this.messages.lost ?? this.messages.reload);
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      // Not reached: the next frame, or the next hello, looks again.
      this.#look().catch(({ status }) => [401, 403, 404].includes(status) && this.#gone());
    }, GATHER + Math.random() * GATHER);
  }

  #gone() {
    this.follower.stop();
    this.#state("stopped");
  }

  /** One look at a time; what changes meanwhile makes one more. */
  async #look() {
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      const answer = await request(this.dataset.rows);
      this.#replace([...parse(await answer.text()).querySelectorAll(ROW)]);
    } finally {
      this.#looking = false;
      if (this.#again) this.#soon();
    }
  }

  #replace(rows) {
    const old = new Map([...this.list.querySelectorAll(ROW)].map((row) => [row.dataset.case, row]));
    const arrived = rows.filter((row) => !old.has(row.dataset.case));
    keepPlace([...old.values()], () => {
      const kept = rows.map((row) => this.#merge(old.get(row.dataset.case), row));
      for (const [id, row] of old) if (!rows.some((other) => other.dataset.case === id)) this.#drop(row);
      // Moving a row with the focus in it would lose the focus, so only the others are moved around it.
      kept.forEach((row, index) => {
        const before = kept[index - 1];
        if (before ? before.nextElementSibling !== row : this.list.firstElementChild !== row) this.#put(row, before);
      });
    });
    for (const element of this.querySelectorAll(".empty")) element.hidden = rows.length > 0;
    if (!arrived.length) return;
    this.#fresh += arrived.length;
    this.voice.say(() => {
      const number = this.#fresh;
      this.#fresh = 0;
      return numbered(this.messages.new, number);
    });
  }

  #put(row, before) {
    if (row.contains(document.activeElement)) return;
    if (before) before.after(row);
    else this.list.prepend(row);
  }

  /** The row that stands for a case from now on. */
  #merge(shown, row) {
    if (!shown) {
      row.classList.add("is-new");
      return row;
    }
    const isNew = shown.classList.contains("is-new");
    const busy = shown.contains(document.activeElement);
    shown.classList.remove("is-new", "is-changed");
    const same = shown.isEqualNode(row);
    shown.classList.toggle("is-changed", busy && !same);
    if (same || busy) {
      if (isNew) shown.classList.add("is-new");
      return shown;
    }
    row.classList.toggle("is-new", isNew);
    shown.replaceWith(row);
    return row;
  }

  #drop(row) {
    if (!row.contains(document.activeElement)) return row.remove();
    row.classList.add("is-changed", "is-gone");
    if (this.messages.gone) this.voice.say(this.messages.gone);
  }
}

customElements.define("live-queue", LiveQueue);
