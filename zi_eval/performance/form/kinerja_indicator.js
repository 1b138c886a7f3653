// One indicator of a unit's performance, opened.

const FIGURES = ["realisasi_tw1", "realisasi_tw2", "realisasi_tw3", "realisasi_tw4"];
const QUARTERS = ["TW I", "TW II", "TW III", "TW IV"];

/** One indicator, opened: its path, its figures to fill in, why it deviates and what is done. */
class IndicatorRow extends TableRow {
  sections() {
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
          FIGURES.map((field, i) => el("td", { class: "num" }, this.add(field, `Realisasi ${QUARTERS[i]}`, figureInput(), FIGURE_PAUSE, true))))));
    this.measure = el("span", { class: "zi-meta" });
    this.ceiling = el("p", { class: "zi-meta" });
    this.findings = el("ul", { class: "zi-findings" });
    const money = Object.assign(figureInput(), { className: "zi-money" });
    return [this.formula,
      el("div", { class: "zi-now" }, this.picture, el("div", {}, this.percent, this.reason, this.method)),
      el("section", {}, el("h4", {}, "Realisasi tiap triwulan ", this.measure), el("div", { class: "zi-wide" }, table), FIGURES.map((field) => this.places.get(field).node), this.year, this.warnings),
      el("section", {}, el("h4", { text: "Sebab dan tindak lanjut" }), this.add("sebab", "Sebab berhasil atau gagal", textInput()), this.add("tindak_lanjut", "Tindak lanjut", textInput()),
        el("div", { class: "zi-pair" }, this.add("penanggung_jawab", "Penanggung jawab (jabatan)", lineInput()), this.add("batas_waktu", "Batas waktu", Object.assign(lineInput(), { placeholder: "mis. 30 Juni 2026" }), FIGURE_PAUSE))),
      el("section", {}, el("h4", { text: "Anggaran dan bukti" }),
        el("div", { class: "zi-pair" }, el("div", {}, this.add("realisasi_anggaran", "Realisasi anggaran, rupiah", money, FIGURE_PAUSE), this.ceiling),
          el("div", {}, this.add("bukti", "Bukti", lineInput()), this.link))),
      el("section", { class: "zi-check" }, el("h4", { text: "Yang perlu diperiksa" }), this.findings)];
  }

  set(item) {
    const was = this.item;
    super.set(item);
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
    this.findings.replaceChildren(...(item.findings.length
      ? item.findings.map((found) => el("li", {}, el("strong", { text: `${found.title}. ` }), `${found.seen} ${found.check}`))
      : [el("li", { class: "zi-none", text: "Tidak ada." })]));
  }
}
