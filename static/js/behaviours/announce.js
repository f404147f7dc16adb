// Says in the live region #said what has just happened.
// The server's words: data-announce="3 replies shown" on anything in the new content.
import { say } from "../words.js";

const region = document.getElementById("said");

export function announce(sentence, { trouble = false } = {}) {
  if (!region) return;
  const line = document.createElement("p");
  line.textContent = sentence;
  line.className = trouble ? "said__trouble" : "unseen";
  region.querySelectorAll(".said__trouble, .unseen").forEach((old) => old.remove());
  region.append(line);
  if (trouble) region.scrollIntoView({ block: "nearest" });
}

// What the page came with is no change to a screen reader: it is hidden from it for a moment, then appears.
for (const notice of region?.querySelectorAll(".notice") ?? []) {
  notice.setAttribute("aria-hidden", "true");
  setTimeout(() => notice.removeAttribute("aria-hidden"), 150);
}

document.addEventListener("htmx:after:swap", () => {
  if (region?.querySelector(".said__trouble")) announce("");
  for (const element of document.querySelectorAll("[data-announce]")) {
    announce(element.dataset.announce);
    element.removeAttribute("data-announce");
  }
});
document.addEventListener("htmx:error", () => announce(say("unreached"), { trouble: true }));
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.raw.status >= 500) announce(ownWords(ctx) ?? say("refused"), { trouble: true });
});

// A server that could still speak has said what happened; one that could not has sent a page of its own.
function ownWords(ctx) {
  if (ctx.response.raw.headers.get("HX-Retarget") !== "#said") return null;
  return new DOMParser().parseFromString(ctx.text, "text/html").querySelector("p")?.textContent;
}
