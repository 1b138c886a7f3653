// A unit's work plan of building ZI: its activities area by area, progress, and what presses.

class WorkPlanScreen extends TableForm {
  get kind() {
    return {
      row: ActivityRow, one: "kegiatan", list: "Kegiatan", opened: "Kegiatan yang dibuka", unit: "Kemajuan rencana",
      selects: [["area", "Area", "Semua area", "areas"], ["owner", "Penanggung jawab", "Semua jabatan", "owners"], ["month", "Bulan", "Semua bulan", "months"]],
      keys: { b: "bukti", h: "kendala", t: "tindak_lanjut", p: "penanggung_jawab" },
      help: "Setiap isian langsung disimpan ke tabel rencana saat Anda meninggalkan kotaknya; tidak ada tombol simpan.",
      helpKeys: [["M", "bulan berikutnya yang belum dilaporkan"], ["B, H", "bukti, kendala"], ["T, P", "tindak lanjut, penanggung jawab"], ["N", "menambah kegiatan"]],
      empty: "Rencana ini belum punya kegiatan. Tulis nama Anda, lalu pilih + Kegiatan.",
    };
  }

  addDialog() {
    return new ActivityDialog(this);
  }

  firstKey(whole) {
    return whole.unit.decisions[0]?.key ?? whole.order[0];
  }

  rowText(item) {
    return [item.done, item.owner].filter(Boolean).join(" · ");
  }

  showPanel(unit) {
    const numbers = [["Realisasi rencana", unit.reached, unit.planned]];
    if (unit.forecast) numbers.push(["Perkiraan nilai", unit.forecast.then, unit.forecast.note]);
    this.showNumbers(numbers);
    const more = unit.pressing > unit.decisions.length ? ` (dari ${unit.pressing})` : "";
    this.showDecisions(unit.decisions.length ? `Perlu tindakan lebih dulu${more}` : "Tidak ada yang perlu tindakan", unit.decisions);
  }

  keyAction(key) {
    if (key === "m" && this.cards.has(this.selected)) return () => this.goToField(this.cards.get(this.selected).nextMonth);
    return super.keyAction(key);
  }
}

export default screenModule(WorkPlanScreen, "zi-table zi-rencana", "Membuka rencana kerja…");
