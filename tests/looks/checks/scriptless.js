// What cannot be done where no script runs: read in a browser without one.
() => {
  const said = new Set(), isShown = each => each.checkVisibility({ visibilityProperty: true });
  const say = (sentence, each) => said.add(`${sentence}: ${each.outerHTML.slice(0, 120)}`);
  const asks = ["get", "post", "put", "patch", "delete"].map(verb => `[hx-${verb}]`).join();
  const sends = each => each.matches("button:not([type]), button[type=submit], input[type=submit], input[type=image]");
  for (const each of document.querySelectorAll(asks)) {
    if (each.closest("[hidden], template")) continue;
    const isOfForm = each.form?.action || each.closest("form[action]"); // which has a button of its own: see below
    const works = each.matches("a[href], form[action]") || isOfForm || each.querySelector("a[href]");
    if (!works) say("only htmx does this", each);
  }
  for (const each of document.querySelectorAll("a, [role=button]")) {
    const leads = each.getAttribute("href");
    if (isShown(each) && (leads === null || leads === "#" || leads.startsWith("javascript:"))) say("leads nowhere", each);
  }
  for (const each of document.querySelectorAll("button[type=button], button:not([form]):not(form *)")) {
    const works = each.popoverTargetElement || (each.hasAttribute("commandfor") && each.command);
    if (isShown(each) && !works) say("does nothing without a script", each);
  }
  for (const form of document.forms) {
    if (isShown(form) && ![...form.elements].some(each => sends(each) && isShown(each))) say("no button to send it", form);
  }
  return [...said];
}
