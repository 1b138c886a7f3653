// One recommendation of a register, opened, and what describes one that is added.

const STATES = [["belum", "Belum"], ["proses", "Proses"], ["selesai", "Selesai"], ["tidak dapat ditindaklanjuti", "Tidak dapat ditindaklanjuti"]];
const ORIGINS = ["LHE", "TPI", "TPN", "APIP", "BPK", "lainnya"];

const choiceInput = (options) => el("select", {}, options.map(([value, text]) => el("option", { value, text })));

/** One recommendation, opened: what is asked, what became of it with its proof, and who looked at that. */
class RecommendationRow extends TableRow {
  sections() {
    this.text = el("p", { class: "zi-said" });
    this.asked = el("ul", { class: "zi-findings" });
    this.seen = el("p", {});
    this.verifyButton = el("button", { type: "button", class: "zi-button small", text: "Bukti sudah saya periksa (V)", on: { click: () => this.verify() } });
    this.verifyHint = el("p", { class: "zi-meta", text: "Pemeriksaan dicatat oleh TPI; pilih peran Anda di atas." });
    return [this.text, this.asked,
      el("section", {}, el("h4", { text: "Tindak lanjut" }),
        el("div", { class: "zi-pair" }, this.add("status", "Status", choiceInput(STATES)), this.add("batas_waktu", "Batas waktu", Object.assign(lineInput(), { placeholder: "mis. 30 Juni 2026" }), FIGURE_PAUSE)),
        this.add("tindak_lanjut", "Yang sudah dikerjakan", textInput()),
        el("div", { class: "zi-pair" }, el("div", {}, this.add("bukti", "Bukti (tautan atau nama berkas)", lineInput()), this.link), this.add("penanggung_jawab", "Penanggung jawab (jabatan)", lineInput())),
        this.add("keterangan", "Keterangan", lineInput()), this.warnings),
      el("section", { class: "zi-check" }, el("h4", { text: "Pemeriksaan bukti" }), this.seen, this.verifyButton, this.verifyHint)];
  }

  set(item) {
    super.set(item);
    setText(this.sub, item.facts);
    setText(this.text, item.text);
    show(this.text, Boolean(item.text));
    this.asked.replaceChildren(...item.questions.map((asked) => el("li", {}, el("span", { class: "zi-id", text: asked.id }), ` ${asked.text}`)));
    show(this.asked, item.questions.length > 0);
    setText(this.seen, item.verified ? `✓ Diperiksa ${item.verified}` : item.can_verify ? "Belum ada yang memeriksa buktinya." : "Diperiksa setelah statusnya selesai.");
    this.showVerify();
  }

  setReadOnly(isReadOnly) {
    super.setReadOnly(isReadOnly);
    this.showVerify();
  }

  showVerify() {
    if (!this.item) return;
    show(this.verifyButton, this.item.can_verify && this.app.isTpi);
    show(this.verifyHint, this.item.can_verify && !this.app.isTpi);
    this.verifyButton.disabled = this.app.isReadOnly;
  }

  verify() {
    if (!this.verifyButton.hidden && !this.verifyButton.disabled) this.app.send({ type: "verify", key: this.key });
  }
}

class RecommendationDialog extends AddDialog {
  get words() {
    return { one: "rekomendasi", title: "Tambah rekomendasi", own: "Rekomendasi atau temuan lain, ditulis sendiri",
      intro: "Pilih dari catatan TPI, LHE, atau keputusan TPN, atau tulis sendiri, mis. temuan APIP dan BPK." };
  }

  ownParts() {
    return [el("div", { class: "zi-pair" }, this.field("sumber", "Sumber", "", choiceInput(ORIGINS.map((origin) => [origin, origin]))), this.field("nomor", "Nomor", "mis. 700/12/2026-1")),
      this.field("rekomendasi", "Isi rekomendasi", "", textInput()),
      el("div", { class: "zi-pair" }, this.field("tanggal", "Tanggal laporannya", "mis. 10 November 2026"), this.field("batas_waktu", "Batas waktu", "mis. 31 Maret 2027")),
      el("div", { class: "zi-pair" }, this.field("penanggung_jawab", "Penanggung jawab (jabatan)"), this.field("pertanyaan", "Pertanyaan LKE yang terkait", "mis. A.I.1.i.b"))];
  }
}
