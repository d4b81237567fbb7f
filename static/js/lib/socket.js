// Following something on the server: by WebSocket, and where there is none, by asking again and again.

const REFUSALS_BEFORE_POLLING = 3;
const STABLE = 10_000; // a connection that lived so long was a good one: the back-off starts anew
const PING = 25_000;
const ASLEEP = 90_000; // a ping so late means that the machine slept, and the connection is dead
const LOST_RIGHT = new Set([1008, 4401, 4403, 4404]);
const RESTART = new Set([1001, 1012]); // thousands come back together: spread them over five seconds
const STOPPING = new Set([401, 403, 404, 410]);

/**
 * `address()` gives the socket's URL (it knows where to resume), `poll()` asks once and throws {status}, `every` is the
 * interval of polling in ms. Calls `heard(frame)` for each frame and `state(name)`: "live", "polling", "waiting" or "stopped".
 */
export class Follower {
  #socket = null;
  #opened = 0;
  #attempt = 0;
  #refused = 0;
  #polls = 0;
  #timer = 0;
  #next = null;
  #pinger = 0;
  #pinged = 0;
  #owed = false;
  #ears = null;

  constructor({ address, poll, every = 15_000, heard, state }) {
    Object.assign(this, { address, poll, every, heard, state });
  }

  start() {
    if (this.#ears) return;
    this.#ears = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.#ears.signal });
    // `navigator.onLine` is only a hint (false on a machine whose one server is itself): it hastens, it never forbids.
    on(window, "offline", () => this.#drop());
    on(window, "online", () => this.#hasten(2_000));
    on(document, "visibilitychange", () => document.hidden || this.#hasten(1_000));
    // A page with an open socket is not kept for the back button.
    on(window, "pagehide", () => this.#drop(false));
    on(window, "pageshow", ({ persisted }) => persisted && this.#connect());
    this.#pinged = Date.now();
    this.#pinger = setInterval(() => this.#ping(), PING);
    this.#connect();
  }

  stop() {
    this.#ears?.abort();
    this.#ears = null;
    clearInterval(this.#pinger);
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = this.#next = null;
    socket?.close();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#next = null;
    this.#opened = 0;
    this.#owed = false;
    let socket;
    try {
      socket = new WebSocket(this.address());
    } catch {
      return this.#lost(1006); // forbidden by an old browser's reading of the CSP
    }
    this.#socket = socket;
    socket.onopen = () => {
      this.#opened = performance.now();
      this.#refused = 0;
      this.state("live");
    };
    socket.onmessage = ({ data }) => {
      this.#owed = false;
      if (this.#socket === socket) this.#hear(data);
    };
    socket.onclose = ({ code }) => this.#socket === socket && this.#lost(code);
  }

  #hear(data) {
    try {
      this.heard(JSON.parse(data));
    } catch (problem) {
      console.warn("frame not understood", problem); // one bad frame must not end the following
    }
  }

  /** 1013 (too slow) needs nothing of its own: the first step of the back-off is within a second, and resumes by seq. */
  #lost(code) {
    this.#socket = null;
    if (LOST_RIGHT.has(code)) return this.#end();
    if (this.#opened && performance.now() - this.#opened > STABLE) this.#attempt = 0;
    if (!this.#opened && ++this.#refused >= REFUSALS_BEFORE_POLLING) return this.#ask();
    this.state("waiting");
    this.#later(RESTART.has(code) ? Math.random() * 5_000 : this.#pause(), () => this.#connect());
  }

  /** Back-off with full jitter: anything up to 1, 2, 4 … 60 s; a page nobody looks at takes its time. */
  #pause() {
    return Math.random() * Math.min(60_000, 1_000 * 2 ** this.#attempt++) * (document.hidden ? 2 : 1);
  }

  async #ask() {
    let wait = this.every;
    try {
      await this.poll();
      if (!this.#ears) return;
      this.#attempt = 0;
      this.state("polling");
    } catch (problem) {
      if (!this.#ears) return;
      if (STOPPING.has(problem.status)) return this.#end();
      this.state("waiting");
      if (!problem.status) {
        // Nobody answers at all: it is not the socket that is refused. Try sockets again, ever more slowly.
        this.#refused = 0;
        return this.#later(this.#pause(), () => this.#connect());
      }
      wait = Math.max(problem.retryAfter * 1_000, Math.min(240_000, wait * 2 ** ++this.#attempt));
    }
    const socketAgain = ++this.#polls % 20 === 0;
    wait *= (0.75 + Math.random() / 2) * (document.hidden ? 4 : 1);
    this.#later(wait, () => (socketAgain ? this.#connect() : this.#ask()));
  }

  #later(ms, act) {
    clearTimeout(this.#timer);
    if (!this.#ears) return;
    this.#next = act;
    this.#timer = setTimeout(() => this.#go(), ms);
  }

  #go() {
    const act = this.#next;
    this.#next = null;
    act?.();
  }

  /** Something has become better: do what waits within `spread` ms, so that not all readers come in the same instant. */
  #hasten(spread) {
    if (this.#next) this.#later(Math.random() * spread, this.#next);
  }

  #drop(again = true) {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (!again) clearTimeout(this.#timer);
    else if (socket) this.#lost(1006);
  }

  #ping() {
    const slept = Date.now() - this.#pinged > ASLEEP;
    this.#pinged = Date.now();
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (slept || this.#owed) return this.#drop();
    this.#owed = true; // answered by a pong before the next ping, or the line is dead
    this.#socket.send('{"kind":"ping"}');
  }

  #end() {
    this.stop();
    this.state("stopped");
  }
}

/** The address of a socket on this server. */
export function socketAddress(path, query = {}) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
