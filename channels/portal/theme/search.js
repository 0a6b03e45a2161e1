/* Looks through the search index month by month, newest first, in the reader's browser; nothing is sent anywhere.
   An entry: p address, t title, s summary, u unit, k kind, a areas, d date, b other words (folded). */
"use strict";
(() => {
  const BATCH = 400; // entries to read before showing what was found
  const ENOUGH = 10; // hits; with fewer, older months are read at once
  const form = document.querySelector("form[data-index]");
  const status = document.querySelector(".search-status");
  const hits = document.querySelector(".hits");
  const more = document.getElementById("tim-tiep");
  const words = form.dataset;

  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const spaced = (text) => ` ${text.replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  const bare = (text) => spaced(fold(text));
  const exact = (text) => spaced(text.toLowerCase().normalize("NFC"));

  const score = (entry, query) => {
    const title = bare(entry.t), summary = bare(entry.s);
    const all = `${title}${summary}${bare(entry.u)} ${entry.b} `;
    if (!query.list.every((word) => all.includes(` ${word} `))) return 0;
    let found = 1;
    if (query.list.every((word) => title.includes(` ${word} `))) found += 2;
    if (summary.includes(query.bare)) found += 2;
    if (title.includes(query.bare)) found += 4;
    // Marks that were typed are meant: "một cửa sổ" is not "một cửa số".
    if (query.marked && exact(entry.t).includes(query.exact)) found += 3;
    else if (query.marked && exact(entry.s).includes(query.exact)) found += 1;
    return found;
  };

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const shown = (entry) => {
    const item = element("li", `hit tone-${entry.a[0] || "tin"}`);
    const labels = entry.a.map((area) => form.getAttribute(`data-area-${area}`));
    if (entry.k !== "article") labels.unshift(form.getAttribute(`data-kind-${entry.k}`));
    if (labels.length) item.append(element("p", "kicker", labels.join(" · ")));
    const link = element("a", "", entry.t);
    link.href = words.up + encodeURI(entry.p);
    const heading = element("h2", "headline");
    heading.append(link);
    item.append(heading);
    if (entry.s) item.append(element("p", "summary", entry.s));
    item.append(element("p", "meta", `${entry.d.split("-").reverse().join("/")} · ${entry.u}`));
    return item;
  };

  const json = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  };

  let run = 0;
  const search = async (text) => {
    const own = ++run;
    const query = { bare: bare(text), exact: exact(text), marked: fold(text) !== text.toLowerCase().normalize("NFC") };
    query.list = [...new Set(query.bare.trim().split(" ").filter(Boolean))];
    hits.replaceChildren();
    more.hidden = true;
    status.textContent = "";
    if (!query.list.length) return;
    status.textContent = words.reading;
    const found = [];
    let months;
    const show = () => {
      found.sort((one, two) => two.points - one.points || two.entry.d.localeCompare(one.entry.d));
      hits.replaceChildren(...found.map((one) => shown(one.entry)));
      const told = found.length ? words.found : words.none;
      status.textContent = told.replace("{count}", found.length).replace("{words}", text.trim());
      more.hidden = !months.length;
    };
    const next = async () => {
      let read = 0;
      while (months.length && (read < BATCH || found.length < ENOUGH)) {
        const [month, count, version] = months.shift();
        const entries = await json(`${month}.json?v=${version}`);
        if (own !== run) return;
        for (const entry of entries) {
          const points = score(entry, query);
          if (points) found.push({ entry, points });
        }
        read += count;
      }
      show();
    };
    const guarded = async () => {
      try {
        await next();
      } catch {
        if (own === run) status.textContent = words.failed;
      }
    };
    try {
      months = await json(words.index);
    } catch {
      if (own === run) status.textContent = words.failed;
      return;
    }
    more.onclick = guarded;
    await guarded();
  };

  const box = document.getElementById("tu-khoa");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`);
    search(box.value);
  });
  box.value = new URLSearchParams(location.search).get("q") || "";
  if (box.value) search(box.value);
  else box.focus();
})();
