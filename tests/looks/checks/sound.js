// What makes a page unsound, and what does not fit into its window.
() => {
  const said = [], all = query => [...document.querySelectorAll(query)], root = document.documentElement;
  const titles = all("h1"), ids = all("[id]").map(element => element.id);
  if (titles.length !== 1) said.push(`${titles.length} h1`);
  if (!document.title.trim()) said.push("no title");
  said.push(...ids.filter((id, n) => ids.indexOf(id) !== n).map(id => `twice the id ${id}`));
  if (root.scrollWidth > innerWidth) said.push(`${root.scrollWidth} px wide`);
  for (const each of all("input:not([type=hidden]), select, textarea, button")) {
    const labels = [...each.labels ?? []].map(label => label.textContent).join("");
    const name = labels || each.getAttribute("aria-label") || (each.matches("button") && each.textContent);
    if (!name || !name.trim()) said.push(`no label: ${each.outerHTML.slice(0, 80)}`);
  }
  said.push(...all("img:not([alt])").map(each => `no words for ${each.src}`));
  for (const each of all("h1, h2, h3, h4, h5, h6, a[href]")) {
    const words = each.textContent.trim() || each.getAttribute("aria-label") || each.querySelector("img[alt]")?.alt;
    if (!words && !each.closest("[aria-hidden=true]")) said.push(`without words: ${each.outerHTML.slice(0, 80)}`);
  }
  let above = 1;
  for (const each of all("main :is(h1, h2, h3, h4, h5, h6)")) {
    const level = Number(each.tagName[1]);
    if (level > above + 1) said.push(`h${level} under h${above}: ${each.textContent.trim().slice(0, 40)}`);
    above = level;
  }
  return said;
}
