"use strict";
// What the page says is all there without this: it adds the choice between light and dark, filters, copied links, and unfolds
// what is folded for the printer.
(() => {
  const root = document.documentElement;
  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const remember = (value) => { try { localStorage.setItem("driftline-theme", value); } catch { /* files may have no storage */ } };
  const remembered = () => { try { return localStorage.getItem("driftline-theme"); } catch { return null; } };

  // Light or dark: as the system says until someone chooses.
  const themes = ["auto", "light", "dark"];
  const button = make("button", { type: "button", className: "theme" });
  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    button.textContent = "Theme: " + theme;
  };
  let theme = themes.includes(remembered()) ? remembered() : "auto";
  show(theme);
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    remember(theme);
    show(theme);
  });
  document.querySelector(".top").append(button);

  // Filters.
  const findings = [...document.querySelectorAll(".f")];
  const said = make("output", { className: "said" });
  said.setAttribute("aria-live", "polite");
  const names = (id) => [...document.getElementById(id).options].map((option) => option.value);
  const groups = [...document.querySelectorAll(".group, #older, #resolved")]
    .map((section) => ({ section, own: [...section.querySelectorAll(".f")], fold: section.querySelector(".fold") }));
  const counts = (key) => {
    const known = new Map();
    for (const finding of findings) known.set(finding.dataset[key], (known.get(finding.dataset[key]) || 0) + 1);
    return known;
  };
  const form = make("form", { className: "filters" });
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter findings");
  const field = (label, control) => form.append(make("label", {}, label, control));
  const severities = make("div", { className: "boxes" });
  const known = counts("s");
  for (const level of ["error", "warning", "note"].filter((level) => known.has(level))) {
    const box = make("input", { type: "checkbox", name: "s", value: level, checked: true, defaultChecked: true });
    severities.append(make("label", {}, box, `${level} ${known.get(level)}`));
  }
  form.append(make("fieldset", {}, make("legend", { textContent: "Severity" }), severities));
  const select = (label, key) => {
    const known = [...counts(key)].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const options = known.map(([value, count]) => make("option", { value, textContent: `${value} (${count})` }));
    if (known.length > 1) field(label, make("select", { name: key }, make("option", { value: "", textContent: "all" }), ...options));
  };
  select("Status", "t");
  select("Layer", "l");
  select("Rule", "r");
  const lists = { e: names("entities"), o: names("operations") };
  const offer = (label, key, id) => {
    if (!lists[key].length) return;
    const input = make("input", { name: key, type: "search", autocomplete: "off" });
    input.setAttribute("list", id);
    field(label, input);
  };
  offer("Entity", "e", "entities");
  offer("Operation", "o", "operations");
  field("Text", make("input", { name: "q", type: "search", autocomplete: "off" }));
  form.append(make("button", { type: "reset", textContent: "Clear" }), said);

  const texts = new Map();
  const text = (finding) => {
    if (!texts.has(finding)) texts.set(finding, finding.textContent.toLowerCase());
    return texts.get(finding);
  };
  // The numbers of the names that contain the words; null when nothing is asked.
  const asked = (key) => {
    const words = (form.elements[key]?.value || "").trim().toLowerCase();
    if (!words) return null;
    const exact = lists[key].findIndex((name) => name.toLowerCase() === words);
    if (exact >= 0) return new Set([String(exact)]);
    return new Set(lists[key].flatMap((name, at) => (name.toLowerCase().includes(words) ? [String(at)] : [])));
  };
  const filter = () => {
    const levels = new Set([...form.querySelectorAll("[name=s]:checked")].map((box) => box.value));
    const chosen = ["t", "l", "r"].map((key) => [key, form.elements[key]?.value]).filter(([, value]) => value);
    const within = ["e", "o"].map((key) => [key, asked(key)]).filter(([, numbers]) => numbers);
    const words = form.elements.q.value.trim().toLowerCase();
    const passes = (finding) => levels.has(finding.dataset.s)
      && chosen.every(([key, value]) => finding.dataset[key] === value)
      && within.every(([key, numbers]) => (finding.dataset[key] || "").split(" ").some((number) => numbers.has(number)))
      && (!words || text(finding).includes(words));
    let shown = 0;
    const narrowed = chosen.length || within.length || words;
    for (const { section, own, fold } of groups) {
      let any = 0;
      for (const finding of own) {
        const hide = !passes(finding);
        if (finding.hidden !== hide) finding.hidden = hide;
        any += !hide;
      }
      shown += any;
      section.hidden = any === 0;
      if (fold && narrowed) fold.open = any > 0;
    }
    said.textContent = shown === findings.length ? `All ${shown} findings are shown.` : `${shown} of ${findings.length} findings are shown.`;
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter, 0));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  if (findings.length > 1) {
    document.querySelector("#findings h2").after(form);
    filter();
  }

  // What is linked to shows, whatever is filtered or folded.
  const reveal = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* as it is */ }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); filter(); }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // A click on the sign of a finding copies its link; the link itself works as links do.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".self");
    if (!link || !navigator.clipboard) return;
    navigator.clipboard.writeText(link.href).then(() => { said.textContent = "The link is copied."; }, () => {});
  });

  // Paper cannot be unfolded.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of closed) fold.open = false; });
})();
