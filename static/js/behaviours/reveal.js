// input[data-reveal]: a button in the field shows the password that was typed, and hides it again.
import { bind } from "../bind.js";
import { say } from "../words.js";

function add(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-quiet field__reveal";
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = say(shown ? "hide" : "show");
    button.setAttribute("aria-label", say(shown ? "hide_password" : "show_password"));
  };
  show(false);
  button.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", () => show(false));
  field.after(button);
}

bind("input[data-reveal]", add);
