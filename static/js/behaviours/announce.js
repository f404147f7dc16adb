// Says in the live region #said what has just happened, and what went wrong.
// The server's words: data-announce="3 replies shown" on anything in the new content.
import { say } from "../words.js";

const region = document.getElementById("said");

export function announce(sentence, { trouble = false } = {}) {
  if (trouble) return complain(sentence);
  clear();
  const line = document.createElement("p");
  line.textContent = sentence;
  line.className = "unseen";
  region?.append(line);
}

// Trouble stays at the foot of the window, where it moves nothing, until it is closed or something goes well.
function complain(...words) {
  clear();
  const box = document.createElement("div");
  const close = document.createElement("button");
  box.className = "said__trouble";
  close.className = "button-quiet";
  close.type = "button";
  close.textContent = say("close");
  close.addEventListener("click", clear);
  box.append(...words, close);
  region?.append(box);
}

function clear() {
  region?.querySelectorAll(".said__trouble, .unseen").forEach((old) => old.remove());
}

// What the page came with is no change to a screen reader: it is hidden from it for a moment, then appears.
for (const notice of region?.querySelectorAll(".notice") ?? []) {
  notice.setAttribute("aria-hidden", "true");
  setTimeout(() => notice.removeAttribute("aria-hidden"), 150);
}

// What a page brought along is read with it; only what comes later is said.
for (const element of document.querySelectorAll("[data-announce]")) element.removeAttribute("data-announce");

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.response?.raw.headers.get("HX-Reswap") === "none") return;
  region?.querySelector(".said__trouble")?.remove();
  for (const element of document.querySelectorAll("[data-announce]")) {
    announce(element.dataset.announce);
    element.removeAttribute("data-announce");
  }
});
document.addEventListener("htmx:error", () => complain(say("unreached")));
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  // A server that could still speak says itself what happened; a broken one, or one before it, sends some page.
  if (ctx.response.raw.headers.get("HX-Reswap") === "none") complain(...wordsOf(ctx.text));
  else if (ctx.response.raw.status >= 500) complain(say("refused"));
});

function wordsOf(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector(".notice__text")?.childNodes ?? [say("refused")];
}
