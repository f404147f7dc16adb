// What begins with letters that run from right to left and is set from left to right.
() => {
  const RIGHT_TO_LEFT = /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}]/u, said = [];
  const blocks = "h1, h2, h3, h4, p, li, blockquote, dd, td, textarea, input[type=text], [class*='__title']";
  for (const each of document.querySelectorAll(blocks)) {
    const style = getComputedStyle(each), words = each.value ?? each.innerText;
    const isSet = style.direction === "rtl" || style.unicodeBidi === "plaintext";
    if (RIGHT_TO_LEFT.test(words ?? "") && !isSet && each.checkVisibility()) {
      const inner = [...each.children].some(child => RIGHT_TO_LEFT.test(child.innerText ?? "") && getComputedStyle(child).direction === "rtl");
      if (!inner) said.push(each.outerHTML.slice(0, 120));
    }
  }
  return said;
}
