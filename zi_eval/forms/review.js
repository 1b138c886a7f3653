// What is left before the answers are handed on, each with the way to it, in the manner of the
// "check your answers" pages of GOV.UK.

const MOST_OPEN = 12; // rows of a group shown unfolded

/** What is left, by kind: [title, whether it must be done, rows]; a row is a question or a place. */
function leftOver(app) {
  const isTpi = app.mode === "tpi";
  const ids = [...app.questions.keys()];
  const rows = (holds, said) => ids.filter((id) => holds(app.values[id])).map((id) => ({
    id, key: id, title: app.questions.get(id).text, said: said?.(app.values[id]) ?? "" }));
  const has = (flag) => (value) => value.flags.includes(flag);
  const answers = (value) => (isTpi && value.tpi !== null ? `Unit: ${value.unit_text}. TPI: ${value.tpi_text}` : value.unit_text);
  const facts = Object.entries(app.facts.fields).filter(([, item]) => item.need && (item.value ?? null) === null).map(([place, item]) => ({
    id: "", key: place, title: app.factLabels.get(place) ?? place, said: `Belum dinyatakan; diminta ${item.need}.` }));
  const doubts = app.doubts.filter((doubt) => !doubt.explained).map((doubt) => ({ id: "", key: `keraguan ${doubt.id}`, doubt, title: doubt.what, said: doubt.remedy }));
  const groups = isTpi
    ? [["Belum diperiksa", true, rows(has("unchecked"), (value) => value.state.more || answers(value))],
      ["Berbeda dari unit, tanpa catatan", true, rows((value) => value.needs_note, answers)],
      ["Dijawab lagi oleh unit", true, rows(has("again"), answers)],
      ["Masih dikembalikan ke unit", true, rows((value) => value.flags.includes("returned") && !value.flags.includes("again"), (value) => value.returned)],
      ["Kosong", true, rows(has("open"))]]
    : [["Belum dijawab", true, rows(has("open"))],
      ["Dikembalikan TPI", true, rows((value) => value.flags.includes("returned") && !value.flags.includes("again"), (value) => value.returned)]];
  groups.push(["Prasyarat yang belum dinyatakan", true, isTpi ? [] : facts], ["Keraguan atas putusan", true, doubts],
    ["Perlu dilihat lagi", false, rows((value) => value.warnings.length > 0, (value) => value.warnings.join(" "))],
    ["Berbeda dari usulan data", false, rows(has("unlike"), answers)],
    ["Tanpa bukti", false, rows(has("bare"), answers)]);
  return groups.filter(([, , items]) => items.length > 0);
}

/** Make the page; `set(groups)` shows what is left, drawn only while it is looked at. */
function reviewPage(app) {
  const title = app.mode === "tpi" ? "Yang tersisa" : "Periksa jawaban Anda";
  const sum = el("p", { class: "zi-review-sum", role: "status" });
  const body = el("div", {});
  const finish = app.form.can_finish && el("button", { type: "button", class: "zi-button", text: "Lanjut ke penetapan final", on: { click: () => app.finish.showModal() } });
  const node = el("div", { class: "zi-review" }, el("section", { class: "zi-card" }, sum, finish && el("p", { class: "zi-actions" }, finish)), body);
  let groups = [];
  let drawn = "";
  const row = (item) => {
    const go = () => (item.doubt ? app.explainDoubt(item.doubt) : app.goTo(item.key));
    const said = item.doubt ? "Jelaskan…" : "Buka";
    return el("li", {}, el("p", {}, item.id && el("span", { class: "zi-id", text: item.id }), item.id && " ", item.title),
      item.said && el("p", { class: "zi-meta zi-said", text: item.said }),
      item.doubt && app.isReadOnly ? null : el("button", { type: "button", class: "zi-link", text: said, "data-control": item.key, "aria-label": `${said} ${item.id || item.title}`, on: { click: go } }));
  };
  const draw = () => {
    const now = JSON.stringify([groups, app.isReadOnly]);
    if (now === drawn) return;
    drawn = now;
    if (finish) show(finish, !app.isReadOnly);
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.control : null;
    const isOpen = new Map([...body.querySelectorAll("details")].map((fold) => [fold.dataset.title, fold.open]));
    const must = groups.filter(([, isNeeded]) => isNeeded);
    const count = must.reduce((n, [, , items]) => n + items.length, 0);
    const may = groups.filter(([, isNeeded]) => !isNeeded).reduce((n, [, , items]) => n + items.length, 0);
    const after = app.mode === "tpi" ? "Evaluasi dapat ditetapkan final oleh pengendali teknis." : "Semua sudah tersimpan, dan TPI sudah dapat memeriksanya: kabari TPI bahwa isian selesai.";
    setText(sum, `${count ? `✕ ${count} hal masih harus diselesaikan.` : `✓ Tidak ada lagi yang harus diselesaikan. ${after}`}${may ? ` ${may} hal sebaiknya dilihat lagi.` : ""}`);
    body.replaceChildren(...groups.map(([name, isNeeded, items]) => el("details", { class: "zi-card", "data-title": name, open: isOpen.get(name) ?? (isNeeded && items.length <= MOST_OPEN) },
      el("summary", { "data-control": `daftar ${name}` }, el("h4", {}, `${isNeeded ? "✕" : "⚠"} ${name} `, el("span", { class: "zi-meta", text: String(items.length) }))),
      el("ul", {}, items.map(row)))));
    if (focused) ([...node.querySelectorAll("[data-control]")].find((item) => item.dataset.control === focused) ?? app.heading).focus({ preventScroll: true });
  };
  node.title = title;
  node.open = draw;
  node.set = (found) => {
    groups = found;
    const left = groups.filter(([, isNeeded]) => isNeeded).reduce((n, [, , items]) => n + items.length, 0);
    app.showLeft(left);
    if (node.isConnected) draw();
  };
  return node;
}
