// form[data-draft-url]: posts what has been written there a few seconds after it changed,
// and says so in the form's [data-draft-status]. Passwords and files stay where they are.
import { say } from "../words.js";

const PAUSE = 3000;
const timers = new WeakMap();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, PAUSE, form));
});

document.addEventListener("submit", (event) => forget(event.target));

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
    tell(form, say("draft_saved", { time: clock(new Date()) }));
  } catch {
    tell(form, say("draft_unsaved"));
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
  return time.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
