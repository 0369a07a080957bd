// Leave this page: replaces the page in history; Shift three times within five seconds does the same. Without scripts the links still work.
(function () {
  "use strict";
  var link = document.querySelector("[data-leave]");
  if (!link) return;
  var presses = [];
  function leave(event) {
    if (event) event.preventDefault();
    document.documentElement.classList.add("left");
    document.title = "Loading";
    window.location.replace(link.href);
  }
  document.querySelectorAll("[data-leave]").forEach(function (each) {
    each.addEventListener("click", leave);
  });
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    var now = Date.now();
    presses = presses.filter(function (then) { return now - then < 5000; }).concat(now);
    if (presses.length >= 3) leave();
  });
  // Coming back by the back button shows the page again.
  window.addEventListener("pageshow", function () { document.documentElement.classList.remove("left"); });
})();
