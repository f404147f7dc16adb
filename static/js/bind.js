// Does something with each element of a kind, once: on the page as it comes, and when htmx has put in more.
export function bind(selector, settle) {
  const known = new WeakSet();
  const all = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (known.has(element)) continue;
      known.add(element);
      settle(element);
    }
  };
  document.addEventListener("htmx:after:swap", all);
  all();
}
