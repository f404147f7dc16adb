// Says in the live region #said what htmx has just done.
// The server's words: data-announce="3 replies shown" on anything in the new content.
import { say } from "../words.js";

export function announce(sentence, { trouble = false } = {}) {
  const region = document.getElementById("said");
  if (!region) return;
  const line = document.createElement("p");
  line.textContent = sentence;
  line.className = trouble ? "said__trouble" : "unseen";
  region.querySelectorAll(".said__trouble, .unseen").forEach((old) => old.remove());
  region.append(line);
  if (trouble) region.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:after:swap", () => {
  for (const element of document.querySelectorAll("[data-announce]")) {
    announce(element.dataset.announce);
    element.removeAttribute("data-announce");
  }
});
document.addEventListener("htmx:error", () => announce(say("unreached"), { trouble: true }));
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.raw.status >= 500) announce(say("refused"), { trouble: true });
});
