"use strict";
// Without this the page is whole: cards open one by one, and each question shows its answer. Nothing is stored or sent.
for (const part of document.querySelectorAll(".scripted, form.choice button")) part.hidden = false;
for (const form of document.querySelectorAll("form.choice")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input:checked");
    const told = form.querySelector(".feedback");
    if (!chosen) {
      told.className = "feedback other";
      told.textContent = "Choose one of them first.";
      return;
    }
    const fits = chosen.dataset.right === "yes";
    told.className = "feedback " + (fits ? "fits" : "other");
    told.textContent = (fits ? "This fits. " : "This one does not fit. ") + (chosen.dataset.told === "Yes." ? "" : chosen.dataset.told);
  });
}
const deck = document.querySelector(".deck");
if (deck) {
  const cards = [...deck.querySelectorAll(".card")];
  const where = document.getElementById("where");
  const all = document.getElementById("all");
  let at = 0;
  const show = (place, focus) => {
    at = (place + cards.length) % cards.length;
    cards.forEach((card, number) => {
      card.classList.toggle("shown", number === at);
      if (number === at) card.open = false;
    });
    where.textContent = "Card " + (at + 1) + " of " + cards.length;
    if (focus) cards[at].querySelector("summary").focus();
  };
  deck.classList.add("one");
  show(0, false);
  document.getElementById("previous").addEventListener("click", () => show(at - 1, false));
  document.getElementById("next").addEventListener("click", () => show(at + 1, false));
  all.addEventListener("click", () => {
    const one = deck.classList.toggle("one");
    all.textContent = one ? "Show all cards" : "Show one card";
  });
  deck.addEventListener("keydown", (event) => {
    if (!deck.classList.contains("one")) return;
    if (event.key === "ArrowRight") show(at + 1, true);
    else if (event.key === "ArrowLeft") show(at - 1, true);
    else return;
    event.preventDefault();
  });
}
