// Findings while one types. Without scripts the button "Kiểm tra" does the same.
"use strict";
const form = document.getElementById("compose"), live = document.getElementById("live");
let timer = 0, number = 0;
const ask = async () => {
  const mine = ++number, data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  try {
    const answer = await fetch("/kiem-tra", { method: "POST", body: data });
    if (!answer.ok || mine !== number) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    live.replaceChildren(...page.body.childNodes);
    document.getElementById("tally").textContent = live.querySelectorAll(".findings > li").length;
  } catch { /* the desk is away; the next key may find it */ }
};
form.addEventListener("input", event => {
  if (event.target.type === "file") return;
  clearTimeout(timer);
  timer = setTimeout(ask, 600);
});
// A picture needs words for those who cannot see it.
for (const [file, words] of [["f-cover_file", "f-cover_alt"], ["f-picture_file", "f-picture_alt"]]) {
  document.getElementById(file).addEventListener("change", event => {
    document.getElementById(words).required = event.target.files.length > 0;
  });
}
