// The drop box with scripts: drag and drop, a list to take files out of again, and progress. Without scripts the plain form does the same.
"use strict";
const form = document.getElementById("drop");
if (form) {
  const input = document.getElementById("files"), zone = document.getElementById("zone");
  const list = document.getElementById("chosen"), progress = document.getElementById("progress");
  const bar = document.getElementById("bar"), words = progress.querySelector("label");
  let files = [];
  const size = bytes => bytes < 1e6 ? Math.ceil(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1).replace(".", ",") + " MB";
  const show = () => {
    const all = new DataTransfer();
    files.forEach(file => all.items.add(file));
    input.files = all.files;
    list.replaceChildren(...files.map(file => {
      const row = document.createElement("li"), out = document.createElement("button");
      row.textContent = file.name + " · " + size(file.size) + " ";
      out.type = "button";
      out.textContent = form.dataset.remove;
      out.setAttribute("aria-label", form.dataset.remove + ": " + file.name);
      out.addEventListener("click", () => { files = files.filter(one => one !== file); show(); input.focus(); });
      row.append(out);
      return row;
    }));
  };
  const add = more => {
    const names = new Set([...more].map(file => file.name));
    files = [...files.filter(file => !names.has(file.name)), ...more];
    show();
  };
  zone.hidden = false;
  input.addEventListener("change", () => add([...input.files]));
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, event => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", event => {
    event.preventDefault();
    zone.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  // A file that misses the zone must not replace the page.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, event => event.preventDefault());
  const tell = text => { progress.hidden = false; words.textContent = text; };
  form.addEventListener("submit", event => {
    event.preventDefault();
    const request = new XMLHttpRequest(), button = form.querySelector("button.main");
    button.disabled = true;
    tell(form.dataset.sending);
    request.upload.addEventListener("progress", step => {
      if (step.lengthComputable) bar.value = 100 * step.loaded / step.total;
    });
    request.upload.addEventListener("load", () => tell(form.dataset.checking));
    request.addEventListener("error", () => { button.disabled = false; tell(form.dataset.lost); });
    request.addEventListener("load", () => {
      if (request.status === 200 && request.responseURL !== form.action) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const alarm = page.querySelector("#drop") && page.querySelector("main .alarm");
      if (!alarm) { document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main"))); document.querySelector("h1").scrollIntoView(); return; }
      document.querySelectorAll("main > .alarm").forEach(one => one.remove());
      form.before(document.adoptNode(alarm));
      progress.hidden = true;
      button.disabled = false;
      document.querySelector("main > .alarm").scrollIntoView({ block: "center" });
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
// Until intake has looked, ask again now and then.
const again = () => {
  if (!document.querySelector("[data-wait]")) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
      }
    } catch { /* the desk is away; the next try may find it */ }
    again();
  }, 10000);
};
again();
