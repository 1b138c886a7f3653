// What describes an activity that is added.

class ActivityDialog extends AddDialog {
  get words() {
    return { one: "kegiatan", title: "Tambah kegiatan", own: "Kegiatan lain, ditulis sendiri",
      intro: "Pilih dari usulan, atau tulis sendiri. Sesudah ditambahkan, targetnya diubah di tabelnya." };
  }

  ownParts() {
    this.months = MONTH_NAMES.map((name, i) => Object.assign(el("input", { type: "checkbox", id: `${this.app.prefix}-baru-bulan-${i}` }), { month: i + 1 }));
    return [this.field("kegiatan", "Nama kegiatan"),
      el("div", { class: "zi-pair" }, this.field("pertanyaan", "Pertanyaan LKE yang dibangun", "mis. A.I.1.ii.a; A.I.1.ii.b"), this.field("jawaban_dituju", "Jawaban yang dituju", "mis. Ya; A")),
      el("div", { class: "zi-pair" }, this.field("keluaran", "Keluaran", "mis. laporan evaluasi"), this.field("satuan", "Satuan", "mis. dokumen")),
      el("div", { class: "zi-pair" }, this.field("penanggung_jawab", "Penanggung jawab (jabatan)"), this.field("target", "Target tiap bulan", "1")),
      el("fieldset", { class: "zi-month-choice" }, el("legend", { text: "Bulan" }), this.months.map((box) => el("label", { for: box.id }, box, ` ${MONTH_NAMES[box.month - 1]}`)))];
  }

  more() {
    return { bulan: this.months.filter((box) => box.checked).map((box) => box.month) };
  }

  clear() {
    super.clear();
    for (const box of this.months) box.checked = false;
  }
}
