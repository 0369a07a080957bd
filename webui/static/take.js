// Shows what a form would give while it is filled in: the page that the form asks for is fetched and its part swapped in. Without
// scripts the button of the form does the same. A file with data-slow takes some seconds: that it is being made, how much of it has come
// and that it is there is told beside its link; without scripts the link is a plain one.
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

  document.querySelectorAll("a[data-slow]").forEach(function (link) {
    var told = document.createElement("p"), bar = document.createElement("progress"), words = document.createElement("span"), busy = false;
    told.className = "working";
    told.setAttribute("role", "status");
    link.parentNode.after(told);

    function tell(text, working) {
      words.textContent = text;
      told.replaceChildren.apply(told, working ? [bar, words] : [words]);
      busy = working;
    }

    // Reads to the end what comes, and shows how much of it there is as soon as the whole length is known.
    function read(answer) {
      var whole = Number(answer.headers.get("Content-Length")) || 0, reader = answer.body.getReader(), pieces = [], length = 0;
      function next(piece) {
        if (piece.done) return new Blob(pieces);
        pieces.push(piece.value);
        length += piece.value.length;
        if (whole) { bar.max = whole; bar.value = length; }
        return reader.read().then(next);
      }
      return reader.read().then(next);
    }

    link.addEventListener("click", function (event) {
      event.preventDefault();
      if (busy) return;
      bar.removeAttribute("value");
      tell(link.dataset.slow, true);
      fetch(link.href).then(function (answer) {
        if (!answer.ok) return Promise.reject(answer.status);
        var name = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "");
        return read(answer).then(function (file) {
          var save = document.createElement("a");
          save.href = URL.createObjectURL(file);
          save.download = name ? name[1] : "";
          save.click();
          setTimeout(function () { URL.revokeObjectURL(save.href); }, 60000);
          tell(link.dataset.done, false);
        });
      }).catch(function () { tell(link.dataset.failed, false); });
    });
  });
})();
