// The sentences of the scripts, in the reader's language: templates/layouts/_words.html holds them.
const words = JSON.parse(document.getElementById("words").textContent);

export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (whole, value) => values[value] ?? whole);
}
