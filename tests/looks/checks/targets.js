// Which controls are too small to be hit with a finger. Controls are 44 px high, tags and what stands in a margin 28,
// links in sentences, titles and names as tall as their line. What can be hit is measured, not what is drawn.
() => {
  const CONTROL = 44, MARGIN = 28, said = new Set();
  const TITLES = "h1, h2, h3, h4, h5, h6, [class*='__title']", NAMES = "[href^='/people'], [href^='/partners']";
  const controls = "a[href], button, select, textarea, summary, input:not([type=hidden]), [role=button]";
  const hasWords = text => /[\p{L}\p{N}]/u.test(text);
  const isUnseen = each => {
    if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || each.tabIndex < 0) return true;
    for (let at = each; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)") return true;
    return !each.getBoundingClientRect().width;
  };
  const isInText = each => {
    if (each.closest(TITLES)) return true;
    if (getComputedStyle(each).display !== "inline") return false;
    if (each.matches(NAMES)) return true;
    let block = each.parentElement;
    while (getComputedStyle(block).display.startsWith("inline") && block.parentElement) block = block.parentElement;
    const around = document.createRange();
    around.selectNodeContents(block);
    around.setEndBefore(each);
    const before = around.toString();
    around.selectNodeContents(block);
    around.setStartAfter(each);
    return hasWords(before) || hasWords(around.toString());
  };
  const isHit = (each, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (each.contains(hit) || [...each.labels ?? []].some(label => label.contains(hit)));
  };
  const heightOf = (each, wanted) => {
    each.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const line = each.getClientRects()[0], x = line.x + Math.min(line.width / 2, 20), middle = line.y + line.height / 2;
    let above = 0, below = 0;
    while (above < wanted && isHit(each, x, middle - above - 1)) above += 1;
    while (below < wanted && isHit(each, x, middle + below)) below += 1;
    return above + below;
  };
  for (const each of document.querySelectorAll(controls)) {
    if (isUnseen(each)) continue;
    const style = getComputedStyle(each), line = parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.2;
    const wanted = isInText(each) ? line : each.closest(".tags, .margin-note") ? MARGIN : CONTROL;
    const height = heightOf(each, wanted);
    if (height < Math.floor(wanted)) said.add(`${height} px high, not ${Math.floor(wanted)}: ${each.outerHTML.slice(0, 100)}`);
  }
  return [...said];
}
