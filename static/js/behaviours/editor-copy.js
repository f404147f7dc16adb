// form[data-keep]: what is typed is also kept on this device until the server has it, so that a crash, a closed
// tab, a dead network or an ended session loses nothing. It is offered again in words; signing out clears it.
import { bind } from "../bind.js";
import { say } from "../words.js";

const PAUSE = 400;
const MONTH = 31 * 86_400_000;
const PREFIX = "copy:";
const OUTSIDE = /^(act|kept|kept_asked|staged|picture_staged)$|password/;
const timers = new WeakMap();
const ahead = new WeakSet(); // forms with words that neither the server nor this device has yet

const keyOf = (form) => `${PREFIX}${form.dataset.keep}:${form.dataset.draftUrl ?? location.pathname}`;
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");

function guarded(act) {
  try {
    return act();
  } catch {
    return undefined; // Storage is closed to us, or full: the server's draft is what there is.
  }
}

function words(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OUTSIDE.test(name));
}

export function isKept(form) {
  return Boolean(form.dataset.keep && guarded(() => localStorage.getItem(keyOf(form))));
}

function keep(form, more = {}) {
  clearTimeout(timers.get(form));
  ahead.delete(form);
  guarded(() => localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), words: words(form), ...more })));
}

function offer(form, { at, words: kept }) {
  const notice = document.createElement("div"), inside = document.createElement("div");
  const sentence = document.createElement("p"), start = document.createElement("p"), buttons = document.createElement("p");
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });
  notice.className = "notice notice--info";
  inside.className = "notice__text";
  buttons.className = "buttons";
  sentence.textContent = say("copy_found", { day: day.format(at) });
  start.className = "quiet";
  start.textContent = `“${kept.map(([, value]) => value).sort((a, b) => b.length - a.length)[0].slice(0, 120)}”`;
  const use = button("copy_use", "button-outline", () => fill(form, kept));
  const drop = button("copy_drop", "button-quiet", () => guarded(() => localStorage.removeItem(keyOf(form))));
  for (const each of [use, drop]) each.addEventListener("click", () => {
    notice.remove();
    form.querySelector("[data-prose]")?.focus();
  });
  buttons.append(use, drop);
  inside.append(sentence, start, buttons);
  notice.append(inside);
  form.prepend(notice);
}

function button(name, style, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = style;
  made.textContent = say(name);
  made.addEventListener("click", act);
  return made;
}

function fill(form, kept) {
  for (const [name, value] of kept) {
    const field = form.elements[name];
    if (field && "value" in field) field.value = value;
  }
  form.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function isShown(form, kept) {
  const now = new Map(words(form));
  return kept.every(([name, value]) => (now.get(name) ?? "") === value.replace(/\r\n/g, "\n"));
}

function forgetOld() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const copy = read(key);
    const arrived = copy.sent && document.querySelector("#said .notice--success");
    if (arrived || copy.at < Date.now() - MONTH) localStorage.removeItem(key);
    else if (copy.sent) localStorage.setItem(key, JSON.stringify({ ...copy, sent: false }));
  }
}

guarded(forgetOld);
bind("form[data-keep]", (form) => {
  const copy = guarded(() => read(keyOf(form)));
  if (!copy) return;
  const isOlder = copy.at <= Number(form.dataset.draftSaved ?? 0);
  if (isOlder || isShown(form, copy.words) || !copy.words.some(([name, value]) => value.trim() && name !== "heads")) {
    guarded(() => localStorage.removeItem(keyOf(form)));
  } else offer(form, copy);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (!form) return;
  clearTimeout(timers.get(form));
  ahead.add(form);
  timers.set(form, setTimeout(keep, PAUSE, form));
});
document.addEventListener("draft:saved", (event) => {
  clearTimeout(timers.get(event.target));
  ahead.delete(event.target);
  if (event.target.dataset.keep) guarded(() => localStorage.removeItem(keyOf(event.target)));
});
// Sent is not yet arrived: the next page says so, or the copy is offered again.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]") && !event.defaultPrevented) keep(event.target, { sent: true });
  if (event.target.matches("form[action='/logout']")) {
    guarded(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key)));
  }
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-keep]")) if (ahead.has(form)) keep(form);
});
