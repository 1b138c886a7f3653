// The recommendations to a unit: by status, what is late or old, and whose proof nobody has looked at.

class RegisterScreen extends TableForm {
  get kind() {
    return {
      row: RecommendationRow, one: "rekomendasi", list: "Rekomendasi", opened: "Rekomendasi yang dibuka", unit: "Keadaan tindak lanjut",
      selects: [["owner", "Penanggung jawab", "Semua jabatan", "owners"], ["origin", "Sumber", "Semua sumber", "origins"]],
      roles: [["unit", "Tim unit"], ["anggota", "TPI: anggota"], ["ketua", "TPI: ketua"], ["pengendali teknis", "TPI: pengendali teknis"]],
      keys: { s: "status", t: "tindak_lanjut", b: "bukti", p: "penanggung_jawab", w: "batas_waktu", c: "keterangan" },
      help: "Setiap isian langsung disimpan ke tabel tindak lanjut saat Anda meninggalkan kotaknya; tidak ada tombol simpan. Yang masih di tabel periode sebelumnya ditulis ke tabel periode ini.",
      helpKeys: [["S, T", "status, yang sudah dikerjakan"], ["B, C", "bukti, keterangan"], ["P, W", "penanggung jawab, batas waktu"], ["V", "bukti sudah diperiksa (TPI)"], ["N", "menambah rekomendasi"]],
      empty: "Belum ada rekomendasi. Tulis nama Anda, lalu pilih + Rekomendasi.",
    };
  }

  addDialog() {
    return new RecommendationDialog(this);
  }

  get isTpi() {
    return this.roleInput.value !== "unit";
  }

  firstKey(whole) {
    return whole.unit.decisions[0]?.key ?? whole.order[0];
  }

  rowText(item) {
    return [item.due, item.owner].filter(Boolean).join(" · ");
  }

  showPanel(unit) {
    const numbers = [["Belum selesai", unit.open, "rekomendasi"]];
    if (unit.audit) numbers.push(["Syarat tindak lanjut", unit.audit.text, unit.audit.note]);
    this.showNumbers(numbers);
    const more = unit.pressing > unit.decisions.length ? ` (dari ${unit.pressing})` : "";
    this.showDecisions(unit.decisions.length ? `Perlu tindakan lebih dulu${more}` : "Tidak ada yang perlu tindakan", unit.decisions);
  }

  keyAction(key) {
    if (key === "v" && this.cards.has(this.selected)) return () => this.cards.get(this.selected).verify();
    return super.keyAction(key);
  }
}

export default screenModule(RegisterScreen, "zi-table zi-tindak-lanjut", "Membuka register…");
