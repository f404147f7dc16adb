// [role=toolbar] above a text area: buttons that write Markdown, one Tab stop for all, arrow keys between them.
// In the area: Ctrl or Cmd with B, I or K; with Enter, from any field of its form, it is sent.
import { bind } from "../bind.js";
import { areaOf, put } from "../text.js";

const KEYS = { b: "bold", i: "italic", k: "link" };
const LINES = {
  heading: [/^#{1,6} /, () => "## "],
  quote: [/^> ?/, () => "> "],
  list: [/^[-*] /, () => "- "],
  numbers: [/^\d+[.)] /, (n) => `${n + 1}. `],
};

function wrap(area, mark) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const inside = value.slice(from, to);
  const [, before, words, after] = inside.match(/^(\s*)(.*?)(\s*)$/s);
  const isBold = (at) => mark === "*" && (value.slice(at - 2, at) === "**" || value.slice(at, at + 2) === "**");
  if (value.slice(from - mark.length, from) === mark && value.slice(to, to + mark.length) === mark && !isBold(to)) {
    put(area, inside, from - mark.length, to + mark.length);
    area.setSelectionRange(from - mark.length, to - mark.length);
    return;
  }
  put(area, `${before}${mark}${words}${mark}${after}`);
  const start = from + before.length + mark.length;
  area.setSelectionRange(start, start + words.length);
}

function lines(area, [found, prefix]) {
  const { selectionStart, selectionEnd, value } = area;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = value.indexOf("\n", selectionEnd);
  const to = end < 0 ? value.length : end;
  const all = value.slice(from, to).split("\n");
  const isMade = all.every((line) => found.test(line));
  const bare = all.map((line) => Object.values(LINES).reduce((left, [other]) => left.replace(other, ""), line));
  const made = isMade ? all.map((line) => line.replace(found, "")) : bare.map((line, n) => prefix(n) + line);
  const gap = isMade || from === 0 || value.slice(from - 2, from) === "\n\n" || found.test(lineBefore(value, from));
  const text = made.join("\n");
  put(area, (gap ? "" : "\n") + text, from, to);
  if (selectionStart < selectionEnd) area.setSelectionRange(area.selectionEnd - text.length, area.selectionEnd);
}

function lineBefore(value, at) {
  return value.slice(value.lastIndexOf("\n", at - 2) + 1, at - 1);
}

function link(area) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const words = value.slice(from, to);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  put(area, isAddress ? `[](${words})` : `[${words}](https://)`);
  if (isAddress || !words) area.setSelectionRange(from + 1, from + 1);
  else area.setSelectionRange(from + words.length + 3, from + words.length + 11);
}

function mention(area) {
  const before = area.value.slice(0, area.selectionStart);
  put(area, /[\w@/.]$/.test(before) ? " @" : "@");
}

const TOOLS = {
  bold: (area) => wrap(area, "**"),
  italic: (area) => wrap(area, "*"),
  link,
  mention,
  file: (area) => uploadOf(area)?.click(),
};

function use(name, area) {
  if (name in LINES) lines(area, LINES[name]);
  else TOOLS[name](area);
}

function uploadOf(area) {
  return area.form?.querySelector("[data-upload=files]");
}

function settle(bar) {
  const area = document.getElementById(bar.getAttribute("aria-controls"));
  if (!area) return;
  if (!uploadOf(area)) bar.querySelector("[data-tool=file]").remove();
  const tools = [...bar.children];
  tools.forEach((tool, n) => (tool.tabIndex = n ? -1 : 0));
  bar.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]");
    if (tool) use(tool.dataset.tool, area);
  });
  bar.addEventListener("focusin", (event) => tools.forEach((tool) => (tool.tabIndex = tool === event.target ? 0 : -1)));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = tools.indexOf(document.activeElement);
    const next = step ? at + step : { Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    tools.at(next % tools.length).focus();
  });
  bar.inert = false;
}

bind(".tools", settle);

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-one-line]")) event.preventDefault();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
  const area = areaOf(event.target);
  if (event.key === "Enter" && event.target.form?.querySelector("[data-prose]") && !event.target.matches("button")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  } else if (area && !event.shiftKey && KEYS[event.key.toLowerCase()]) {
    event.preventDefault();
    use(KEYS[event.key.toLowerCase()], area);
  }
});
