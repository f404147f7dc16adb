// Fields with a limit say how much room is left, once it is little.
import { say } from "../words.js";

const NEAR = 100;

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("textarea[maxlength], input[maxlength]") || !target.closest(".field")) return;
  const left = target.maxLength - target.value.length;
  let line = target.parentElement.querySelector(".field__left");
  if (left > Math.min(NEAR, target.maxLength / 5)) return line?.replaceChildren();
  if (!line) {
    line = document.createElement("p");
    line.className = "field__left";
    line.setAttribute("role", "status");
    target.after(line);
  }
  clearTimeout(line.timer);
  line.timer = setTimeout(() => (line.textContent = say("letters_left", { count: left })), 500);
});
