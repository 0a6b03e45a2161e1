// The monitor's live list. Without it the page is whole, and "Tải lại" does the same.
"use strict";
(() => {
  const list = document.getElementById("rows"), told = document.getElementById("live");
  if (!list || !told || !window.EventSource) return;
  const most = 40, trouble = ["failed", "in_doubt", "held"];
  let renewing = false;

  const tell = () => {
    if (!told.hidden) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = told.dataset.words;
    told.replaceChildren(link);
    told.hidden = false;
  };

  const fits = (row) => {
    const want = list.dataset;
    return (!want.unit || want.unit === row.unit) && (!want.area || row.areas.includes(want.area))
      && (!want.channel || want.channel === row.channel) && (!want.view || want.view === row.view);
  };

  const show = (row) => {
    const old = list.querySelector(`[data-id="${Number(row.id)}"]`);
    if (!fits(row)) { if (old) old.remove(); return; }
    const frame = document.createElement("template");
    frame.innerHTML = row.html;
    const made = frame.content.querySelector("li");
    if (!made) return;
    made.classList.add("fresh");
    if (old && old.contains(document.activeElement)) { old.replaceWith(made); made.querySelector("a").focus(); }
    else { if (old) old.remove(); list.prepend(made); }
    while (list.children.length > most && !list.lastElementChild.contains(document.activeElement)) list.lastElementChild.remove();
  };

  const count = (counts) => {
    let worse = false;
    for (const cell of document.querySelectorAll("[data-count]")) {
      const [channel, view] = cell.dataset.count.split(":"), number = (counts[channel] || {})[view] || 0;
      const shown = cell.querySelector("a, span") || cell;
      if (Number(shown.textContent) === number) continue;
      worse = worse || trouble.includes(view);
      shown.textContent = number;
      const label = shown.getAttribute("aria-label");
      if (label) shown.setAttribute("aria-label", label.replace(/^\d+/, number));
    }
    return worse;
  };

  // What stands above the list changes seldom; many open pages must not all ask at once.
  const renew = () => {
    if (renewing) return;
    renewing = true;
    setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (!answer.ok || answer.redirected) return tell();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ["now", "glance", "stuck-list"]) {
          const here = document.getElementById(id), there = page.getElementById(id);
          if (here && there && !here.contains(document.activeElement)) here.replaceChildren(...there.childNodes);
        }
      } catch { tell(); } finally { renewing = false; }
    }, 2000 + Math.random() * 8000);
  };

  const source = new EventSource("/dong-su-kien");
  source.addEventListener("xin-chao", (event) => { if (event.data !== told.dataset.stamp) tell(); });
  source.addEventListener("tai-lai", tell);
  source.addEventListener("thay-doi", (event) => {
    const news = JSON.parse(event.data);
    if (news.rows.length) told.dataset.stamp = news.stamp || told.dataset.stamp;
    if (count(news.counts)) renew();
    if (list.dataset.live) news.rows.forEach(show); else if (news.rows.length) tell();
  });
})();
