// Leave this page, after the GOV.UK pattern: covers the page at once, then replaces it in history. Shift pressed three times, each within
// five seconds of the one before, does the same and tells the count. Without scripts the links still work.
(function () {
  "use strict";
  var link = document.querySelector(".leave");
  if (!link) return;
  var lights = link.querySelectorAll(".lights i");
  var status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.appendChild(status);
  var title = document.title, veil = null, presses = 0, withOther = false, timer = null;

  function show(count) {
    presses = count;
    link.classList.toggle("counting", count > 0);
    lights.forEach(function (light, at) { light.classList.toggle("on", at < count); });
  }

  function cover() {
    if (veil) return;
    veil = document.createElement("div");
    veil.className = "veil";
    veil.setAttribute("role", "alert");
    document.body.appendChild(veil);
    document.documentElement.classList.add("left");
    veil.textContent = link.dataset.loading; // after it is in the page, so that it is announced
    document.title = link.dataset.loading;
  }

  function uncover() {
    if (veil) veil.remove();
    veil = null;
    document.documentElement.classList.remove("left");
    document.title = title;
    status.textContent = "";
    clearTimeout(timer);
    show(0);
  }

  function leave(event) {
    if (event) event.preventDefault();
    clearTimeout(timer);
    cover();
    window.location.replace(link.href);
  }

  function expire() {
    show(0);
    status.textContent = link.dataset.expired;
    timer = setTimeout(function () { status.textContent = ""; }, 5000);
  }

  document.querySelectorAll("[data-leave]").forEach(function (each) { each.addEventListener("click", leave); });
  document.addEventListener("keyup", function (event) {
    // Shift held for a capital gives two events, the letter with shiftKey and then Shift: that Shift does not count.
    if (event.key === "Shift" && !withOther) {
      clearTimeout(timer);
      show(presses + 1);
      if (presses >= 3) return leave();
      status.textContent = presses === 1 ? link.dataset.twoMore : link.dataset.oneMore;
      timer = setTimeout(expire, 5000);
    } else if (presses) {
      clearTimeout(timer);
      status.textContent = "";
      show(0);
    }
    withOther = event.shiftKey && event.key !== "Shift";
  }, true);
  // Coming back by the back button shows the page again.
  window.addEventListener("pageshow", uncover);
})();
