// [data-prose]: @ and two letters offer the names that begin so, in a list that arrow keys, Enter, Tab and touch
// choose from. Escape closes it; the text stays as it was typed.
import { areaOf, put } from "../text.js";
import { say } from "../words.js";
import { announce } from "./announce.js";

const BEGUN = /(?:^|[^\w@/.])@(\p{L}[\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]*)?)$/u;
const PAUSE = 150;
// A text area may not be called a combobox; what it has meanwhile is what one of several lines may have.
const OPEN = { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": "names" };
const list = document.createElement("ul");
list.className = "names";
list.id = "names";
list.setAttribute("role", "listbox");
let area = null, begun = "", chosen = 0, timer, asked, refused = "";

function close() {
  clearTimeout(timer);
  asked?.abort();
  list.remove();
  for (const name of Object.keys(OPEN)) area?.removeAttribute(name);
  area?.removeAttribute("aria-activedescendant");
  area = null;
}

async function look(at, words) {
  asked = new AbortController();
  try {
    const answer = await fetch(`/people/suggestions?q=${encodeURIComponent(words)}`, { signal: asked.signal });
    const names = answer.ok ? await answer.json() : [];
    if (document.activeElement === at && names.length) open(at, words, names);
    else close();
  } catch {
    // Out of reach, or asked anew: names can be typed in full.
  }
}

function open(at, words, names) {
  area = at;
  begun = words;
  list.replaceChildren(...names.map(option));
  list.setAttribute("aria-label", say("names_offered", { count: names.length }));
  area.after(list);
  list.style.setProperty("inset-block-start", `${below(area)}px`);
  for (const [name, value] of Object.entries(OPEN)) area.setAttribute(name, value);
  mark(0);
  announce(say("names_offered", { count: names.length }));
}

function option({ name, partner }, n) {
  const line = document.createElement("li");
  const bold = document.createElement("b");
  bold.textContent = name;
  line.append(bold, partner && ` ${partner}`);
  line.id = `name-${n}`;
  line.dataset.name = name;
  line.setAttribute("role", "option");
  return line;
}

function mark(n) {
  const lines = [...list.children];
  chosen = (n + lines.length) % lines.length;
  lines.forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
  lines[chosen].scrollIntoView({ block: "nearest" });
  area.setAttribute("aria-activedescendant", lines[chosen].id);
}

function choose(line) {
  const at = area, end = at.selectionEnd;
  const name = line.dataset.name;
  put(at, `${name} `, end - begun.length, end);
  refused = name;
  close();
}

// Where the line of the cursor ends: a copy of the text is laid out to see.
function below(at) {
  const copy = document.createElement("div"), style = getComputedStyle(at);
  for (const name of ["font", "padding", "boxSizing", "letterSpacing"]) copy.style[name] = style[name];
  copy.className = "names-copy";
  copy.style.inlineSize = `${at.clientWidth}px`;
  copy.textContent = at.value.slice(0, at.selectionEnd) || " ";
  at.after(copy);
  const height = copy.offsetHeight - parseFloat(style.paddingBottom);
  copy.remove();
  return at.offsetTop + Math.min(Math.max(height - at.scrollTop, 0), at.offsetHeight) + 4;
}

document.addEventListener("input", (event) => {
  const at = areaOf(event.target);
  if (!at) return;
  clearTimeout(timer);
  asked?.abort();
  const words = at.value.slice(Math.max(0, at.selectionEnd - 80), at.selectionEnd).match(BEGUN)?.[1] ?? "";
  if (words.trim().length < 2 || (refused && words.startsWith(refused))) close();
  else timer = setTimeout(look, PAUSE, at, words);
  if (!words) refused = "";
});

document.addEventListener("keydown", (event) => {
  if (!area || event.target !== area || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(chosen + step);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(list.children[chosen]);
  else if (event.key === "Escape") {
    refused = begun;
    close();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("focusout", (event) => event.target === area && close());
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const line = event.target.closest("[data-name]");
  if (line) choose(line);
});
