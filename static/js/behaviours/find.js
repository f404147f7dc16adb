// [data-find]: a link to the search page; where the page has a box of its own, it opens that instead.
export function find() {
  const box = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
  if (!box) return false;
  const sheet = box.closest("[popover]");
  if (!box.checkVisibility()) sheet?.showPopover?.();
  if (!box.checkVisibility()) return false;
  box.focus();
  box.select();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-find]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (find() !== false) event.preventDefault();
});

// What is asked for is on the page already: asking again would only put the same page before Back.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/search") return;
  const there = new URL(form.action);
  there.search = new URLSearchParams(new FormData(form));
  if (there.href === location.href) event.preventDefault();
});
