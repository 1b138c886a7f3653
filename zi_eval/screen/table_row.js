// One row of a table, opened: its inputs, what is said about them, when it was saved, its history.

const FIGURE_PAUSE = 2500; // ms: a figure is sent when it is left; this only guards against forgetting
const WORDS_PAUSE = 1200;

/** Inputs of one line, of several, and of a figure. */
const lineInput = () => el("input", { type: "text", autocomplete: "off" });
const textInput = () => el("textarea", { rows: 2, spellcheck: "false" });
const figureInput = () => el("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "zi-count" });

/**
 * An input with its label, its error and what to look at; saved when it is left. `cell` holds the
 * input, `node` what is said about it: one below the other, or apart where the cell is narrow.
 */
function entry(app, key, field, label, input, pause, isNarrow = false) {
  const id = `${app.prefix}-${app.ids++}`;
  const error = el("p", { class: "zi-error", id: `${id}-error`, hidden: true });
  const remark = el("p", { class: "zi-remark", id: `${id}-remark`, role: "status", hidden: true });
  input.id = id;
  input.setAttribute("aria-describedby", `${error.id} ${remark.id}`);
  const parts = [el("label", { for: id, class: isNarrow ? "zi-hidden" : null, text: label }), input];
  const node = el("div", { class: "zi-field" }, isNarrow ? [] : parts, error, remark);
  const cell = isNarrow ? el("div", { class: "zi-field" }, parts) : node;
  const place = new Field(app, key, field, () => input.value.trim() || null, (value) => { input.value = value ?? ""; });
  Object.assign(place, { node, cell, input, isText: true });
  const said = (text) => (text && isNarrow ? `${label}: ${text}` : text || "");
  node.setError = (text) => {
    setText(error, said(text));
    show(error, Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  node.setRemark = (text) => { setText(remark, said(text)); show(remark, Boolean(text)); };
  input.addEventListener("input", () => {
    place.isRefused = false;
    clearTimeout(place.timer);
    place.timer = setTimeout(() => place.send(), pause);
    app.showSaving();
  });
  input.addEventListener("change", () => {
    if (!place.isChanged) { node.setError(""); node.setRemark(""); }
    place.send();
  });
  if (input.tagName === "INPUT") input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) place.send(); });
  return place;
}

/** What every opened row has; a kind of table puts its own sections between head and foot. */
class TableRow {
  constructor(app, key) {
    Object.assign(this, { app, key });
    this.places = new Map();
    this.title = el("h3", { class: "zi-heading", tabindex: "-1" });
    this.badge = el("div", {});
    this.sub = el("p", { class: "zi-sub" });
    this.link = el("p", { class: "zi-evidence-link", hidden: true });
    this.warnings = el("ul", { class: "zi-warnings" });
    this.saved = el("span", { class: "zi-meta", role: "status" });
    this.history = el("div", { class: "zi-history", hidden: true });
    this.historyButton = el("button", { type: "button", class: "zi-link", "aria-expanded": "false", text: "Riwayat (R)", on: { click: () => this.toggleHistory() } });
    this.node = el("article", { class: "zi-detail" },
      el("header", {}, this.title, this.badge), this.sub, this.sections(),
      el("footer", {}, this.saved, this.historyButton), this.history);
  }

  /** Return what stands between head and foot. */
  sections() {
    return [];
  }

  /** Make the input of a field, and return what is put where it is typed. */
  add(field, label, input, pause = WORDS_PAUSE, isNarrow = false) {
    const place = entry(this.app, this.key, field, label, input, pause, isNarrow);
    this.places.set(field, place);
    return place.cell;
  }

  set(item) {
    const was = this.item;
    this.item = item;
    setText(this.title, `${item.number}. ${item.name}`);
    if (was?.class !== item.class || was?.label !== item.label) this.badge.replaceChildren(badge(item.class, item.icon, item.label));
    this.link.replaceChildren(...item.evidence.filter((link) => link.href).map(evidenceText));
    show(this.link, this.link.hasChildNodes());
    this.warnings.replaceChildren(...item.warnings.map((text) => el("li", { text })));
    show(this.warnings, item.warnings.length > 0);
    for (const [field, place] of this.places) place.accept(item.values[field]);
  }

  setReadOnly(isReadOnly) {
    for (const { input } of this.places.values()) {
      if (input.tagName === "SELECT") input.disabled = isReadOnly;
      else input.readOnly = isReadOnly;
    }
  }

  setSaved(time) {
    setText(this.saved, `✓ Tersimpan ${time}`);
    if (!this.history.hidden) this.app.send({ type: "history", key: this.key });
  }

  toggleHistory() {
    show(this.history, this.history.hidden);
    this.historyButton.setAttribute("aria-expanded", String(!this.history.hidden));
    if (!this.history.hidden) this.app.send({ type: "history", key: this.key });
  }

  setHistory(changes) {
    this.history.replaceChildren(changes.length
      ? el("table", {}, el("thead", {}, el("tr", {}, ["Kapan", "Siapa", "Apa", "Dari", "Menjadi"].map((text) => el("th", { scope: "col", text })))),
        el("tbody", {}, changes.map((change) => el("tr", {}, [change.when, change.who, change.what, change.old, change.new].map((text) => el("td", { text }))))))
      : el("p", { class: "zi-none", text: "Belum ada perubahan yang tercatat." }));
    this.app.reveal(this.history);
  }

  focus() {
    this.title.focus({ preventScroll: true });
  }
}
