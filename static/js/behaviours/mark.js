// form[data-mark]: what it says is shown at once, by its twin that would take it back; the server's answer takes the
// place of both. Where the server does not answer, all is as it was, and a sentence says so.
import { say } from "../words.js";
import { announce } from "./announce.js";

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches("[data-mark]")) turn(ctx.sourceElement);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => putBack(ctx));
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => putBack(ctx));

function putBack(ctx) {
  if (!ctx?.sourceElement.matches("[data-mark]")) return;
  turn(twin(ctx.sourceElement));
  // A server that could say why has been heard already: announce.js.
  if (ctx.response?.raw.headers.get("HX-Reswap") !== "none") announce(say("mark_failed"), { trouble: true });
}

// The focus goes with the change: to the sentence that says it, or to the button that can say it again.
function turn(form) {
  const other = twin(form);
  form.hidden = true;
  other.hidden = false;
  other.querySelector("[tabindex], button").focus();
}

function twin(form) {
  return [...form.parentElement.querySelectorAll("[data-mark]")].find((other) => other !== form);
}
