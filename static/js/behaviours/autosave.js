// form[data-draft-url]: posts what has been written there a few seconds after it changed,
// and says so in the form's [data-draft-status]. Passwords and files stay where they are.
// What could not be saved is tried again once there is a network, and leaving warns only if it is kept nowhere.
import { say } from "../words.js";
import { isKept } from "./editor-copy.js";

const PAUSE = 3000;
const timers = new WeakMap();
const unsaved = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, PAUSE, form));
});

document.addEventListener("submit", (event) => {
  forget(event.target);
  unsaved.delete(event.target);
});
addEventListener("online", () => unsaved.forEach((form) => save(form)));
addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected && !isKept(form))) event.preventDefault();
});

// Leaving the page, or putting the phone away, saves at once.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    if (timers.has(form)) save(form, { keepalive: true });
  }
});

async function save(form, options = {}) {
  forget(form);
  try {
    const response = await fetch(form.dataset.draftUrl, { method: "POST", body: words(form), ...options });
    if (!response.ok) throw new Error(String(response.status));
    unsaved.delete(form);
    tell(form, say("draft_saved", { time: clock(new Date()) }));
    if (!timers.has(form)) form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
  } catch {
    unsaved.add(form);
    tell(form, isKept(form) ? say("copy_kept", { time: clock(new Date()) }) : say("draft_unsaved"));
  }
}

function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

function words(form) {
  const secret = new Set([...form.querySelectorAll("[type=password]")].map((field) => field.name));
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret.has(name));
  return new URLSearchParams(fields);
}

function tell(form, sentence) {
  const status = form.querySelector("[data-draft-status]");
  if (status) status.textContent = sentence;
}

function clock(time) {
  return time.toLocaleTimeString([document.documentElement.lang, "en-GB"], { hour: "2-digit", minute: "2-digit" });
}
