// The way to the predicate beside the score, with what a person tries out. What is tried lives here
// alone: it goes with each question to the kernel, and a reloaded page has forgotten it.

const WAY_PAUSE = 500; // ms without a change before the way is asked for: answers come first
const FIRST_MOVES = 6;

/** Make the panel; `ask()` asks for the way soon, `set(way)` shows it. */
function wayPanel(app) {
  const most = new Map(); // question -> the most steps it may rise
  const tried = new Map(); // question -> the answer taken as given, null for its best
  let way = null;
  let asked = 0;
  let timer = 0;
  let isLong = false;
  let areRulesOpen = true;

  const button = (text, click, control) => el("button", { type: "button", class: "zi-link", text, "data-control": control, on: { click } });
  const heading = el("h3", { tabindex: "-1" });
  const busy = el("p", { class: "zi-meta", role: "status" });
  const trouble = el("p", { class: "zi-error" });
  const trial = el("section", { class: "zi-trial", "aria-label": "Dicoba, belum disimpan" });
  const text = el("p", { class: "zi-way-text" });
  const change = el("p", {});
  const tryAll = el("button", { type: "button", class: "zi-button small", text: "Coba semua", title: "Lihat nilai dan ambang bila semua jawaban ini tercapai; tidak ada yang disimpan",
    "data-control": "semua", on: { click: () => { for (const item of way.moves) tried.set(item.id, item.value); ask(0); } } });
  const list = el("ul", { class: "zi-moves" });
  const more = button("Tampilkan semua", () => { isLong = !isLong; draw(); }, "lagi");
  const open = el("p", {});
  const limits = el("ul", { class: "zi-moves" });
  const limitBox = el("section", { "aria-label": "Batas sesi ini" }, el("h3", { text: "Batas sesi ini" }), limits,
    button("Hapus semua batas", () => { most.clear(); ask(0); }, "hapus batas"));
  const names = el("datalist", { id: `${app.prefix}-nomor` }, [...app.questions.keys()].map((id) => el("option", { value: id })));
  const other = el("input", { type: "text", id: `${app.prefix}-coba`, list: names.id, autocomplete: "off", placeholder: "mis. A.I.1.i.a" });
  const wrong = el("p", { class: "zi-error", role: "alert", hidden: true, text: "Nomor pertanyaan ini tidak ada." });
  const addOther = () => {
    const id = [...app.questions.keys()].find((key) => key.toLowerCase() === other.value.trim().toLowerCase());
    show(wrong, !id);
    if (!id) return;
    other.value = "";
    tried.set(id, null);
    ask(0);
  };
  other.addEventListener("keydown", (event) => { if (event.key === "Enter") addOther(); });
  const addBox = el("div", { class: "zi-field" }, el("label", { for: other.id, text: "Coba pertanyaan lain" }),
    el("div", { class: "zi-add" }, other, el("button", { type: "button", class: "zi-button small", text: "Coba", on: { click: addOther } })), names, wrong);
  const by = el("p", { class: "zi-meta" });
  const content = el("div", {}, trial, text, change, tryAll, list, more, open, limitBox, addBox,
    el("p", { class: "zi-meta", text: "Batas dan jawaban yang dicoba hanya untuk sesi ini: tidak disimpan, dan hilang bila halaman dimuat ulang. Batas tetap ditulis tim di upaya.yaml." }), by);
  const node = el("div", { class: "zi-way" }, heading, busy, trouble, content);
  show(content, false);

  const link = (item) => [button(item.id, () => app.goTo(item.id), `buka ${item.id}`), ` ${item.text}`];
  const stays = (id, isOn) => {
    const input = el("input", { type: "checkbox", checked: isOn, "data-control": `tetap ${id}` });
    input.addEventListener("change", () => { if (input.checked) most.set(id, 0); else most.delete(id); ask(0); });
    return el("label", {}, input, "tidak dapat naik tahun ini");
  };
  const choice = (label, control, options, pick) => {
    const input = el("select", { "data-control": control }, options.map((item, i) => el("option", { value: String(i), text: item.text, selected: item.isOn })));
    input.addEventListener("change", () => { pick(options[Number(input.value)].value); ask(0); });
    return el("label", {}, label, input);
  };
  const bound = (item) => choice("paling banyak", `langkah ${item.id}`,
    [{ text: "tanpa batas", value: null, isOn: item.most === null }, ...item.bounds.map((n) => ({ text: `${n} langkah`, value: n, isOn: n === item.most }))],
    (n) => { if (n === null) most.delete(item.id); else most.set(item.id, n); });
  const move = (item) => el("li", {}, link(item),
    el("p", { class: "zi-step", title: item.asked }, el("strong", { text: `${item.now} → ${item.then}` }), el("span", { text: `${item.points} poin, upaya ${item.effort}` })),
    item.is_survey ? el("p", { class: "zi-meta", text: item.asked }) : null,
    el("div", { class: "zi-controls" }, stays(item.id, false), item.bounds.length ? bound(item) : null,
      button("Coba", () => { tried.set(item.id, item.value); ask(0); }, `coba ${item.id}`)));
  const limit = (item) => el("li", {}, link(item), el("div", { class: "zi-controls" }, item.most === 0
    ? stays(item.id, true)
    : [el("span", { text: item.said }), button("Lepas", () => { most.delete(item.id); ask(0); }, `lepas ${item.id}`)]));
  const attempt = (item) => el("li", {}, link(item), el("p", { class: "zi-step" }, el("span", {}, `${item.now} → `), el("span", { text: `${item.points} poin` })),
    el("div", { class: "zi-controls" }, choice("dicoba", `jawaban ${item.id}`, item.options.map((o) => ({ ...o, isOn: o.is_tried })), (value) => tried.set(item.id, value)),
      button("Batal", () => { tried.delete(item.id); ask(0); }, `batal ${item.id}`)));
  const rule = (item) => el("li", { class: item.status }, el("span", { text: `${item.icon} ${item.name}` }),
    el("span", { text: item.got === item.was ? `${item.got}, ambang ${item.need}` : `${item.was} → ${item.got}, ambang ${item.need}` }));

  function drawTrial(found) {
    show(trial, Boolean(found));
    if (!found) return trial.replaceChildren();
    const met = found.rules.filter((item) => item.status === "met").length;
    const fold = el("details", { open: areRulesOpen }, el("summary", { "data-control": "ambang", text: `Ambang: ${met} dari ${found.rules.length} terpenuhi` }),
      el("ul", { class: "zi-trial-rules" }, found.rules.map(rule)));
    fold.addEventListener("toggle", () => { areRulesOpen = fold.open; });
    trial.replaceChildren(
      el("h3", { text: "Dicoba, belum disimpan" }),
      el("p", { class: "zi-trial-total" }, "Nilai ", el("strong", { text: `${found.was} → ${found.total}` }), ` (${found.difference})`),
      el("p", { class: `zi-trial-verdict ${found.status}`, text: `${found.icon} ${found.verdict}` }),
      el("p", { class: "zi-meta", text: found.apart, hidden: !found.apart }),
      fold,
      el("h4", { text: `Jawaban yang dicoba (${found.rows.length})` }),
      el("ul", { class: "zi-moves" }, found.rows.map(attempt)),
      button("Buang semua percobaan", () => { tried.clear(); ask(0); }, "buang"));
  }

  function draw() {
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.control : null;
    drawTrial(way.trial);
    setText(text, way.text);
    text.classList.toggle("blocked", way.is_blocked);
    setText(change, way.change);
    show(change, Boolean(way.change));
    show(tryAll, way.moves.length > 0);
    list.replaceChildren(...(isLong ? way.moves : way.moves.slice(0, FIRST_MOVES)).map(move));
    setText(more, isLong ? "Tampilkan lebih sedikit" : `Tampilkan semua (${way.moves.length})`);
    show(more, way.moves.length > FIRST_MOVES);
    open.replaceChildren(...(way.open.length ? ["Cukup dijawab: ", ...way.open.flatMap((id, i) => [i ? ", " : "", button(id, () => app.goTo(id), `buka ${id}`)])] : []));
    show(open, way.open.length > 0);
    limits.replaceChildren(...way.limits.map(limit));
    show(limitBox, way.limits.length > 0);
    setText(by, way.by ? `Upaya: ${way.by}` : "");
    show(content, true);
    // Lists are made anew: who works with the keyboard stays at the same control, or at the top.
    if (focused) ([...node.querySelectorAll("[data-control]")].find((item) => item.dataset.control === focused && !item.hidden) ?? heading).focus({ preventScroll: true });
  }

  /** Ask for the way, unless nobody looks at it: then it is asked for once somebody does. */
  function ask(pause = WAY_PAUSE) {
    clearTimeout(timer);
    if (node.hidden) return;
    setText(busy, "Menghitung ulang…");
    content.classList.add("waiting");
    timer = setTimeout(() => app.send({ type: "way", ask: ++asked, most: Object.fromEntries(most), tried: Object.fromEntries(tried) }), pause);
  }

  node.ask = ask;
  node.setGoal = (goal) => setText(heading, `Jalan menuju ${goal}`);
  node.set = (found) => {
    if (found.ask !== asked) return; // something newer is asked for already
    setText(busy, "");
    content.classList.remove("waiting");
    setText(trouble, [found.trouble, found.notice].filter(Boolean).join(" "));
    show(trouble, Boolean(trouble.textContent));
    if (found.trouble) return;
    way = found;
    for (const item of way.trial?.rows ?? []) tried.set(item.id, item.value);
    setText(heading, way.title);
    draw();
  };
  return node;
}

/** Put the way beside the score, one of the two in sight. */
function sideTabs(panel, way) {
  const tabs = [["Nilai", panel.sheet], ["Jalan", way]].map(([text, sheet]) => {
    const tab = el("button", { type: "button", class: "zi-tab", text, on: { click: () => select(sheet) } });
    return Object.assign(tab, { sheet });
  });
  const select = (sheet) => {
    for (const tab of tabs) {
      show(tab.sheet, tab.sheet === sheet);
      tab.setAttribute("aria-pressed", String(tab.sheet === sheet));
    }
    panel.classList.toggle("way", sheet === way);
    panel.scrollTop = 0;
    if (sheet === way) way.ask(0);
  };
  panel.sheet.before(el("div", { class: "zi-tabs", role: "group", "aria-label": "Yang ditampilkan di samping" }, tabs));
  panel.append(way);
  select(panel.sheet);
  return { setGoal: (goal) => { setText(tabs[1], `Jalan ke ${goal}`); way.setGoal(goal); } };
}
