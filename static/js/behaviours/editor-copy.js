// form[data-keep]: what is typed is also kept on this device until the server has it, so that a crash, a closed
// tab, a dead network or an ended session loses nothing. It is offered again in words; signing out clears it.
import { bind } from "../bind.js";
import { say } from "../words.js";

const PAUSE = 400;
const MONTH = 31 * 86_400_000;
const PREFIX = "copy:";
const OUTSIDE = /^(act|kept|kept_asked|staged|picture_staged|writing)$|password/;
const language = document.documentElement.lang;
const isSpoken = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0; // few browsers know the days in Welsh
const timers = new WeakMap();
const ahead = new WeakSet(); // forms with words that neither the server nor this device has yet

const keyOf = (form) => `${PREFIX}${form.dataset.keep}:${form.dataset.draftUrl ?? location.pathname}`;
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
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
  const day = new Intl.DateTimeFormat([language, "en-GB"], isSpoken ? { weekday: "long", day: "numeric", month: "long" } : {});
  const typed = kept.filter(([name]) => form.elements[name]?.matches?.("textarea, input:not([type=hidden])"));
  const longest = (typed.length ? typed : kept).map(([, value]) => value).sort((a, b) => b.length - a.length)[0];
  const use = part("button", "button-outline", [say("copy_use")]), drop = part("button", "button-quiet", [say("copy_drop")]);
  const notice = part("div", "notice notice--info", [part("div", "notice__text", [
    part("p", "", [say("copy_found", { day: day.format(at) })]),
    part("p", "quiet", [`“${longest.slice(0, 120)}”`]),
    part("p", "buttons", [use, drop]),
  ])]);
  notice.addEventListener("click", ({ target }) => {
    if (target === use) fill(form, kept);
    else if (target === drop) forget(keyOf(form));
    else return;
    notice.remove();
    form.querySelector("[data-prose]")?.focus();
  });
  form.prepend(notice);
}

function part(tag, style, inside) {
  const made = Object.assign(document.createElement(tag), { className: style });
  if (tag === "button") made.type = "button";
  made.append(...inside);
  return made;
}

function forget(key) {
  guarded(() => localStorage.removeItem(key));
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
  for (const key of keys()) {
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
  // What was refused stands here again, and the server has kept none of it: leaving now would lose it.
  if (form.querySelector(".error-summary") && isShown(form, copy.words)) return;
  if (isShown(form, copy.words) || !copy.words.some(([name, value]) => value.trim() && name !== "heads")) {
    forget(keyOf(form));
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
  if (event.target.dataset.keep) forget(keyOf(event.target));
});
// Sent is not yet arrived: the next page says so, or the copy is offered again.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]") && !event.defaultPrevented) keep(event.target, { sent: true });
  if (event.target.matches("form[action='/logout']")) {
    guarded(() => keys().forEach(forget));
  }
});
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-keep]")) if (ahead.has(form)) keep(form);
});
