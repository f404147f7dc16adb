// [data-theme-choice]: radio buttons "system", "light" and "dark"; kept on this device.
const root = document.documentElement;

export function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage is closed to us; the choice holds for this page.
  }
}

for (const choice of document.querySelectorAll("[data-theme-choice]")) {
  const chosen = choice.querySelector(`[value="${root.dataset.theme ?? "system"}"]`);
  if (chosen) chosen.checked = true;
  choice.addEventListener("change", (event) => choose(event.target.value));
  choice.hidden = false;
}
