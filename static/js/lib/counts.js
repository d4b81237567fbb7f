// What the queue counts, brought up to date in its page: the summary, the values of the filters, the names of the switches.

/** Take over what is counted from nodes that the server has just rendered; what the reader has chosen stays chosen. */
export function refresh(fresh) {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const shown = document.querySelector(`main [data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!shown || shown.contains(document.activeElement) || shown.isEqualNode(part)) continue;
    shown.replaceChildren(...part.childNodes);
  }
  for (const select of fresh.querySelectorAll("select[name]")) choices(select);
}

function choices(fresh) {
  const shown = document.querySelector(`.queue-filters select[name="${CSS.escape(fresh.name)}"]`);
  // An open list must not change under the hand.
  if (!shown || shown === document.activeElement) return;
  const chosen = shown.selectedOptions[0];
  const options = [...fresh.options];
  const still = options.find((option) => option.value === chosen?.value);
  if (chosen && !still) options.push(chosen);
  shown.replaceChildren(...options);
  shown.value = (still ?? chosen)?.value ?? "";
}
