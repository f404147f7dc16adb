// What does not fit any more when somebody spaces text as WCAG 1.4.12 lets them.
() => {
  const sheet = new CSSStyleSheet(), root = document.documentElement, said = [];
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const isUnseen = each => {
    for (let at = each; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)") return true;
    return !each.checkVisibility({ visibilityProperty: true });
  };
  if (root.scrollWidth > innerWidth) said.push(`${root.scrollWidth} px wide`);
  for (const each of document.querySelectorAll("body *")) {
    const style = getComputedStyle(each);
    const isCut = name => ["hidden", "clip"].includes(style[name]);
    const overX = isCut("overflowX") && each.scrollWidth > each.clientWidth + 1;
    const overY = isCut("overflowY") && each.scrollHeight > each.clientHeight + 1;
    const isText = each.innerText?.trim() && !each.matches("svg *, textarea, input, select");
    const isCutOnPurpose = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    if (isText && !isCutOnPurpose && (overX || overY) && !isUnseen(each)) said.push(`cut off: ${each.outerHTML.slice(0, 100)}`);
    if (each.matches("button, .button, select") && !isUnseen(each) && each.scrollWidth > each.clientWidth + 1) {
      said.push(`too narrow for its words: ${each.outerHTML.slice(0, 100)}`);
    }
  }
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter(each => each !== sheet);
  return said;
}
