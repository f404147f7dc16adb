// form[data-answer] is sent by htmx, from the box under an entry or from beneath a reply. Its buttons with a name
// (keep it as a draft, see how it will look) lead to the page of the form, as they do without a script.
// Beneath a reply the form opens once; [data-answer-close] and Escape fold it away with its words in it.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-answer]") && event.submitter?.name) event.stopImmediatePropagation();
}, true);

// What was sent has arrived: no copy of it need be kept on this device.
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form.matches("[data-answer]") && ctx.response.raw.ok) form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
});

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (event.target.closest("[data-answer-close]")) return close(event.target.closest(".reply"));
  const opener = event.target.closest(".reply__acts a[hx-get]");
  const form = opener?.closest(".reply").querySelector("form[data-answer]");
  if (!form || !(isOf(form, opener) || hasWords(form))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.hidden = false;
  form.querySelector("textarea").focus();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const reply = event.target.closest("form[data-answer]")?.closest(".reply");
  if (reply) close(reply);
});

function close(reply) {
  const form = reply.querySelector("form[data-answer]");
  form.hidden = true;
  const openers = [...reply.querySelectorAll(".reply__acts a[hx-get]")];
  (openers.find((opener) => isOf(form, opener)) ?? openers[0])?.focus();
}

function isOf(form, opener) {
  return new URL(form.action).pathname === opener.pathname && !opener.search;
}

function hasWords(form) {
  const field = form.querySelector("textarea");
  return field.value !== field.defaultValue;
}
