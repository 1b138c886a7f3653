// The screen as a whole: pages on the left, questions in the middle, the score on the right.

class Screen extends Browser {
  build(whole) {
    const isAgain = Boolean(this.form);
    if (isAgain) return this.apply(whole);
    this.form = whole.form;
    this.mode = whole.form.mode;
    this.values = whole.values;
    this.final = "";
    this.questions = new Map(Object.entries(whole.form.questions).map(([id, item]) => [id, { ...item, id }]));
    this.panel = scorePanel((doubt) => this.explainDoubt(doubt));
    this.way = wayPanel(this);
    this.tabs = sideTabs(this.panel, this.way);
    this.identity = identityPage(this, whole.form);
    this.buildFrame();
    this.finalNote = el("p", { class: "zi-final", hidden: true });
    const tools = [this.button("↶ Urungkan", () => this.send({ type: "undo" }), "Membatalkan perubahan Anda yang terakhir (U)"),
      this.button("Perubahan", () => this.changes.ask(), "Siapa mengubah apa, dan pekerjaan Anda hari ini"),
      this.screenButton, this.button("Bantuan", () => this.help.showModal())];
    if (whole.form.can_finish) {
      this.finishButton = this.button("Tetapkan final", () => this.finish.showModal());
      tools.unshift(this.finishButton);
    }
    this.help = this.helpDialog();
    this.changes = changesDialog(this);
    this.review = reviewPage(this);
    this.table = answerTable(this);
    this.extras = new Map([[REVIEW, this.review], [TABLE, this.table]]);
    this.factLabels = new Map(whole.form.facts.map((spec) => [`${spec.key} (${spec.field})`, spec.label]));
    this.finish = this.finishDialog();
    this.explaining = this.explainDialog();
    this.search = el("input", { type: "search", id: `${this.prefix}-cari`, autocomplete: "off", placeholder: "Cari… ( / )" });
    this.search.addEventListener("input", () => this.find(this.search.value.trim().toLowerCase(), this.filters));
    this.chips = whole.form.filters.map((filter) => {
      const count = el("span", { class: "zi-count-tag" });
      const chip = el("button", { type: "button", class: "zi-chip", "aria-pressed": "false",
        on: { click: () => this.toggleFilter(filter.id) } }, filter.label, " ", count);
      return Object.assign(chip, { filter: filter.id, count });
    });
    this.links = new Map();
    const link = (id, title) => {
      const bar = this.extras.has(id) ? null : el("span", { class: "zi-nav-bar", "aria-hidden": "true" }, el("span"));
      const count = el("span", { class: "zi-nav-count" });
      const node = el("button", { type: "button", class: "zi-nav-link", on: { click: () => this.select(id) } }, el("span", { class: "zi-nav-title", text: title }), count, bar);
      this.links.set(id, Object.assign(node, { bar, count }));
      return el("li", {}, node);
    };
    const groups = new Map();
    for (const page of whole.form.pages) groups.set(page.group, [...(groups.get(page.group) ?? []), page]);
    this.nav = el("nav", { class: "zi-nav", "aria-label": "Halaman" }, el("ul", {}, link(ALL, "Semua pertanyaan"), [...this.extras].map(([id, page]) => link(id, page.title))),
      [...groups].map(([group, pages]) => [group ? el("h3", { text: group }) : null, el("ul", {}, pages.map((page) => link(page.id, page.title)))]));
    this.heading = el("h3", { class: "zi-heading", tabindex: "-1" });
    this.hint = el("p", { class: "zi-hint" });
    this.main = el("div", { class: "zi-list" });
    this.turning = el("div", { class: "zi-turn" }, this.button("← Halaman sebelumnya", () => this.turn(-1)), this.button("Halaman berikutnya →", () => this.turn(1)));
    this.middle = el("div", { class: "zi-middle", role: "region", "aria-label": "Pertanyaan", tabindex: "-1" }, this.heading, this.hint, this.main, this.turning);
    const bar = el("div", { class: "zi-bar-top", role: "search" },
      el("label", { class: "zi-hidden", for: this.search.id, text: "Cari pertanyaan" }), this.search, el("div", { class: "zi-chips", role: "group", "aria-label": "Saring pertanyaan" }, this.chips));
    this.root.replaceChildren(
      this.header(tools),
      this.lost, this.notices, this.finalNote, el("div", { class: "zi-body" }, this.nav, el("div", { class: "zi-center" }, bar, this.middle), this.panel),
      this.toast, this.help, this.changes, this.finish, this.explaining);
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    watchDrops(this);
    this.root.addEventListener("focusin", ({ target }) => { this.lastCard = target.closest(".zi-card[data-question]") ?? this.lastCard; });
    this.apply(whole);
    this.select(this.links.has(this.remembered) ? this.remembered : whole.form.pages[0].id, true);
    this.showState();
    this.root.dataset.ready = "true";
    this.root.scrollIntoView({ block: "nearest" });
  }

  receiveOwn(message) {
    if (message.type === "way") this.way.set(message);
    if (message.type === "file") this.download(message);
    if (message.type === "changes") this.changes.set(message);
  }

  apply(patch) {
    super.apply(patch);
    Object.assign(this.values, patch.values ?? {});
    for (const [key, value] of Object.entries(patch.values ?? {})) this.cards.get(key)?.set(value);
    if (patch.identity) {
      this.identity.set(patch.identity);
      this.showTitle(patch.identity);
    }
    if (patch.score) {
      this.panel.set(patch.score);
      this.tabs.setGoal(patch.score.goal);
    }
    if (patch.score || patch.values || patch.identity) this.way.ask();
    if (patch.progress) this.showProgress(patch.progress);
    if ("final" in patch) this.showFinal(patch.final);
    if ("unfinished" in patch) this.unfinished = patch.unfinished;
    if (patch.identity) this.facts = patch.identity;
    if (patch.score) this.doubts = patch.score.doubt_list;
    this.review.set(leftOver(this));
    if (this.table.isConnected) this.table.open();
    setText(this.left, `Yang belum selesai: ${this.unfinished}.`);
    show(this.whyFinal, Boolean(this.unfinished) && !this.final);
    this.showCounts();
  }

