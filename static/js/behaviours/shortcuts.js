// Keys for those who like them: / search, ? what there is, g then a letter, n new, j and k, r reply.
// Never in a field, never with Ctrl, Alt or Meta, and not at all where the reader has turned them off.
import { say } from "../words.js";
import { find } from "./find.js";

const KEPT = "shortcuts"; // "off" in the storage of this device
const PLACES = { h: "/", n: "/news", i: "/ideas", d: "/discussions", p: "/partners" };
const ITEMS = ".needs__title a, .entries__title a, .results__title a, .reply";
const PAUSE = 1500;
let leading = 0; // until when a letter after g leads somewhere

const keys = {
  "/": () => (find() === false ? follow("a[href='/search']") : undefined),
  "?": showSheet,
  g: () => { leading = Date.now() + PAUSE; },
  n: () => follow("main a[href$='/new']"),
  r: () => follow("#reply textarea, main a[href^='/replies/to/'], main a[href$='#reply']"),
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]") || !isOn()) return;
  const act = Date.now() < leading && PLACES[event.key] ? () => location.assign(PLACES[event.key]) : keys[event.key];
  if (event.key !== "g") leading = 0;
  if (act && act() !== false) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("a[href='/shortcuts']") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  showSheet();
});

for (const choice of document.querySelectorAll("[data-shortcuts-choice]")) offer(choice);

function isOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage is closed to us: nobody can have turned them off
  }
}

function offer(choice) {
  const box = choice.querySelector("input");
  box.checked = isOn();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, "off");
    } catch {
      box.checked = true; // storage is closed to us: nothing was kept
    }
  });
  choice.hidden = false;
}

async function showSheet() {
  if (location.pathname === "/shortcuts") return;
  let sheet = document.getElementById("shortcuts");
  if (!sheet) {
    try {
      const answer = await fetch("/shortcuts", { headers: { "HX-Request-Type": "partial" } });
      if (!answer.ok) throw new Error(String(answer.status));
      sheet = document.createElement("dialog");
      sheet.className = "dialog dialog--wide";
      sheet.id = "shortcuts";
      sheet.setAttribute("aria-labelledby", "shortcuts-title");
      sheet.innerHTML = await answer.text();
      const close = document.createElement("button");
      close.className = "button-outline";
      close.textContent = say("close");
      close.addEventListener("click", () => sheet.close());
      sheet.append(close);
      document.body.append(sheet);
      sheet.querySelectorAll("[data-shortcuts-choice]").forEach(offer);
    } catch {
      location.assign("/shortcuts");
      return;
    }
  }
  if (!sheet.open) sheet.showModal();
}

function follow(selector) {
  const found = document.querySelector(selector);
  if (!found) return false;
  if (found.matches("a, button")) found.click();
  else found.focus();
}

function step(by) {
  const items = [...document.querySelectorAll(ITEMS)].filter((each) => each.checkVisibility());
  if (items.length === 0) return false;
  const at = items.findIndex((each) => each.contains(document.activeElement));
  const next = items[at === -1 ? (by > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + by, 0), items.length - 1)];
  if (!next.matches("a")) next.tabIndex = -1;
  next.focus();
}
