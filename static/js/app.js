// The entry of every page, and the few things that all elements share. They stand in this one file because every file is
// a request, and a page makes eight at most.

const plain = { createHTML: (html) => html };
// The one way from text to HTML (CSP: require-trusted-types-for 'script'; trusted-types forum).
const policy = globalThis.trustedTypes?.createPolicy("forum", plain) ?? plain;
const NEVER = "live-thread,live-queue,live-case,comment-form,queue-keys,bulk-decisions,script,style,link,meta,base,iframe,object,embed,template";

/** Turn HTML rendered by our own server into nodes. It is clean already; what could act is taken out all the same. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  for (const node of template.content.querySelectorAll(NEVER)) node.remove();
  for (const node of template.content.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) if (name.startsWith("on") || name === "style") node.removeAttribute(name);
  }
  return document.importNode(template.content, true);
}

/** The translated texts of an element; a missing or broken list means silence, never English in an Arabic page. */
export function messagesOf(element) {
  try {
    return JSON.parse(element.dataset.messages) ?? {};
  } catch {
    return {};
  }
}

/** Fill a text, or the form among `patterns` that the number takes in the page's language. Western digits in all six. */
export function numbered(patterns, num) {
  const lang = document.documentElement.lang || "en";
  const text = typeof patterns === "string" ? patterns : (patterns?.[new Intl.PluralRules(lang).select(num)] ?? patterns?.other ?? "");
  const shown = new Intl.NumberFormat(lang, { numberingSystem: "latn" }).format(num);
  return text.replace(/%\(num\)s|\{n\}|%%/g, (found) => (found === "%%" ? "%" : shown));
}

/** What this browser remembers; private windows and full disks may refuse, and then nothing is remembered. */
export const store = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(`forum:${key}`));
    } catch {
      return null;
    }
  },
  /** Whether it was kept; null forgets. */
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(`forum:${key}`);
      else localStorage.setItem(`forum:${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
};

/** fetch from our own server; throws {status, retryAfter} for anything but success. A redirect means: signed out. */
export async function request(address, options = {}) {
  const headers = { "X-Requested-With": "forum", ...options.headers };
  const response = await fetch(address, { cache: "no-store", redirect: "manual", ...options, headers });
  if (response.ok) return response;
  const status = response.type === "opaqueredirect" ? 401 : response.status;
  throw Object.assign(new Error(`status ${status}`), { status, retryAfter: Number(response.headers.get("Retry-After")) || 0 });
}

/**
 * Speaks through a live region, at most once in `gap` ms: the last thing said wins. 11 s make six announcements a minute,
 * whatever the flood. A text may be a function, asked when its turn comes.
 */
export class Announcer {
  #next = null;
  #timer = 0;
  #last = -Infinity;

  constructor(region, gap = 11_000) {
    Object.assign(this, { region, gap });
  }

  say(text) {
    this.#next = text;
    // The short wait gathers what arrives together, such as a catch-up.
    this.#timer ||= setTimeout(() => this.#speak(), Math.max(250, this.#last + this.gap - performance.now()));
  }

  /** Say nothing more, and take back what stands there. */
  hush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.region?.textContent) this.region.textContent = "";
  }

  #speak() {
    this.#timer = 0;
    const text = typeof this.#next === "function" ? this.#next() : this.#next;
    if (!text || !this.region || text === this.region.textContent) return;
    this.#last = performance.now();
    this.region.textContent = text;
  }
}

/** Change the page without moving what is being read: the first of `items` in view stays where it is on the screen. */
export function keepPlace(items, change) {
  const anchor = items.find((item) => item.getBoundingClientRect().bottom > 0);
  const before = anchor?.getBoundingClientRect().top;
  change();
  const now = anchor?.isConnected ? anchor : anchor?.id && document.getElementById(anchor.id);
  if (!now || before >= innerHeight) return;
  const moved = now.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
}

const PATIENCE = 5_000; // a connection back within this time was never missed
const banner = document.getElementById("connection");
const bannerVoice = new Announcer(banner);
let trouble = false;
let late = 0;

/** Tell in the head of the page how the connection stands: "waiting", "offline", "online" (after trouble) or "stopped". */
export function connection(state) {
  if (state === "waiting") {
    late ||= setTimeout(() => connection(navigator.onLine ? "reconnecting" : "offline"), PATIENCE);
    return;
  }
  clearTimeout(late);
  late = 0;
  const over = state === "online" || state === "stopped";
  if (over && !trouble) return;
  trouble = !over;
  if (state === "stopped") return bannerVoice.hush();
  bannerVoice.say(() => banner?.dataset[state]);
  if (over) setTimeout(() => trouble || bannerVoice.hush(), 16_000);
}

addEventListener("offline", () => connection("offline"));
addEventListener("online", () => connection("online"));
document.documentElement.classList.add("js");
for (const name of ["live-thread", "comment-form", "live-queue", "live-case", "queue-keys", "bulk-decisions"]) {
  if (document.querySelector(name)) import(`./elements/${name}.js`);
}
