// The shortest way to the predicate under the score, with what a person tries out; nothing of it is saved.

const WAY_PAUSE = 500; // ms without a change before the way is asked for: answers come first
const FIRST_MOVES = 5;

/** Make the panel; `ask()` asks for the way soon, `set(way)` shows it. */
function wayPanel(app, store) {
  const heading = el("h3", {});
  const text = el("p", {});
  const change = el("p", { class: "zi-way-change" });
  const list = el("ul", {});
  const more = el("button", { type: "button", class: "zi-link", on: { click: () => { isLong = !isLong; draw(); } } });
  const open = el("p", {});
  const keptTitle = el("h4", { text: "Tidak dapat diubah tahun ini" });
  const keptList = el("ul", {});
  const triedTitle = el("h4", { text: "Dianggap sudah (tidak disimpan)" });
  const triedList = el("ul", {});
  const node = el("section", { class: "zi-way", "aria-label": "Jalan terpendek ke predikat", hidden: true },
    heading, text, change, list, more, open, keptTitle, keptList, triedTitle, triedList);
  const place = `zi-eval jalan ${store}`;
  const kept = new Set();
  const tried = new Map();
  let way = null;
  let isLong = false;
  let timer = 0;
  try { for (const id of JSON.parse(sessionStorage.getItem(place) ?? "[]")) kept.add(id); } catch { /* storage may be closed */ }

  const tick = (label, isOn, act) => {
    const input = el("input", { type: "checkbox", checked: isOn });
    input.addEventListener("change", () => { act(input.checked); ask(0); });
    return el("label", {}, input, label);
  };
  const keep = (id) => (isOn) => {
    if (isOn) kept.add(id); else kept.delete(id);
    tried.delete(id);
    try { sessionStorage.setItem(place, JSON.stringify([...kept])); } catch { /* only not remembered */ }
  };
  const link = (item) => el("button", { type: "button", class: "zi-link", title: item.text, text: item.id, on: { click: () => app.goTo(item.id) } });
  const move = (item) => el("li", {}, link(item), ` ${item.text}`,
    el("div", { class: "zi-step" }, el("strong", { text: item.step }), el("span", { text: `upaya ${item.effort}, ${item.points} poin` })),
    item.is_fixed ? null : tick("tidak dapat diubah tahun ini", false, keep(item.id)),
    tick("anggap sudah", false, (isOn) => { if (isOn) tried.set(item.id, item.then); }));

  function draw() {
    setText(heading, way.title);
    setText(text, way.text);
    setText(change, [way.change, way.score].filter(Boolean).join(" "));
    show(change, Boolean(change.textContent));
    const shown = isLong ? way.moves : way.moves.slice(0, FIRST_MOVES);
    list.replaceChildren(...shown.map(move));
    setText(more, isLong ? "Tampilkan lebih sedikit" : `Tampilkan semua (${way.moves.length})`);
    show(more, way.moves.length > FIRST_MOVES);
    setText(open, way.open.length ? `Cukup dijawab: ${way.open.join(", ")}` : "");
    show(open, way.open.length > 0);
    keptList.replaceChildren(...way.kept.map((item) => el("li", {}, link(item), ` ${item.text}`, tick("tidak dapat diubah tahun ini", true, keep(item.id)))));
    triedList.replaceChildren(...way.tried.map((item) => el("li", {}, link(item), ` ${item.text}: ${item.answer}`,
      tick("anggap sudah", true, () => tried.delete(item.id)))));
    show(keptTitle, way.kept.length > 0);
    show(triedTitle, way.tried.length > 0);
    show(node, true);
  }

  function ask(pause = WAY_PAUSE) {
    clearTimeout(timer);
    node.classList.add("waiting");
    timer = setTimeout(() => app.send({ type: "way", kept: [...kept], tried: Object.fromEntries(tried) }), pause);
  }

  node.ask = ask;
  node.set = (found) => {
    // Keyboard users stay where they are: the list is made anew, so the focus goes to its heading.
    const hadFocus = node.contains(document.activeElement) && document.activeElement.type === "checkbox";
    way = found;
    node.classList.remove("waiting");
    draw();
    if (hadFocus) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
  };
  return node;
}