  get isReadOnly() {
    return super.isReadOnly || Boolean(this.final);
  }

  setReadOnly() {
    super.setReadOnly();
    this.identity?.setReadOnly(this.isReadOnly || this.mode === "tpi"); // what the unit states, only the unit changes
  }

  download(message) {
    const link = el("a", { href: URL.createObjectURL(new Blob(["\ufeff", message.text], { type: "text/csv" })), download: message.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  showTitle(identity) {
    setText(this.title, identity.name);
    setText(this.subtitle, identity.subtitle);
  }

  showFinal(final) {
    this.final = final ?? "";
    setText(this.finalNote, this.final);
    show(this.finalNote, Boolean(this.final));
    if (this.finishButton) setText(this.finishButton, this.final ? "Buka kembali" : "Tetapkan final");
    this.setReadOnly();
  }

  showProgress(progress) {
    for (const [id, item] of Object.entries(progress)) {
      const link = this.links.get(id);
      if (!link) continue;
      setText(link.count, item.text);
      link.bar.firstChild.style.width = `${item.total ? (item.done / item.total) * 100 : 0}%`;
      link.classList.toggle("done", item.total > 0 && item.done === item.total);
    }
  }

  /** How many things must still be done, at the link to their list. */
  showLeft(count) {
    const link = this.links.get(REVIEW);
    setText(link.count, count ? String(count) : "");
    link.classList.toggle("done", count === 0);
  }

  showCounts() {
    const flags = {};
    for (const value of Object.values(this.values)) for (const flag of value.flags) flags[flag] = (flags[flag] ?? 0) + 1;
    for (const chip of this.chips) setText(chip.count, String(flags[chip.filter] ?? 0));
    // Without data that propose anything there is nothing to be different from.
    const isProposed = Object.values(this.values).some((value) => value.proposals.length > 0);
    for (const chip of this.chips) if (chip.filter === "unlike") show(chip, isProposed);
  }

  // --- dialogs ---

  helpDialog() {
    const keys = [["J / K atau ↓ / ↑", "pertanyaan berikutnya, sebelumnya"], ["A sampai E, Y, T, atau angka", "memilih jawaban pertanyaan yang disorot"],
      ["I", "isian angka"], ["N", "catatan"], ["Delete", "mengosongkan jawaban"], ["R", "riwayat pertanyaan"], ["/", "mencari"], ["[ / ]", "halaman sebelumnya, berikutnya"],
      ["G", "yang tersisa, dan kembali"], ["U atau Ctrl+Z", "mengurungkan perubahan terakhir Anda"], ["Esc", "keluar dari kotak isian"], ["?", "bantuan ini"]];
    if (this.mode === "tpi") keys.splice(2, 0, ["S", "setuju atau mengesahkan jawaban TPI, lalu ke pertanyaan berikutnya"], ["M", "mengembalikan ke unit"]);
    else keys.splice(4, 0, ["L", "menambah bukti"]);
    return this.keysDialog("Setiap perubahan langsung disimpan; tidak ada tombol simpan. Di luar kotak isian, tombol berikut berlaku:", keys);
  }

  explainDialog() {
    const id = `${this.prefix}-penjelasan`;
    const what = el("p", {});
    const text = el("textarea", { id, rows: 5 });
    const go = el("button", { type: "button", class: "zi-button", text: "Simpan penjelasan", on: { click: () => { if (!text.value.trim()) return text.focus(); this.send({ type: "explain", doubt: node.doubt, text: text.value }); node.close(); } } });
    const node = this.dialog("Menjelaskan keraguan", go, what,
      el("div", { class: "zi-field" }, el("label", { for: id, text: "Mengapa keraguan ini tidak mengubah putusan?" }), text),
      el("p", { class: "zi-hint", text: "Disimpan dengan nama, peran, dan waktu Anda, dan ditampilkan bersama putusan. Penjelasan unit berlaku pada penilaian unit; pada evaluasi TPI hanya penjelasan TPI." }));
    node.ask = (doubt) => { node.doubt = doubt.id; setText(what, doubt.what); text.value = ""; node.showModal(); };
    return node;
  }

  explainDoubt(doubt) {
    if (this.isReadOnly) return;
    if (doubt.explained) this.send({ type: "explain", doubt: doubt.id, text: "" });
    else this.explaining.ask(doubt);
  }

  finishDialog() {
    const go = el("button", { type: "button", class: "zi-button", text: "Ya, lanjutkan", on: { click: () => { this.send({ type: "finish", is_final: !this.final, reason: reason.value }); this.finish.close(); } } });
    const id = `${this.prefix}-alasan-final`;
    const reason = el("textarea", { id, rows: 3 });
    this.left = el("p", { class: "zi-doubts" });
    this.whyFinal = el("div", { class: "zi-field" }, this.left, el("label", { for: id, text: "Mengapa tetap final? Alasan ini dicatat dan ditampilkan dengan laporan." }), reason);
    return this.dialog("Status final", go, this.whyFinal, el("p", { text: "Setelah final, jawaban unit dan TPI tidak dapat diubah sampai pengendali teknis membukanya kembali. Keputusan ini dicatat dengan nama dan waktu." }));
  }
}

export default screenModule(Screen, "", "Membuka formulir…");
