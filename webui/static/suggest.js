// Suggestions under a search box: the combobox of ARIA 1.2 with a list, after the ARIA Authoring Practices Guide.
// Our own, since accessible-autocomplete 3.0.1 sets style attributes on iPhones, which our Content-Security-Policy refuses, puts
// suggestions into the page as HTML and weighs twelve times as much. The letters go in the body of a POST to this site, so that
// they stand in no address and no log. Without scripts, and in the private search, the box is a plain input.
(function () {
  "use strict";
  var input = document.querySelector("input[data-suggest]");
  if (!input || !window.fetch || !window.AbortController) return;
  var told = input.dataset, kinds = JSON.parse(told.kinds), answered = { barrier: told.barrier, "harm-type": told.harm, "harm-example": told.harm };
  var list = document.createElement("ul"), status = document.createElement("p");
  var shown = [], active = -1, timer = null, asking = null;
  list.id = input.id + "-list";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", told.name);
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  function close() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    shown = [];
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function choose(place) {
    active = place;
    Array.prototype.forEach.call(list.children, function (option, at) { option.setAttribute("aria-selected", String(at === place)); });
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  // A suggestion is the name of one thing: choosing it opens that thing, a barrier or harm with its answers. Enter alone searches.
  function open(place) {
    var one = shown[place], address = answered[one.kind] || told.item;
    close();
    window.location.assign(address.replace("ID", encodeURIComponent(one.id)));
  }

  function show(found) {
    shown = found;
    list.replaceChildren.apply(list, found.map(function (one, at) {
      var option = document.createElement("li"), name = document.createElement("span"), kind = document.createElement("span");
      option.id = input.id + "-option-" + at;
      option.setAttribute("role", "option");
      name.textContent = one.text;
      name.lang = "en";
      kind.className = "kind k-" + (kinds[one.kind] || ["", "word"])[1];
      kind.textContent = (kinds[one.kind] || [one.kind])[0];
      option.append(name, " ", kind);
      return option;
    }));
    choose(-1);
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = found.length ? told.some.replace("NUMBER", found.length) : told.none;
  }

  function ask() {
    var letters = input.value;
    if (letters.trim().length < 2) return close();
    if (asking) asking.abort(); // what is on its way answers other letters
    var mine = asking = new AbortController();
    fetch(told.suggest, { method: "POST", body: new URLSearchParams({ q: letters }), signal: mine.signal, cache: "no-store", credentials: "omit" })
      .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
      .then(function (found) { if (mine === asking && document.activeElement === input) show(found.suggestions); })
      .catch(function () { if (mine === asking) close(); });
  }

  input.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    var down = event.key === "ArrowDown", up = event.key === "ArrowUp";
    if ((down || up) && list.hidden && !event.shiftKey) {
      event.preventDefault();
      ask();
    } else if (down || up) {
      event.preventDefault();
      var places = shown.length + 1; // the input itself is one of them
      choose((active + 1 + (down ? 1 : places - 1)) % places - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      open(active);
    } else if (event.key === "Tab") {
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", function (event) { event.preventDefault(); }); // the focus stays in the box
  list.addEventListener("click", function (event) {
    var option = event.target.closest("[role=option]");
    if (option) open(Array.prototype.indexOf.call(list.children, option));
  });
  input.form.addEventListener("submit", close);
  window.addEventListener("pageshow", close);
})();
