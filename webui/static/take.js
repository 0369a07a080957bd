// Shows what a form would give while it is filled in: the page that the form asks for is fetched and its part swapped in. Without
// scripts the button of the form does the same. A link with data-slow says that a long work is going on.
(function () {
  "use strict";
  document.querySelectorAll("form[data-live]").forEach(function (form) {
    var timer = null, asking = null, part = form.dataset.live;

    function ask() {
      if (asking) asking.abort();
      asking = new AbortController();
      var address = form.getAttribute("action").split("?")[0] + "?" + new URLSearchParams(new FormData(form));
      document.querySelector(part).setAttribute("aria-busy", "true");
      fetch(address, { signal: asking.signal }).then(function (answer) { return answer.text(); }).then(function (text) {
        var next = new DOMParser().parseFromString(text, "text/html").querySelector(part), now = document.querySelector(part);
        if (next) now.replaceChildren.apply(now, next.childNodes);
        now.removeAttribute("aria-busy");
      }).catch(function (fault) {
        if (fault.name !== "AbortError") document.querySelector(part).removeAttribute("aria-busy");
      });
    }

    form.addEventListener("change", function (event) {
      if (event.target.name === "find" && !event.target.value) return;
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
  });
})();
