// [data-preview]: shows in the region of that id how the text of the form will look, and follows what is typed.
import { bind } from "../bind.js";
import { say } from "../words.js";
import { announce } from "./announce.js";

const PAUSE = 700;

function settle(button) {
  const region = document.getElementById(button.dataset.preview);
  const area = button.form?.querySelector("[data-prose]");
  if (!region || !area) return;
  let timer, asked;
  const isOn = () => button.getAttribute("aria-pressed") === "true";

  async function show() {
    asked?.abort();
    asked = new AbortController();
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
    try {
      const answer = await fetch("/preview", {
        method: "POST", body: new URLSearchParams({ body: area.value }), headers, signal: asked.signal,
      });
      if (answer.ok && isOn()) region.innerHTML = await answer.text();
      else if (!answer.ok) announce(say("refused"), { trouble: true });
    } catch (error) {
      if (error.name !== "AbortError") announce(say("unreached"), { trouble: true });
    }
  }

  button.setAttribute("aria-pressed", String(region.childElementCount > 0));
  button.addEventListener("click", (event) => {
    event.preventDefault();
    button.setAttribute("aria-pressed", String(!isOn()));
    if (!isOn()) {
      region.replaceChildren();
      return;
    }
    announce(say("preview_follows"));
    show();
  });
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (isOn()) timer = setTimeout(show, PAUSE);
  });
}

bind("[data-preview]", settle);
