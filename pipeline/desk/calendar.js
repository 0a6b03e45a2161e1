// Dragging a planned delivery to another day or time. It leads to the same page that the form leads to, which asks and keeps
// who did it; without scripts, on a phone and by the keyboard "Đổi giờ" does the same.
"use strict";
(() => {
  const sheet = document.getElementById("move");
  if (!sheet) return;
  let dragged = null;

  const slots = (cell) => {
    const box = document.createElement("div"), clock = dragged.dataset.when.slice(11, 16);
    box.className = "slots";
    const times = [...new Set([clock, ...cell.dataset.slots.split(" ")])].filter(Boolean).sort();
    for (const time of times) {
      const when = `${cell.dataset.day}T${time}`;
      if (when <= sheet.dataset.now || when === dragged.dataset.when) continue;
      const slot = document.createElement("span");
      slot.textContent = time === clock ? `${time} (${sheet.dataset.same})` : time;
      slot.dataset.when = when;
      box.append(slot);
    }
    if (box.children.length) cell.append(box);
  };
  const clear = () => document.querySelectorAll(".slots").forEach((one) => one.remove());

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest("[data-when][draggable]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
    // The page must not change under the pointer before the browser has begun to drag.
    setTimeout(() => document.querySelectorAll(`.cell[data-channel="${dragged && dragged.dataset.channel}"]`).forEach((cell) => dragged && slots(cell)), 0);
  });
  document.addEventListener("dragend", () => { dragged = null; clear(); });
  document.addEventListener("dragover", (event) => {
    const slot = dragged && event.target.closest && event.target.closest(".slots > span");
    document.querySelectorAll(".slots > .over").forEach((one) => one.classList.toggle("over", one === slot));
    if (!slot) return;
    slot.classList.add("over");
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("drop", (event) => {
    const slot = dragged && event.target.closest && event.target.closest(".slots > span");
    if (!slot) return;
    event.preventDefault();
    sheet.action = `/tin/${encodeURIComponent(dragged.dataset.item)}/lam`;
    sheet.elements.channel.value = dragged.dataset.channel;
    sheet.elements.when.value = slot.dataset.when;
    sheet.requestSubmit(sheet.querySelector("button"));
  });
  document.querySelectorAll("[data-when][data-channel]").forEach((one) => { one.draggable = true; });
})();
