// The dialog in which activities are added: chosen from what is offered, or described.

class AddDialog {
  constructor(app) {
    this.app = app;
    this.list = el("div", { class: "zi-offers" });
    this.status = el("p", { class: "zi-none", role: "status" });
    this.error = el("p", { class: "zi-error", role: "alert", hidden: true });
    this.button = el("button", { type: "button", class: "zi-button", text: "Tambahkan", on: { click: () => this.submit() } });
    this.inputs = {};
    const field = (name, label, hint) => {
      const id = `${app.prefix}-baru-${name}`;
      this.inputs[name] = Object.assign(lineInput(), { id, placeholder: hint ?? "" });
      return el("div", { class: "zi-field" }, el("label", { for: id, text: label }), this.inputs[name]);
    };
    this.months = MONTH_FIELDS.map((name, i) => Object.assign(el("input", { type: "checkbox", id: `${app.prefix}-baru-${name}` }), { month: i + 1 }));
    this.own = el("details", { class: "zi-offer-group" }, el("summary", { text: "Kegiatan lain, ditulis sendiri" }),
      field("kegiatan", "Nama kegiatan"),
      el("div", { class: "zi-pair" }, field("pertanyaan", "Pertanyaan LKE yang dibangun", "mis. A.I.1.ii.a; A.I.1.ii.b"), field("jawaban_dituju", "Jawaban yang dituju", "mis. Ya; A")),
      el("div", { class: "zi-pair" }, field("keluaran", "Keluaran", "mis. laporan evaluasi"), field("satuan", "Satuan", "mis. dokumen")),
      el("div", { class: "zi-pair" }, field("penanggung_jawab", "Penanggung jawab (jabatan)"), field("target", "Target tiap bulan", "1")),
      el("fieldset", { class: "zi-month-choice" }, el("legend", { text: "Bulan" }),
        this.months.map((box) => el("label", { for: box.id }, box, ` ${MONTH_NAMES[box.month - 1]}`))));
    this.node = app.dialog("Tambah kegiatan", this.button,
      el("p", { text: "Pilih dari usulan, atau tulis sendiri. Sesudah ditambahkan, targetnya diubah di tabelnya." }), this.status, this.list, this.own, this.error);
    this.node.classList.add("wide");
    this.list.addEventListener("change", () => this.showCount());
  }

  async open() {
    this.fail("");
    this.list.replaceChildren();
    setText(this.status, "Menghitung usulan…");
    this.node.showModal();
    const answer = await this.app.ask({ type: "seeds" });
    if (answer.type !== "seeds") return setText(this.status, answer.text);
    setText(this.status, answer.groups.length ? "" : "Tidak ada usulan lagi; tulis sendiri di bawah.");
    this.own.open ||= !answer.groups.length;
    this.list.replaceChildren(...answer.groups.map((group, g) => el("details", { class: "zi-offer-group", open: g === 0 },
      el("summary", {}, group.title, " ", el("span", { class: "zi-count-tag", text: `(${group.items.length})` })),
      group.items.map((item, i) => {
        const id = `${this.app.prefix}-usulan-${g}-${i}`;
        return el("label", { class: "zi-option", for: id }, Object.assign(el("input", { type: "checkbox", id }), { offered: item.key }),
          el("span", {}, item.name, el("span", { class: "zi-meta", text: item.facts })));
      }))));
    this.showCount();
  }

  get chosen() {
    return [...this.list.querySelectorAll("input:checked")].map((box) => box.offered);
  }

  showCount() {
    const count = this.chosen.length;
    setText(this.button, count ? `Tambahkan ${count} kegiatan` : "Tambahkan");
  }

  fail(text) {
    setText(this.error, text);
    show(this.error, Boolean(text));
  }

  async submit() {
    const typed = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value]));
    typed.bulan = this.months.filter((box) => box.checked).map((box) => box.month);
    const isTyped = this.own.open && Object.values(this.inputs).some((input) => input.value.trim());
    this.button.disabled = true;
    const answer = await this.app.ask({ type: "add", keys: this.chosen, typed: isTyped ? typed : null });
    this.button.disabled = false;
    if (!answer.is_added) return this.fail(answer.text);
    for (const input of Object.values(this.inputs)) input.value = "";
    for (const box of this.months) box.checked = false;
    this.node.close();
    this.app.select(answer.key);
  }
}
