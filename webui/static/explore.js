// The moving picture of the explore view. Every power is a link or a button of the page, which works without this file: here they are
// taken, the page of the next state is fetched, its parts are swapped in, and the picture (vis-network, places from the server) follows.
(function () {
  "use strict";
  var host = document.getElementById("ex-canvas");
  if (!host) return;
  if (!window.vis) return document.getElementById("ex-still").classList.add("shown");
  var words = host.dataset, page = words.page, doc = document.documentElement;
  var kinds = {};
  words.kinds.split("|").forEach(function (pair) { var at = pair.split("="); kinds[at[0]] = at[1]; });
  var SHAPES = { barrier: "triangle", harm: "triangleDown", action: "square", ask: "diamond", capacity: "hexagon", resource: "star", word: "dot" };
  var DASHES = { direct: false, contributing: [7, 5] }, DOTS = [2, 4], MANY = 300;
  var nodes = new vis.DataSet(), edges = new vis.DataSet(), network = null;
  var view = null, byId = {}, order = [], at = "", undo = [], busy = null, fitted = true, colours = {}, larger = 1, resting = null, numbered = false;
  var status = document.getElementById("ex-state");

  // ---- what is drawn ----
  function readColours() {
    var style = getComputedStyle(doc);
    ["ink", "muted", "paper", "edge", "focus", "k-barrier", "k-harm", "k-action", "k-ask", "k-capacity", "k-resource", "k-word"].forEach(function (name) {
      colours[name] = style.getPropertyValue("--" + name).trim();
    });
  }

  function toNode(item) {
    var lit = view.path.length, on = view.path.indexOf(item.id) >= 0;
    var colour = colours["k-" + item.colour] || colours.muted;
    return {
      id: item.id, x: item.x, y: item.y, shape: SHAPES[item.family], size: item.size * larger, opacity: lit && !on ? 0.4 : 1,
      color: { background: colour, border: on ? colours.focus : item.start ? colours.ink : colours.paper },
      borderWidth: on || item.start ? 3 : 1.5
    };
  }

  function toEdge(link) {
    var place = view.path.indexOf(link.start), other = view.path.indexOf(link.end);
    var on = place >= 0 && other >= 0 && Math.abs(place - other) === 1, out = link.direction === "out";
    var touches = !view.path.length && view.items.length > 40 && (link.start === at || link.end === at);
    var dashes = link.strength in DASHES ? DASHES[link.strength] : DOTS;
    return {
      id: link.start + " " + link.end, from: out ? link.start : link.end, to: out ? link.end : link.start, dashes: on ? false : dashes,
      width: on ? 5 : touches ? 2 : 1.2, color: { color: on ? colours.focus : touches ? colours.ink : colours.edge, opacity: on || touches ? 1 : view.path.length ? 0.25 : view.links.length > 250 ? 0.35 : 0.7 }
    };
  }

  function renew(set, wanted) {
    var keep = {};
    wanted.forEach(function (each) { keep[each.id] = true; });
    set.remove(set.getIds().filter(function (id) { return !keep[id]; }));
    set.update(wanted);
  }

  function show(next) {
    var before = view && view.chosen, known = byId;
    view = next;
    byId = {};
    view.items.forEach(function (item) {
      byId[item.id] = item;
      item.forms = toForms(item.label);
    });
    numbered = view.address.colour === "community";
    at = byId[view.chosen] ? view.chosen : byId[at] ? at : "";
    sort();
    renew(nodes, view.items.map(toNode));
    renew(edges, view.links.map(toEdge));
    if (!network) begin();
    network.setOptions({ interaction: { hideEdgesOnDrag: view.items.length > MANY, hideEdgesOnZoom: view.items.length > MANY } });
    var found = view.chosen !== before && byId[view.chosen] ? network.canvasToDOM(byId[view.chosen]) : null;
    if (fitted || !seen(known)) fit();
    else if (found && (found.x < 0 || found.y < 0 || found.x > host.clientWidth || found.y > host.clientHeight)) network.moveTo({ position: byId[view.chosen], animation: false });
    else network.redraw();
    enlarge();
    host.dataset.drawn = view.items.length;
  }

  function sort() { // those whose words matter most first: path, chosen item, what it is linked to, starts, then the large ones
    var near = {};
    view.links.forEach(function (link) {
      if (link.start === at) near[link.end] = true;
      if (link.end === at) near[link.start] = true;
    });
    view.items.forEach(function (item) { item.near = near[item.id]; });
    order = view.items.slice().sort(function (a, b) { return rank(b) - rank(a); });
  }

  function rank(item) {
    return (view.path.indexOf(item.id) >= 0 ? 1e6 : 0) + (item.id === at ? 1e5 : 0) + (item.near ? 5e4 : 0) + (item.start ? 1e4 : 0) + item.size * 100 + item.links;
  }

  function seen(known) { // whether some new item can be seen, if there is any
    var fresh = view.items.filter(function (item) { return !known[item.id]; });
    var low = network.DOMtoCanvas({ x: 0, y: 0 }), high = network.DOMtoCanvas({ x: host.clientWidth, y: host.clientHeight });
    return !fresh.length || fresh.some(function (item) { return item.x > low.x && item.x < high.x && item.y > low.y && item.y < high.y; });
  }

  function fit() {
    network.fit({ animation: false, maxZoomLevel: 1.3 });
    var to = network.getScale() * (view.items.length > 60 ? 0.97 : 0.92); // room for words at the rim
    network.moveTo({ scale: to, animation: false });
    fitted = true;
  }

  // Shapes seen from afar are drawn larger, as far as there is room between them.
  function enlarge() {
    var xs = view.items.map(function (item) { return item.x; }), ys = view.items.map(function (item) { return item.y; });
    var room = Math.sqrt((Math.max.apply(null, xs) - Math.min.apply(null, xs)) * (Math.max.apply(null, ys) - Math.min.apply(null, ys)) / view.items.length);
    var wanted = Math.max(1, Math.min(0.7 / network.getScale(), room / 75));
    if (Math.abs(wanted / larger - 1) < 0.15) return;
    larger = wanted;
    nodes.update(view.items.map(function (item) { return { id: item.id, size: item.size * larger }; }));
  }

  // Words keep their size whatever the zoom. They are put below their item or at another side, shortened if need be, where they cover no
  // other words and no shape; the most telling items come first, and some get none until one zooms in.
  function drawWords(context) {
    var scale = network.getScale(), size = (view.items.length > 60 ? 11.5 : 13) / scale, high = size * 1.17, cell = 150 / scale, grid = {};
    var low = network.DOMtoCanvas({ x: 0, y: 0 }), far = network.DOMtoCanvas({ x: host.clientWidth, y: host.clientHeight });
    var few = view.items.length <= 60 || scale > 0.9;
    function cells(box, each) {
      for (var column = Math.floor(box[0] / cell); column <= Math.floor(box[2] / cell); column++)
        for (var row = Math.floor(box[1] / cell); row <= Math.floor(box[3] / cell); row++)
          if (each(grid[column + " " + row] = grid[column + " " + row] || [])) return true;
      return false;
    }
    function take(box) { cells(box, function (list) { list.push(box); }); }
    function free(box) {
      return box[0] > low.x && box[2] < far.x && !cells(box, function (list) {
        return list.some(function (other) { return box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]; });
      });
    }
    function find(item, r) {
      var first = null;
      for (var place = 0; place < item.forms.length; place++) {
        var form = item.forms[place], wide = form.wide * size, tall = form.lines.length * high;
        var sides = [["center", item.x, item.x - wide / 2, item.y + r], ["center", item.x, item.x - wide / 2, item.y - r - tall],
          ["left", item.x + r, item.x + r, item.y - tall / 2], ["right", item.x - r, item.x - r - wide, item.y - tall / 2]];
        for (var side = 0; side < 4; side++) {
          var box = [sides[side][2], sides[side][3], sides[side][2] + wide, sides[side][3] + tall];
          var found = { lines: form.lines, align: sides[side][0], x: sides[side][1], top: box[1], box: box };
          first = first || found;
          if (free(box)) return found;
        }
      }
      return item.id === at || view.path.indexOf(item.id) >= 0 ? first : null;
    }
    var near = order.filter(function (item) { return item.x > low.x && item.x < far.x && item.y > low.y && item.y < far.y; });
    near.forEach(function (item) {
      var r = item.size * larger * 0.8;
      take([item.x - r, item.y - r, item.x + r, item.y + r]);
      if (item.more && few) take([item.x + r, item.y - r * 1.1 - size * 0.85, item.x + r + size * 1.6, item.y - r * 1.1]);
    });
    context.save();
    context.lineJoin = "round";
    near.forEach(function (item) {
      var on = view.path.indexOf(item.id) >= 0, r = item.size * larger;
      if (item.id === at) {
        context.beginPath();
        context.strokeStyle = colours.focus;
        context.lineWidth = 3 / scale;
        context.arc(item.x, item.y, r * 1.4 + 4 / scale, 0, 2 * Math.PI);
        context.stroke();
      }
      context.strokeStyle = colours.paper;
      context.lineWidth = 3.5 / scale;
      context.textAlign = "center";
      var inside = on ? String(view.path.indexOf(item.id) + 1) : numbered && item.community ? item.community.split("-").pop() : "";
      if (inside && r * scale > 5) {
        var tall = Math.min(r * 1.1, size);
        context.fillStyle = colours.paper;
        context.font = "700 " + tall + "px system-ui, sans-serif";
        context.fillText(inside, item.x, item.y + tall * 0.36);
      }
      if (item.more && few) {
        context.font = size * 0.85 + "px system-ui, sans-serif";
        context.textAlign = "left";
        context.strokeText("+" + item.more, item.x + r, item.y - r * 0.9);
        context.fillStyle = colours.muted;
        context.fillText("+" + item.more, item.x + r, item.y - r * 0.9);
      }
      var found = find(item, r * 1.15 + 2 / scale);
      if (!found) return;
      take(found.box);
      context.font = (item.id === at ? "700 " : "") + size + "px system-ui, sans-serif";
      context.textAlign = found.align;
      context.fillStyle = colours.ink;
      context.globalAlpha = view.path.length && !on ? 0.7 : 1;
      found.lines.forEach(function (line, place) {
        context.strokeText(line, found.x, found.top + (place + 0.82) * high);
        context.fillText(line, found.x, found.top + (place + 0.82) * high);
      });
      context.globalAlpha = 1;
    });
    context.restore();
  }

  // The words of an item in full and shortened, with their width for letters of one pixel.
  var ruler = document.createElement("canvas").getContext("2d");
  function toForms(text) {
    ruler.font = "100px system-ui, sans-serif";
    return [[22, 3], [18, 2], [18, 1]].map(function (most) {
      var lines = wrap(text, most[0]), cut = lines.length > most[1];
      if (cut) lines = lines.slice(0, most[1]);
      if (cut) lines[most[1] - 1] += " \u2026";
      return { lines: lines, cut: cut, wide: Math.max.apply(null, lines.map(function (line) { return ruler.measureText(line).width / 100; })) };
    }).filter(function (form) { return !form.cut || form.lines.join("").length > 13; });
  }

  function wrap(text, most) {
    var lines = [""];
    text.split(" ").forEach(function (word) {
      var last = lines.length - 1;
      if (lines[last] && lines[last].length + word.length >= most) lines.push(word);
      else lines[last] = (lines[last] + " " + word).trim();
    });
    return lines;
  }

  // ---- the picture by mouse and touch ----
  function begin() {
    network = new vis.Network(host, { nodes: nodes, edges: edges }, {
      physics: false, layout: { improvedLayout: false }, autoResize: true,
      nodes: { font: { size: 0 }, labelHighlightBold: false }, edges: { smooth: false, arrows: { to: { enabled: true, scaleFactor: 0.45 } } },
      interaction: { hover: false, selectable: false, tooltipDelay: 0, keyboard: false, navigationButtons: false, zoomView: false, zoomSpeed: 0.6 }
    });
    host.picture = network; // for tests, and for whoever looks closer
    host.querySelector(".vis-network").tabIndex = -1; // the host itself takes the focus
    host.addEventListener("focusin", function () { network.setOptions({ interaction: { zoomView: true } }); });
    host.addEventListener("focusout", function () { network.setOptions({ interaction: { zoomView: false } }); });
    network.on("afterDrawing", drawWords);
    network.on("click", function (event) {
      var id = network.getNodeAt(event.pointer.DOM);
      if (id === undefined) return;
      at = id;
      act((byId[id].more && !document.getElementById("ex-only-choose").checked ? "grow." : "at.") + id);
    });
    network.on("dragEnd", function (event) {
      if (!event.nodes.length) { fitted = false; return; }
      var id = event.nodes[0], place = network.getPositions([id])[id];
      byId[id].x = place.x;
      byId[id].y = place.y;
      act("pin." + id + "_" + Math.round(place.x) + "_" + Math.round(place.y));
    });
    network.on("dragging", function (event) {
      var id = event.nodes[0];
      if (id === undefined) return;
      var place = network.getPositions([id])[id];
      byId[id].x = place.x; // so that its words go with it
      byId[id].y = place.y;
    });
    network.on("zoom", function () {
      fitted = false;
      clearTimeout(resting);
      resting = setTimeout(enlarge, 120);
    });
    var tip = document.createElement("p");
    tip.className = "ex-tip";
    tip.hidden = true;
    host.appendChild(tip);
    host.addEventListener("mousemove", function (event) {
      var box = host.getBoundingClientRect(), place = { x: event.clientX - box.left, y: event.clientY - box.top };
      var id = network.getNodeAt(place), item = id === undefined ? null : byId[id];
      host.classList.toggle("over", Boolean(item));
      tip.hidden = !item;
      if (!item) return;
      tip.textContent = tell(item); // never markup, whatever a label holds
      tip.style.transform = "translate(" + Math.min(place.x + 14, box.width - tip.offsetWidth - 4) + "px," + Math.min(place.y + 14, box.height - tip.offsetHeight - 4) + "px)";
    });
    host.addEventListener("mouseleave", function () { tip.hidden = true; });
  }

  function tell(item) {
    return words.on.replace("LABEL", item.label).replace("KIND", kinds[item.kind] || item.kind).replace("LINKS", item.links).replace("MORE", item.more);
  }

  // ---- the picture by keyboard ----
  var ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  function walk(direction) {
    var from = byId[at], best = null, least = Infinity;
    if (!from) best = order[0];
    else view.items.forEach(function (item) {
      var dx = item.x - from.x, dy = item.y - from.y, along = dx * direction[0] + dy * direction[1];
      var aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]), far = along + 2 * aside;
      if (item !== from && along > 0 && aside <= along * 1.5 && far < least) { least = far; best = item; }
    });
    if (!best) return;
    at = best.id;
    sort();
    if (view.items.length > 40) edges.update(view.links.map(toEdge));
    status.textContent = tell(best);
    var place = network.canvasToDOM({ x: best.x, y: best.y });
    if (place.x < 20 || place.y < 20 || place.x > host.clientWidth - 20 || place.y > host.clientHeight - 40) {
      fitted = false;
      network.moveTo({ position: { x: best.x, y: best.y }, animation: false });
    } else network.redraw();
  }

  function zoom(by) {
    fitted = false;
    network.moveTo({ scale: Math.min(Math.max(network.getScale() * by, 0.05), 4), animation: false });
    enlarge();
  }

  host.addEventListener("keydown", function (event) {
    if (!network || event.altKey || event.metaKey || event.ctrlKey) return;
    var key = event.key, done = true;
    if (ARROWS[key]) walk(ARROWS[key]);
    else if (key === "Enter" && at) act((byId[at].more ? "grow." : "at.") + at);
    else if (key === " " && at) act("at." + at);
    else if (key === "s" && at) act("a." + at);
    else if (key === "e" && at) act("b." + at);
    else if ((key === "Delete" || key === "Backspace") && at) act("drop." + at);
    else if (key === "+" || key === "=") zoom(1.25);
    else if (key === "-") zoom(0.8);
    else if (key === "0") fit();
    else done = false;
    if (done) event.preventDefault();
  });

  // ---- from state to state ----
  function act(what) {
    var query = new URLSearchParams(new FormData(document.getElementById("act")));
    query.set("act", what);
    go(page, query);
  }

  // Fetches the view and the page of a state together; kept is the address that the server gives the state.
  function go(path, query, back) {
    if (busy) busy.abort();
    busy = new AbortController();
    var mine = busy, before = view ? view.items.length : 0, had = byId, came = location.href, asked = "?" + String(query).replace(/%7E/g, "~");
    host.setAttribute("aria-busy", "true");
    Promise.all([
      fetch(words.view + asked + "&lean=1", { signal: mine.signal }).then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); }),
      fetch(path + asked, { signal: mine.signal }).then(function (answer) {
        return answer.ok ? answer.text().then(function (text) { return [answer.url, text]; }) : Promise.reject(answer.status);
      })
    ]).then(function (both) {
      if (!both[0].items.length) return location.assign(both[1][0]);
      if (!back && both[1][0] !== came) undo.push(came);
      history.replaceState(null, "", both[1][0]);
      swap(new DOMParser().parseFromString(both[1][1], "text/html"));
      show(both[0]);
      say(before, had, back);
    }).catch(function (error) {
      if (error && error.name === "AbortError") return;
      status.textContent = words.failed;
      location.assign(path + asked);
    }).then(function () { if (busy === mine) { busy = null; host.removeAttribute("aria-busy"); } });
  }

  function say(before, had, back) {
    var fresh = view.items.filter(function (item) { return !had[item.id]; }).length, number = view.items.length;
    var told = fresh ? words.told.replace("NEW", fresh) : number < before ? words.toldLess.replace("LESS", before - number) : words.toldSame;
    told = told.replace("NUMBER", number);
    if (back) told = words.undone + " " + told;
    if (view.path.length) told += " " + words.path.replace("STEPS", view.path.length - 1);
    else if (/[?&]path=[^&]+~[^&]/.test(location.search)) told += " " + words.noPath;
    if (byId[view.chosen]) told += " " + tell(byId[view.chosen]);
    status.textContent = told;
  }

  function swap(next) {
    var active = document.activeElement, inside = active && active.closest("[data-swap]");
    var key = inside && [inside.id, active.name || "", active.value || "", active.id || "", active.tagName, active.getAttribute("href") || "", active.textContent];
    var open = {};
    document.querySelectorAll("#ex-filter details").forEach(function (each, place) { open[place] = each.open; });
    document.getElementById("act").replaceChildren.apply(document.getElementById("act"), next.getElementById("act").childNodes);
    document.querySelectorAll("[data-swap]").forEach(function (part) {
      var fresh = next.getElementById(part.id);
      if (fresh) part.replaceChildren.apply(part, fresh.childNodes);
    });
    ["ex-svg", "ex-json"].forEach(function (id) { document.getElementById(id).href = next.getElementById(id).href; });
    var words = document.querySelector(".ex-find input[name=q]"), hidden = document.querySelector(".ex-find");
    hidden.querySelectorAll("input[type=hidden]").forEach(function (each) { each.remove(); });
    next.querySelectorAll(".ex-find input[type=hidden]").forEach(function (each) { hidden.appendChild(each); });
    words.value = next.querySelector(".ex-find input[name=q]").value;
    document.querySelectorAll("#ex-filter details").forEach(function (each, place) { if (open[place]) each.open = true; });
    reveal();
    if (key) refocus(key);
  }

  // The focus stays where it was: on the same button, else on the one in its place, else on its part.
  function refocus(key) {
    var part = document.getElementById(key[0]), all = Array.prototype.slice.call(part.querySelectorAll("a, button, input, select, summary"));
    var found = all.find(function (each) { return each.tagName === key[4] && (each.name || "") === key[1] && (each.value || "") === key[2] && (each.id || "") === key[3] && (key[1] || each.textContent === key[6]); });
    var item = key[2].replace(/^\w+\./, "");
    found = found || all.find(function (each) { return item && (each.value || "").replace(/^\w+\./, "") === item; });
    if (found) return found.focus({ preventScroll: true });
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
  }

  function reveal() {
    document.querySelectorAll(".scripted[hidden]").forEach(function (each) { each.hidden = false; });
  }

  function goBack() {
    if (!undo.length) return false;
    var last = new URL(undo.pop());
    go(last.pathname, last.searchParams, true);
    return true;
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "get" || new URL(form.action).pathname !== new URL(page, location.href).pathname) return;
    event.preventDefault();
    var query = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) query.append(event.submitter.name, event.submitter.value);
    go(page, query);
  });
  document.addEventListener("change", function (event) {
    if (event.target.closest("[data-filter]")) event.target.form.requestSubmit();
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("main a[href]"), button = event.target.closest("[data-do]");
    if (button) return DO[button.dataset.do](button);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    var to = new URL(link.href);
    if (to.pathname !== new URL(page, location.href).pathname || to.origin !== location.origin || !to.searchParams.get("do")) return;
    event.preventDefault();
    if (link.id === "ex-undo" && goBack()) return;
    go(to.pathname, to.searchParams);
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input, textarea, select") && goBack()) event.preventDefault();
  });

  var DO = {
    fit: function () { fit(); },
    wide: function (button) {
      button.setAttribute("aria-pressed", String(document.querySelector(".explore-parts").classList.toggle("wide")));
      setTimeout(function () {
        network.setSize("100%", "100%");
        fit();
        enlarge();
      }, 50);
    },
    in: function () { zoom(1.25); },
    out: function () { zoom(0.8); },
    png: function () {
      var from = host.querySelector("canvas"), to = document.createElement("canvas"), context = to.getContext("2d");
      to.width = from.width;
      to.height = from.height;
      context.fillStyle = colours.paper;
      context.fillRect(0, 0, to.width, to.height);
      context.drawImage(from, 0, 0);
      to.toBlob(function (blob) {
        var link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = words.name + ".png";
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      });
    }
  };

  function recolour() {
    readColours();
    if (view) show(view);
  }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);

  readColours();
  doc.classList.add("drawn");
  reveal();
  fetch(words.view + location.search + "&lean=1").then(function (answer) { return answer.ok ? answer.json() : Promise.reject(answer.status); }).then(show).catch(function () {
    doc.classList.remove("drawn");
    document.getElementById("ex-still").classList.add("shown"); // the still picture stays
    host.parentNode.hidden = true;
  });
})();
