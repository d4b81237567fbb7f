// Where a comment stands in a thread: one flat list of articles in thread order, each with its depth and its parent's id.

import { keepPlace } from "../app.js";

/** The comments of a thread in order. */
export const articlesOf = (thread) => [...thread.querySelectorAll("article.comment[data-id]")];

/** The article of a comment, if it is on this page. */
export const articleOf = (thread, id) => thread.querySelector(`article.comment[data-id="${CSS.escape(id)}"]`);

const depthOf = (article) => Number(article.dataset.depth) || 0;

/**
 * Put a new comment after the last descendant of its parent, one without a parent at the end. False when that place is on
 * another page (`last`: whether this page is the thread's last).
 */
export function place(thread, article, last) {
  const all = articlesOf(thread);
  const { parent } = article.dataset;
  let to = all.length;
  if (parent) {
    let from = all.findIndex((other) => other.dataset.id === parent);
    // The parent is on the page before, some of its replies on this one.
    if (from < 0) from = all.findLastIndex((other) => other.dataset.parent === parent);
    if (from < 0) return false;
    to = from + 1;
    while (to < all.length && depthOf(all[to]) >= depthOf(article)) to += 1;
  }
  if (to === all.length && !last) return false;
  if (to < all.length) all[to].before(article);
  else if (to > 0) all[to - 1].after(article);
  else thread.prepend(article);
  return true;
}

/** Move the focus to the heading of a comment, where screen readers begin to read. */
export function focusHeading(article) {
  const heading = article.querySelector("h2, h3, h4") ?? article;
  heading.tabIndex = -1;
  heading.focus();
}

/** Whether somebody is busy in an article: it holds the focus or a text being written, and must not be taken away. */
const busy = (article) => article.contains(document.activeElement) || article.querySelector("textarea") !== null;

/**
 * Articles that change while somebody reads. Each is replaced on the spot, without moving the page; one in which somebody is
 * busy is marked instead, and replaced when they leave it or press the button that offers it (`text`, told by `tell`).
 */
export class Changes {
  #pending = new Map(); // id → the newest article

  constructor(thread, text, tell) {
    Object.assign(this, { thread, text, tell });
  }

  take(id, article) {
    const shown = articleOf(this.thread, id);
    if (Number(shown.dataset.seq) > Number(article.dataset.seq)) return; // the page is newer than the update
    const marked = this.#pending.has(id);
    this.#pending.set(id, article);
    if (!busy(shown)) this.#swap(id);
    else if (!marked) this.#mark(id, shown);
  }

  #swap(id) {
    const article = this.#pending.get(id);
    if (!article) return;
    this.#pending.delete(id);
    keepPlace(articlesOf(this.thread), () => articleOf(this.thread, id).replaceWith(article));
  }

  #mark(id, shown) {
    shown.classList.add("is-changed");
    // A window that loses the focus is no leaving: activeElement stays, and the focus comes back.
    shown.addEventListener("focusout", () => setTimeout(() => !busy(shown) && this.#swap(id)));
    if (!this.text) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "show-change button-link", textContent: this.text });
    button.addEventListener("click", () => {
      this.#swap(id);
      focusHeading(articleOf(this.thread, id));
    });
    shown.append(button);
    this.tell(this.text);
  }
}
