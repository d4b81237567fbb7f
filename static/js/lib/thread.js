// Where a comment stands in a thread: one flat list of articles in thread order, each with its depth and its parent's id.

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
export const busy = (article) => article.contains(document.activeElement) || article.querySelector("textarea") !== null;

/** Call `act` once nobody is busy in `article`. A window that loses the focus is no such moment: the focus comes back. */
export function whenFree(article, act) {
  const look = () => setTimeout(() => !busy(article) && act());
  article.addEventListener("focusout", look);
}
