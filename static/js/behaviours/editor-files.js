// input[data-upload]: sends each file as soon as it is chosen, dropped on the text or pasted there; the answer is
// its line of the form. Pictures ask at once what they show, and can be put into the text.
import { bind } from "../bind.js";
import { areaOf, put } from "../text.js";
import { say } from "../words.js";
import { announce } from "./announce.js";

let typed = 0; // when a key was last pressed: whoever writes on is not taken elsewhere
const settled = new WeakSet();
let cursor = null; // the text area and the place in it where somebody was last

function take(input, files) {
  for (const file of input.dataset.upload === "picture" ? [...files].slice(0, 1) : files) send(input, file);
}

function send(input, file) {
  const list = input.form.querySelector(`[data-files="${input.dataset.upload}"]`);
  input.closest("details")?.setAttribute("open", "");
  const line = document.createElement("p");
  const bar = document.createElement("progress");
  line.className = "file__coming";
  line.append(say("file_coming", { name: file.name }), bar);
  bar.setAttribute("aria-label", line.textContent);
  list.parentElement.insertBefore(line, list.nextSibling);

  const began = Date.now(), body = new FormData();
  body.append("file", file, file.name);
  body.append("role", input.dataset.upload);
  const request = new XMLHttpRequest();
  request.open("POST", "/files");
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("HX-Request-Type", "partial");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    if (request.status === 200) {
      line.remove();
      arrive(input, list, request.response, typed < began);
    } else if (request.status === 422) line.innerHTML = request.response;
    else {
      line.textContent = say("file_failed", { name: file.name });
      announce(line.textContent);
    }
  });
  request.send(body);
}

function arrive(input, list, html, mayFocus) {
  const part = document.createRange().createContextualFragment(html);
  const line = part.firstElementChild;
  if (input.dataset.upload === "picture") list.replaceChildren(part);
  else {
    const box = line.querySelector("[type=checkbox]");
    const before = document.getElementById(box.id)?.closest(".file");
    if (before) before.replaceWith(part);
    else list.append(part);
    settle(line);
  }
  list.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const words = line.querySelector("input:not([type])") ?? input.form.elements[`${input.name}_alt`];
  if (mayFocus && words?.matches?.("input")) words.focus();
  announce(say(words?.matches?.("input") ? "file_asks" : "file_here"));
}

function settle(line) {
  if (settled.has(line)) return;
  settled.add(line);
  for (const button of line.querySelectorAll("[data-place-picture]")) {
    button.hidden = !areaFor(button.form);
    button.addEventListener("click", () => place(button, line));
  }
}

function place(button, line) {
  const area = areaFor(button.form);
  const end = area.value.indexOf("\n", cursor?.area === area ? cursor.at : area.value.length);
  const at = end < 0 ? area.value.length : end; // a picture stands between paragraphs
  const alt = line.querySelector("input:not([type])").value.replace(/[[\]\\]/g, "\\$&");
  const before = area.value.slice(0, at);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  put(area, `${gap}![${alt}](${button.dataset.placePicture})\n\n`, at, at);
}

function areaFor(form) {
  return form?.querySelector("[data-prose]");
}

document.addEventListener("keydown", () => (typed = Date.now()));
document.addEventListener("focusout", (event) => {
  const area = areaOf(event.target);
  if (area) cursor = { area, at: area.selectionEnd };
});

bind("[data-upload]", (input) => {
  input.form.querySelectorAll("[data-plain]").forEach((plain) => (plain.hidden = true));
  input.addEventListener("change", () => {
    take(input, [...input.files]);
    input.value = "";
  });
});
bind(".file", settle);

// Files only: what else is dropped or pasted stays text, as the browser has it.
const uploadAt = (event) => areaOf(event.target)?.form?.querySelector("[data-upload=files]");
function carry(event, data) {
  const input = uploadAt(event), files = [...data.files];
  if (!input || !files.length) return;
  event.preventDefault();
  take(input, files);
}

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files") || !uploadAt(event)) return;
  event.preventDefault();
  areaOf(event.target).classList.add("takes-files");
});
for (const name of ["dragleave", "drop"]) {
  document.addEventListener(name, (event) => areaOf(event.target)?.classList.remove("takes-files"));
}
document.addEventListener("drop", (event) => carry(event, event.dataTransfer));
document.addEventListener("paste", (event) => {
  if (!event.clipboardData.types.includes("text/plain")) carry(event, event.clipboardData);
});
