// Shortcuts for reviewing; the page "Trợ giúp" lists them and switches them off. Every one of them has a link or a button.
"use strict";
(() => {
  const kept = "bantin-phim", off = () => { try { return localStorage.getItem(kept) === "tat"; } catch { return false; } };
  const rows = () => [...document.querySelectorAll("main [data-row]")].filter((one) => one.offsetParent);
  const here = () => document.activeElement && document.activeElement.closest("[data-row]");

  const step = (way) => {
    const all = rows();
    if (!all.length) return press(way > 0 ? "main a[rel=next]" : "main a[rel=prev]");
    const place = all.indexOf(here());
    const next = all[place < 0 ? 0 : Math.min(Math.max(place + way, 0), all.length - 1)];
    next.focus();
    next.closest("li").scrollIntoView({ block: "nearest" });
    return true;
  };
  const press = (wanted) => {
    const found = document.querySelector(wanted);
    if (found) found.click();
    return Boolean(found);
  };
  const go = (place) => { location.assign(place); return true; };
  const search = () => {
    const field = document.querySelector("main input[type=search]");
    if (!field) return go("/#tim");
    field.focus();
    field.select();
    return true;
  };
  const open = () => { const row = here() || rows()[0]; if (row) row.click(); return Boolean(row); };
  const decide = (key) => press(`main button[data-key="${key}"]`) || Boolean(here() && open());

  const deeds = {
    j: () => step(1), k: () => step(-1), o: open, a: () => decide("a"), r: () => decide("r"), t: () => decide("t"),
    u: () => press("main .back a"), "/": search, "?": () => go("/tro-giup"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key) || off()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const deed = Object.hasOwn(deeds, event.key) && deeds[event.key];
    if (deed && deed()) event.preventDefault();
  });
  if (location.hash === "#tim") search();

  const choice = document.getElementById("phim");
  if (choice) {
    choice.closest("[hidden]").hidden = false;
    choice.checked = !off();
    choice.addEventListener("change", () => { localStorage.setItem(kept, choice.checked ? "bat" : "tat"); });
  }
})();
