// Runs before the first paint: a page that the reader has chosen dark never flashes white.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us; the page follows the device.
}
