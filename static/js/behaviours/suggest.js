// [data-search]: while somebody types, titles, people, partners and tags that begin so, in a list that arrow keys,
// Enter and touch choose from; an empty box offers what was searched for lately. Escape closes it. Enter without a
// choice searches, as it does without this.
import { bind } from "../bind.js";
import { say } from "../words.js";
import { announce } from "./announce.js";
import { recent } from "./recent.js";

const PAUSE = 150, SHORTEST = 2;
const list = document.createElement("div");
list.className = "offers";
list.id = "offers";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", say("offers"));
let box = null, at = -1, timer, asked;

const lines = () => [...list.querySelectorAll("[role=option]")];

function close() {
  clearTimeout(timer);
  asked?.abort();
  list.remove();
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
  box?.removeAttribute("aria-controls");
  box = null;
  at = -1;
}

async function look(field) {
  clearTimeout(timer);
  asked?.abort(); // an answer that comes late would take away what was chosen meanwhile
  const { signal } = (asked = new AbortController());
  try {
    const address = `/search/suggestions?q=${encodeURIComponent(field.value.trim())}`;
    const answer = await fetch(address, { signal });
    const html = answer.ok ? await answer.text() : "";
    if (document.activeElement !== field) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    open(field, [...page.body.children]);
  } catch {
    // Asked anew, or out of reach: searching works without, and no list of other words stays open.
    if (!signal.aborted) close();
  }
}

function lately(field) {
  const kept = recent();
  if (!kept.length) return close();
  const group = document.createElement("ul"), head = document.createElement("li");
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", "offers-lately");
  head.className = "offers__sort";
  head.id = "offers-lately";
  head.setAttribute("role", "presentation");
  head.textContent = say("lately");
  group.append(head, ...kept.map(({ words, url }) => {
    const line = document.createElement("li"), bold = document.createElement("b");
    line.setAttribute("role", "option");
    line.dataset.url = url;
    bold.textContent = words;
    line.append(bold);
    return line;
  }));
  open(field, [group]);
}

function open(field, groups) {
  const wasOpen = box !== null;
  if (!groups.length) return close();
  list.replaceChildren(...groups);
  lines().forEach((line, n) => {
    line.id = `offer-${n}`;
    line.setAttribute("aria-selected", "false");
  });
  at = -1;
  box = field;
  box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "true");
  if (!wasOpen || list.parentElement !== field.form) field.form.append(list);
  announce(say("offered", { count: lines().length }));
}

function mark(n) {
  const all = lines();
  at = n < -1 ? all.length - 1 : n >= all.length ? -1 : n; // before the first and after the last stands the box itself
  all.forEach((line, m) => line.setAttribute("aria-selected", String(m === at)));
  if (at < 0) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function follow(line) {
  const { url } = line.dataset;
  close();
  location.assign(url);
}

bind("[data-search]", (field) => {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-search]")) return;
  clearTimeout(timer);
  asked?.abort();
  if (target.value.trim().length >= SHORTEST) timer = setTimeout(look, PAUSE, target);
  else if (target.value) close();
  else lately(target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-search]") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && box) mark(at + step);
  else if (event.key === "ArrowDown") {
    if (field.value.trim().length >= SHORTEST) look(field);
    else if (!field.value) lately(field);
  } else if (event.key === "Enter" && at >= 0) follow(lines()[at]);
  else if (event.key === "Enter") return close();
  else if (event.key === "Escape" && box) close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("focusout", (event) => event.target === box && close());
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", ({ target }) => {
  const line = target.closest("[role=option]");
  if (line) follow(line);
});
