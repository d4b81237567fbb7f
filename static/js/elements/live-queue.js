// <live-queue>: the moderators' queue. A frame says only that something has changed; the rows and what is counted come anew from
// the server, and replace what differs, without moving the focus or the page.

import { Announcer, connection, keepPlace, messagesOf, numbered, parse, request } from "../app.js";
import { refresh } from "../lib/counts.js";
import { Follower, socketAddress } from "../lib/socket.js";

const GATHER = 500; // ms in which changes are gathered into one look
const ROW = "li[data-case]";
const PICK = "input[name=case]";

class LiveQueue extends HTMLElement {
  #timer = 0;
  #looking = false;
  #again = false;
  #said = { new: 0, changed: 0, left: 0 };
  #ears = new AbortController();

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
    this.#picking();
  }

  disconnectedCallback() {
    this.follower?.stop();
    this.#ears.abort();
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
      const fresh = parse(await answer.text());
      this.#replace([...fresh.querySelectorAll(ROW)]);
      refresh(fresh);
    } finally {
      this.#looking = false;
      if (this.#again) this.#soon();
    }
  }

  #replace(rows) {
    const old = new Map([...this.list.querySelectorAll(ROW)].map((row) => [row.dataset.case, row]));
    const arrived = rows.filter((row) => !old.has(row.dataset.case));
    const left = [...old.values()].filter((row) => !rows.some((other) => other.dataset.case === row.dataset.case));
    let changed = 0;
    keepPlace([...old.values()], () => {
      const kept = rows.map((row) => {
        const shown = old.get(row.dataset.case);
        const merged = this.#merge(shown, row);
        if (shown && merged !== shown) changed += 1;
        return merged;
      });
      for (const row of left) this.#drop(row);
      // Moving a row with the focus in it would lose the focus, so only the others are moved around it.
      kept.forEach((row, index) => {
        const before = kept[index - 1];
        if (before ? before.nextElementSibling !== row : this.list.firstElementChild !== row) this.#put(row, before);
      });
    });
    for (const element of this.querySelectorAll(".empty")) element.hidden = rows.length > 0;
    if (this.bar) this.bar.hidden = !this.list.querySelector(ROW);
    this.#count();
    this.#tell(arrived.length, changed, left.length);
  }

  /** What has happened since it was last told: the numbers add up until their turn to be spoken comes. */
  #tell(arrived, changed, left) {
    if (!arrived && !changed && !left) return;
    this.#said.new += arrived;
    this.#said.changed += changed;
    this.#said.left += left;
    this.voice.say(() => {
      const said = Object.entries(this.#said).map(([name, number]) => (number ? numbered(this.messages[name], number) : ""));
      this.#said = { new: 0, changed: 0, left: 0 };
      return said.filter(Boolean).join(". ");
    });
  }

  /** The boxes before the cases, and the bar that says how many are chosen. */
  #picking() {
    this.bar = document.getElementById("bulk");
    if (!this.bar) return;
    const { signal } = this.#ears;
    this.list.addEventListener("change", ({ target }) => target.matches(PICK) && this.#count(true), { signal });
    this.bar.querySelector("[data-pick]")?.addEventListener(
      "click",
      (event) => {
        event.preventDefault();
        const boxes = [...this.list.querySelectorAll(PICK)];
        const all = boxes.every((box) => box.checked);
        for (const box of boxes) box.checked = !all;
        this.#count(true);
      },
      { signal },
    );
    this.#count();
  }

  #count(always = false) {
    const region = this.bar?.querySelector(".bulk-picked");
    if (!region) return;
    const number = this.list.querySelectorAll(`${PICK}:checked`).length;
    const text = number || always ? numbered(this.messages.picked, number) : "";
    if (region.textContent !== text) region.textContent = text;
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
    // What was chosen is what was seen: another version of it is to be chosen anew.
    const [before, after] = [shown, row].map((one) => one.querySelector(PICK));
    if (before && after) after.checked = before.checked && before.value === after.value;
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
