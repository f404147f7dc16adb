// What is being sent is sent once, and an answer that takes long says so: [data-sending] on the form,
// aria-busy on what will change, and a line at the foot of the window after 400 ms.
import { say } from "../words.js";

const PATIENCE = 400;
const LOST = 15_000; // a download leaves the page as it is: its form is free again after this
const waits = new Map();
const line = document.createElement("p");
line.className = "slow";
line.setAttribute("role", "status");
document.body.append(line);

document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-sending")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// Forms without htmx: the browser leads away, unless somebody else took the event.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.target === "_blank" || form.getAttribute("method") === "dialog") return;
  if (form.getAttribute("method") === "post") hold(form);
  wait(form, form);
  setTimeout(free, LOST, form);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET" && ctx.sourceElement.matches("form")) hold(ctx.sourceElement);
  wait(ctx, ctx.target);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches("form")) free(ctx.sourceElement);
  done(ctx);
});

// Back shows the page as it was left, in the middle of sending.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) free(form);
});

function hold(form) {
  form.setAttribute("data-sending", "");
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
}

function free(form) {
  done(form);
  if (!form.hasAttribute("data-sending")) return;
  form.removeAttribute("data-sending");
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
}

function wait(what, target) {
  done(what);
  const timer = setTimeout(() => {
    target?.setAttribute("aria-busy", "true");
    line.textContent = say("slow");
  }, PATIENCE);
  waits.set(what, { timer, target });
}

function done(what) {
  const { timer, target } = waits.get(what) ?? {};
  clearTimeout(timer);
  target?.removeAttribute("aria-busy");
  waits.delete(what);
  if (waits.size === 0) line.textContent = "";
}
