"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tip = document.getElementById("tip");
  const said = document.getElementById("said");
  const root = document.documentElement;
  const MATHML = "http://www.w3.org/1998/Math/MathML";
  const MINUS = "\u2212";

  // Digits: every text that can be shown is in the page; choosing is looking up.
  const select = document.getElementById("digits");
  let choice = select ? Number(select.value) : 0;
  const numberAt = (entry) => (typeof entry === "number" ? data.numbers[entry][choice] : entry);
  const signed = (text) => text.replace(/^-/, MINUS);

  const showDigits = () => {
    for (const element of document.querySelectorAll("[data-n]")) {
      const row = (data.numbers || [])[Number(element.dataset.n)];
      if (row) element.textContent = element.namespaceURI === MATHML ? signed(row[choice]) : row[choice];
    }
  };
  if (select) {
    select.addEventListener("change", () => {
      choice = Number(select.value);
      hide();
      showDigits();
      said.textContent = `${select.selectedOptions[0].textContent} decimals`;
    });
  }

  // Light and dark: the system's choice until the reader chooses.
  const theme = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("lstm-sym-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("lstm-sym-theme", root.dataset.theme); } catch { /* the choice lasts as long as the page */ }
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  // The box beside a symbol or a reference.
  let owner = null, waiting = 0;
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const copyOfMath = (source) => {
    const math = source.localName === "math" ? source.cloneNode(true) : document.createElementNS(MATHML, "math");
    if (math.childElementCount === 0) math.append(source.cloneNode(true));
    for (const element of [math, ...math.querySelectorAll("*")]) {
      for (const name of ["data-s", "data-n", "tabindex", "class"]) if (name !== "class" || element.className !== "w") element.removeAttribute(name);
    }
    return math;
  };
  const matrix = (rows) => {
    if (rows.length === 1 && rows[0].length === 1) return document.createTextNode(signed(numberAt(rows[0][0])));
    const table = make("table", undefined, "matrix");
    for (const row of rows) {
      const line = table.insertRow();
      for (const entry of row) line.insertCell().textContent = signed(numberAt(entry));
    }
    return table;
  };
  const aboutSymbol = (element) => {
    const [name, time] = element.dataset.s.split("@");
    const [meaning, shape] = data.symbols[name] || ["", ""];
    const head = make("p", undefined, "head");
    head.append(copyOfMath(element), make("span", meaning));
    const values = (data.values || {})[name] || {};
    const times = time in values ? [time] : /^(-?\d+)?$/.test(time) ? [] : Object.keys(values).sort((a, b) => a - b);
    const size = times.length ? values[times[0]].size : "";
    const parts = [head, make("p", shape ? `shape ${shape}${size && size !== shape ? `, here ${size}` : ""}` : "", "shape")];
    if (times.length) {
      const table = make("table");
      for (const at of times.slice(0, 8)) {
        const line = table.insertRow();
        const label = make("th", at === "" ? "value" : `t = ${signed(at)}`);
        label.scope = "row";
        line.append(label);
        line.insertCell().append(matrix(values[at].rows));
      }
      if (times.length > 8) table.insertRow().append(make("th", "…"));
      parts.push(table);
    }
    return parts;
  };
  const aboutReference = (element) => {
    const target = document.getElementById(element.hash.slice(1));
    const whole = target && (target.querySelector(":scope > .eq math") || [...target.querySelectorAll(".eq math")].pop());
    if (!whole) return null;
    const copy = copyOfMath(whole);
    for (const hidden of copy.querySelectorAll("mphantom")) {
      const row = document.createElementNS(MATHML, "mrow");
      row.append(...hidden.childNodes);
      hidden.replaceWith(row);
    }
    return [copy];
  };
  const place = (element) => {
    const box = element.getBoundingClientRect(), own = tip.getBoundingClientRect(), gap = 8;
    const left = Math.max(gap, Math.min(box.left, root.clientWidth - own.width - gap));
    const below = box.bottom + gap;
    const top = below + own.height <= root.clientHeight - gap ? below : Math.max(gap, box.top - own.height - gap);
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  };
  const hide = () => {
    clearTimeout(waiting);
    if (owner) owner.classList.remove("asked");
    owner = null;
    tip.hidden = true;
  };
  const show = (element) => {
    clearTimeout(waiting);
    if (owner === element) return;
    hide();
    const parts = element.dataset.s ? aboutSymbol(element) : aboutReference(element);
    if (!parts) return;
    owner = element;
    owner.classList.add("asked");
    tip.replaceChildren(...parts);
    tip.hidden = false;
    place(element);
  };
  const asked = (event) => event.target instanceof Element && event.target.closest("[data-s], a.ref");
  document.addEventListener("pointerover", (event) => {
    if (tip.contains(event.target)) { clearTimeout(waiting); return; }
    const element = asked(event);
    if (element) show(element);
    else if (owner && owner !== document.activeElement) { clearTimeout(waiting); waiting = setTimeout(hide, 200); }
  });
  document.addEventListener("click", (event) => {
    const element = asked(event);
    if (element && element.dataset.s) show(element);
    else if (!tip.contains(event.target)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const element = asked(event);
    if (element) show(element);
    else hide();
  });
  addEventListener("scroll", () => { if (owner) place(owner); }, { passive: true, capture: true });

  // Arrow keys go from symbol to symbol inside an equation.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const equation = document.activeElement.closest && document.activeElement.closest(".eq");
      hide();
      if (equation) equation.focus();
      return;
    }
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const equation = move && document.activeElement.closest && document.activeElement.closest(".eq");
    if (!equation || event.altKey || event.ctrlKey || event.metaKey) return;
    const symbols = [...equation.querySelectorAll("[data-s]")];
    if (!symbols.length) return;
    const at = symbols.indexOf(document.activeElement);
    const next = symbols[at < 0 ? (move > 0 ? 0 : symbols.length - 1) : (at + move + symbols.length) % symbols.length];
    next.setAttribute("tabindex", "-1");
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    event.preventDefault();
  });

  // A line lights what it follows from.
  const lines = (event) => event.target instanceof Element && event.target.closest("[data-p]");
  const light = (element) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!element) return;
    for (const id of element.dataset.p.split(" ").filter(Boolean)) {
      const premise = document.getElementById(id);
      if (premise) premise.classList.add("lit");
    }
  };
  document.addEventListener("pointerover", (event) => light(lines(event)));
  document.addEventListener("focusin", (event) => light(lines(event)));

  // The number of an equation is a link to it; a click copies the link, too.
  document.addEventListener("click", (event) => {
    const number = event.target instanceof Element && event.target.closest("a.number");
    if (!number || !navigator.clipboard) return;
    navigator.clipboard.writeText(number.href).then(
      () => { said.textContent = `Link to ${number.textContent} copied`; },
      () => { said.textContent = `The address bar has the link to ${number.textContent}`; },
    );
  });

  addEventListener("beforeprint", () => { for (const more of document.querySelectorAll("main details")) more.open = true; });
  if (matchMedia("(max-width: 60rem)").matches) for (const contents of document.querySelectorAll("nav details")) contents.open = false;
  showDigits();
})();
