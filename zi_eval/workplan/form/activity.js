// One activity of a work plan, opened.

const MONTH_NAMES = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
const MONTH_FIELDS = MONTH_NAMES.map((name) => `realisasi_${name.slice(0, 3).toLowerCase()}`);

/** One activity, opened: month by month, its proof and what hinders it, and what it is for. */
class ActivityRow extends TableRow {
  sections() {
    this.facts = el("p", { class: "zi-guide" });
    this.done = el("p", { class: "zi-percent" });
    this.reason = el("p", {});
    this.measure = el("span", { class: "zi-meta" });
    this.months = MONTH_NAMES.map((name, i) => {
      const target = el("span", { class: "zi-meta" });
      const cell = this.add(MONTH_FIELDS[i], `Realisasi ${name}`, figureInput(), FIGURE_PAUSE, true);
      const { input } = this.places.get(MONTH_FIELDS[i]);
      const head = el("div", { class: "zi-month-head", id: `${input.id}-month` }, el("span", { class: "zi-month-name", text: name }), target);
      input.setAttribute("aria-describedby", `${head.id} ${input.getAttribute("aria-describedby")}`); // who types hears the target too
      return Object.assign(el("div", { class: "zi-month" }, head, cell), { target });
    });
    this.asked = el("ul", { class: "zi-findings" });
    this.brings = el("p", { class: "zi-brings" });
    return [this.facts, el("div", { class: "zi-now" }, this.done, this.reason),
      el("section", {}, el("h4", {}, "Target dan realisasi tiap bulan ", this.measure), el("div", { class: "zi-months" }, this.months), MONTH_FIELDS.map((field) => this.places.get(field).node),
        el("span", { class: "zi-meta", text: "Realisasi bulan itu sendiri, bukan jumlah berjalan. Kosong berarti belum dilaporkan; nol ditulis 0." }), this.warnings),
      el("section", {}, el("h4", { text: "Bukti dan tindak lanjut" }),
        el("div", { class: "zi-pair" }, el("div", {}, this.add("bukti", "Bukti (tautan atau nama berkas)", lineInput()), this.link), this.add("penanggung_jawab", "Penanggung jawab (jabatan)", lineInput())),
        this.add("kendala", "Kendala", textInput()), this.add("tindak_lanjut", "Tindak lanjut", textInput())),
      el("section", { class: "zi-check" }, el("h4", { text: "Pertanyaan LKE yang dibangun" }), this.asked, this.brings)];
  }

  set(item) {
    super.set(item);
    setText(this.sub, item.group);
    setText(this.facts, item.facts);
    show(this.facts, Boolean(item.facts));
    this.done.replaceChildren(el("strong", { text: item.done }));
    setText(this.reason, item.reason);
    setText(this.measure, item.measure ? `(${item.measure})` : "");
    item.months.forEach((month, i) => {
      this.months[i].className = `zi-month ${month.class}`.trim();
      setText(this.months[i].target, month.target ? `target ${month.target}` : "–");
    });
    this.asked.replaceChildren(...(item.questions.length
      ? item.questions.map((asked) => el("li", {}, el("span", { class: "zi-id", text: asked.id }), ` ${asked.text} `, el("span", { class: "zi-meta", text: `Jawaban: ${asked.answer}.` })))
      : [el("li", { class: "zi-none", text: "Tidak menyebut pertanyaan." })]));
    setText(this.brings, item.brings);
    show(this.brings, Boolean(item.brings));
  }

  /** Return the field of the month to report next: the first planned one without a figure, or else the one after the last figure. */
  get nextMonth() {
    const isEmpty = MONTH_FIELDS.map((field) => this.item.values[field] === null);
    const planned = this.item.months.findIndex((month, i) => month.target && isEmpty[i]);
    return MONTH_FIELDS[planned < 0 ? Math.min(isEmpty.lastIndexOf(false) + 1, 11) : planned];
  }
}
