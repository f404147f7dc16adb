// [data-copy="an absolute address"]: a button, hidden until this runs, or a link to the place itself.
// Copies the address, and says so in the live region. Its words stay those of the page.
import { bind } from "../bind.js";
import { say } from "../words.js";
import { announce } from "./announce.js";

bind("[data-copy][hidden]", (element) => (element.hidden = false));

document.addEventListener("click", async (event) => {
  const element = event.target.closest("[data-copy]");
  if (!element || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = new URL(element.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    announce(say("copied"));
    mark(element);
  } catch {
    // Plain HTTP has no clipboard: the address is shown, chosen, ready to be copied by hand.
    prompt(say("copy_by_hand"), address);
  }
});

// For the eye: the words say for a moment that it is done. A button keeps its width.
function mark(element) {
  if (element.dataset.words !== undefined) return;
  const words = [...element.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!words) return;
  element.style.minInlineSize = `${element.offsetWidth}px`;
  element.dataset.words = words.data;
  words.data = say("copied");
  setTimeout(() => {
    words.data = element.dataset.words;
    delete element.dataset.words;
    element.style.minInlineSize = "";
  }, 4000);
}
