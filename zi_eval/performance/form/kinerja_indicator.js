// One indicator of a unit's performance, opened.

const FIGURES = ["realisasi_tw1", "realisasi_tw2", "realisasi_tw3", "realisasi_tw4"];
const QUARTERS = ["TW I", "TW II", "TW III", "TW IV"];
const FIGURE_PAUSE = 2500; // ms: a figure is sent when it is left; this only guards against forgetting
const WORDS_PAUSE = 1200;

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

/** One indicator, opened: its path, its figures to fill in, why it deviates and what is done. */
class Detail {
  constructor(app, key) {
    Object.assign(this, { app, key });
    const figure = () => el("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "zi-count" });
    const words = () => el("textarea", { rows: 2, spellcheck: "false" });
    const line = () => el("input", { type: "text", autocomplete: "off" });
    this.places = new Map();
    const add = (field, label, input, pause = WORDS_PAUSE, isNarrow = false) => {
      const place = entry(app, key, field, label, input, pause, isNarrow);
      this.places.set(field, place);
      return place.cell;
    };
    this.title = el("h3", { class: "zi-heading", tabindex: "-1" });
    this.badge = el("div", {});
    this.sub = el("p", { class: "zi-sub" });
    this.formula = el("p", { class: "zi-guide" });
    this.picture = el("div", { class: "zi-picture" });
    this.percent = el("p", { class: "zi-percent" });
    this.reason = el("p", {});
    this.method = el("p", { class: "zi-meta" });
    this.targets = QUARTERS.map(() => el("td", { class: "num" }));
    this.year = el("span", { class: "zi-meta" });
    this.heads = QUARTERS.map((text) => el("th", { scope: "col", class: "num", text }));
    const table = el("table", { class: "zi-quarters" },
      el("caption", { class: "zi-hidden", text: "Target dan realisasi tiap triwulan" }),
      el("thead", {}, el("tr", {}, el("td", {}), this.heads)),
      el("tbody", {}, el("tr", {}, el("th", { scope: "row", text: "Target" }), this.targets),
        el("tr", {}, el("th", { scope: "row", text: "Realisasi" }),
          FIGURES.map((field, i) => el("td", { class: "num" }, add(field, `Realisasi ${QUARTERS[i]}`, figure(), FIGURE_PAUSE, true))))));
    this.measure = el("span", { class: "zi-meta" });
    this.ceiling = el("p", { class: "zi-meta" });
    this.link = el("p", { class: "zi-evidence-link", hidden: true });
    this.findings = el("ul", { class: "zi-findings" });
    this.warnings = el("ul", { class: "zi-warnings" });
    this.saved = el("span", { class: "zi-meta", role: "status" });
    this.history = el("div", { class: "zi-history", hidden: true });
    this.historyButton = el("button", { type: "button", class: "zi-link", "aria-expanded": "false", text: "Riwayat (R)", on: { click: () => this.toggleHistory() } });
    this.node = el("article", { class: "zi-detail" },
      el("header", {}, this.title, this.badge), this.sub, this.formula,
      el("div", { class: "zi-now" }, this.picture, el("div", {}, this.percent, this.reason, this.method)),
      el("section", {}, el("h4", {}, "Realisasi tiap triwulan ", this.measure), el("div", { class: "zi-wide" }, table), FIGURES.map((field) => this.places.get(field).node), this.year, this.warnings),
      el("section", {}, el("h4", { text: "Sebab dan tindak lanjut" }), add("sebab", "Sebab berhasil atau gagal", words()), add("tindak_lanjut", "Tindak lanjut", words()),
        el("div", { class: "zi-pair" }, add("penanggung_jawab", "Penanggung jawab (jabatan)", line()), add("batas_waktu", "Batas waktu", Object.assign(line(), { placeholder: "mis. 30 Juni 2026" }), FIGURE_PAUSE))),
      el("section", {}, el("h4", { text: "Anggaran dan bukti" }),
        el("div", { class: "zi-pair" }, el("div", {}, add("realisasi_anggaran", "Realisasi anggaran, rupiah", Object.assign(figure(), { className: "zi-money" }), FIGURE_PAUSE), this.ceiling),
          el("div", {}, add("bukti", "Bukti", line()), this.link))),
      el("section", { class: "zi-check" }, el("h4", { text: "Yang perlu diperiksa" }), this.findings),
      el("footer", {}, this.saved, this.historyButton), this.history);
  }

  set(item) {
    const was = this.item;
    this.item = item;
    setText(this.title, `${item.number}. ${item.name}`);
    if (was?.light !== item.light) this.badge.replaceChildren(badge(item.class, item.icon, item.label));
    setText(this.sub, [item.goal, item.facts].join(" · "));
    setText(this.formula, item.formula);
    show(this.formula, Boolean(item.formula));
    // eslint-disable-next-line no-restricted-properties -- drawn by our own code, which escapes names
    if (was?.figure !== item.figure) this.picture.innerHTML = item.figure;
    this.percent.replaceChildren("Capaian ", el("strong", { text: item.percent }), item.outlook ? `; akhir tahun ${item.outlook}` : "");
    setText(this.reason, item.reason);
    setText(this.method, item.method && item.quarter < 4 ? `Cara memperkirakan: ${item.method}.` : "");
    item.targets.forEach((text, i) => setText(this.targets[i], text));
    this.heads.forEach((head, i) => head.classList.toggle("now", i + 1 === item.quarter));
    setText(this.measure, item.measure ? `(${item.measure})` : "");
    setText(this.year, `Target setahun ${item.year}. Kosong berarti belum ada; nol ditulis 0.`);
    setText(this.ceiling, `Pagu ${item.ceiling}; terserap ${item.absorption}`);
    this.link.replaceChildren(...item.evidence.filter((link) => link.href).map(evidenceText));
    show(this.link, this.link.hasChildNodes());
    this.findings.replaceChildren(...(item.findings.length
      ? item.findings.map((found) => el("li", {}, el("strong", { text: `${found.title}. ` }), `${found.seen} ${found.check}`))
      : [el("li", { class: "zi-none", text: "Tidak ada." })]));
    this.warnings.replaceChildren(...item.warnings.map((text) => el("li", { text })));
    for (const [field, place] of this.places) place.accept(item.values[field]);
  }

  setReadOnly(isReadOnly) {
    for (const place of this.places.values()) place.input.readOnly = isReadOnly;
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
