// A unit's performance: its indicators, how far the unit is, and what needs a decision.

class PerformanceScreen extends TableForm {
  get kind() {
    return {
      row: IndicatorRow, one: "indikator", list: "Indikator", opened: "Indikator yang dibuka", unit: "Kinerja unit",
      selects: [["goal", "Sasaran", "Semua sasaran", "goals"], ["owner", "Penanggung jawab", "Semua jabatan", "owners"]],
      keys: { 1: "realisasi_tw1", 2: "realisasi_tw2", 3: "realisasi_tw3", 4: "realisasi_tw4", s: "sebab", t: "tindak_lanjut",
        p: "penanggung_jawab", w: "batas_waktu", a: "realisasi_anggaran", b: "bukti" },
      help: "Setiap isian langsung disimpan ke tabel kinerja saat Anda meninggalkan kotaknya; tidak ada tombol simpan. Angka boleh ditulis 1250, 12,5, atau Rp 1.250.000,00.",
      helpKeys: [["1 sampai 4", "realisasi TW I sampai TW IV"], ["S, T", "sebab, tindak lanjut"], ["P, W", "penanggung jawab, batas waktu"], ["A, B", "realisasi anggaran, bukti"]],
    };
  }

  firstKey(whole) {
    return whole.unit.decisions[0]?.key ?? whole.order[0];
  }

  groupOf(item) {
    return item.goal;
  }

  rowText(item) {
    return [`capaian ${item.percent}`, item.owner].filter(Boolean).join(" · ");
  }

  showPanel(unit) {
    this.showNumbers([["Capaian unit", unit.percent, unit.known], ["Anggaran terserap", unit.absorption, "dari pagu"]]);
    const more = unit.pressing > unit.decisions.length ? ` (dari ${unit.pressing})` : "";
    this.showDecisions(unit.decisions.length ? `Perlu keputusan lebih dulu${more}` : "Tidak ada yang perlu keputusan", unit.decisions);
  }
}

export default screenModule(PerformanceScreen, "zi-table zi-kinerja", "Membuka tabel kinerja…");
