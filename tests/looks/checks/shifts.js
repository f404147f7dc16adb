// What has moved since the page was first painted, and by how much.
async () => {
  await document.fonts.ready;
  const found = [], observer = new PerformanceObserver(list => found.push(...list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
  found.push(...observer.takeRecords());
  const moved = ({ sources }) => sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80));
  return found.map(entry => `${entry.value}: ${moved(entry).join(", ")}`);
}
