// What was searched for lately, in the storage of this device alone: offered in an empty search box, and listed by
// [data-recent]. Signing out forgets it. [data-searched] on a page says what was found there, so worth remembering.
import { bind } from "../bind.js";

const KEPT = "searches", MOST = 8;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ words, url }) => words && url?.startsWith("/search?")).slice(0, MOST) : [];
  } catch {
    return []; // storage is closed to us, or holds something else
  }
}

function keep(list) {
  try {
    if (list.length) localStorage.setItem(KEPT, JSON.stringify(list.slice(0, MOST)));
    else localStorage.removeItem(KEPT);
  } catch {
    // storage is closed to us: nothing is remembered
  }
}

function remember({ dataset: { searched: words } }) {
  const url = location.pathname + location.search;
  if (words) keep([{ words: words.slice(0, 200), url }, ...recent().filter((each) => each.words !== words)]);
}

function list(section) {
  const lines = recent().map(({ words, url }) => {
    const line = document.createElement("li"), link = document.createElement("a");
    link.href = url;
    link.dir = "auto";
    link.textContent = words;
    line.append(link);
    return line;
  });
  section.querySelector("[data-recent-list]").replaceChildren(...lines);
  section.hidden = lines.length === 0;
}

bind("[data-recent]", list);

// Typing shows what is found at every pause: only what somebody sends, or follows from there, was searched for.
document.querySelectorAll("[data-searched]").forEach(remember);
document.addEventListener("click", ({ target }) => {
  const place = target.closest("[data-searched]");
  if (place && target.closest("a")) remember(place);
  if (!target.closest("[data-recent-clear]")) return;
  keep([]);
  document.querySelectorAll("[data-recent]").forEach(list);
});
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/logout") keep([]);
});
