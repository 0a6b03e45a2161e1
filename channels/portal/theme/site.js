/* Comforts only: the page reads without this. Adds the buttons that need a script: print, copy the address. */
"use strict";
(() => {
  const list = document.querySelector(".share");
  if (!list) return;
  const add = (text, action) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => action(button));
    list.appendChild(document.createElement("li")).append(button);
  };
  // Pictures further down load when they come near; on paper all of them are near.
  const hurry = () => [...document.querySelectorAll(".item img[loading=lazy]")].map((one) => {
    one.loading = "eager";
    return one.decode();
  });
  window.addEventListener("beforeprint", hurry);
  add(list.dataset.print, async () => {
    await Promise.allSettled(hurry());
    window.print();
  });
  const link = document.querySelector("link[rel=canonical]");
  if (link && navigator.clipboard) {
    add(list.dataset.copy, async (button) => {
      await navigator.clipboard.writeText(link.href);
      button.textContent = list.dataset.copied;
    });
    const plain = list.querySelector(".address");
    if (plain) plain.remove();
  }
})();
