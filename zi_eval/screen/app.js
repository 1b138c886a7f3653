// Between the screen and the kernel: what is sent, what was saved, what others did meanwhile.

const BEAT = 2500; // ms between signs of life
const LOST = 7000; // ms of silence after which the screen says that nothing is being saved

class App {
  static views = 0;

  constructor(model, root) {
    App.views += 1;
    this.model = model;
    this.root = root;
    this.prefix = `zi${App.views}`;
    this.view = Math.random().toString(36).slice(2);
    this.fields = new Map();
    this.cards = new Map();
    this.sent = new Map(); // change number -> what was sent
    this.count = 0;
    this.heard = Date.now();
    this.isLost = false;
    this.filters = new Set();
    this.query = "";
    this.selected = null;
  }

  send(message) {
    try {
      this.model.send({ ...message, view: this.view });
    } catch { // the kernel is gone: the missing answer says so
      this.heard = Math.min(this.heard, Date.now() - LOST);
    }
  }

  /** Send the values of some fields as one step. */
  change(fields) {
    const number = ++this.count;
    const parts = fields.map((field) => ({ key: field.key, field: field.field, value: field.read(), seen: field.seen }));
    fields.forEach((field, i) => {
      clearTimeout(field.timer);
      Object.assign(field, { timer: 0, seen: parts[i].value, waiting: field.waiting + 1 });
    });
    const message = { type: "change", number, parts };
    this.sent.set(number, { fields, parts, message, time: Date.now() });
    this.send(message);
    this.showSaving();
  }

  /** Answer a message of the kernel; those meant for another view of this form only bring news. */
  receive(message) {
    this.heard = Date.now();
    if (this.isLost) this.setLost(false);
    const isMine = message.view === this.view;
    if (message.type === "whole" && isMine) return this.build(message);
    if (!this.form) return;
    const sent = isMine ? this.sent.get(message.number) : null;
    if (sent) {
      this.sent.delete(message.number);
      for (const field of sent.fields) field.waiting -= 1;
    }
    if (message.type === "saved" && isMine) {
      this.savedAt = message.time;
      for (const field of sent?.fields ?? []) field.node?.setError?.("");
      this.cards.get(sent?.fields[0].key ?? message.key)?.setSaved(clock(message.time));
    }
    if (message.type === "refused" && sent) {
      sent.fields.forEach((field, i) => field.refuse(message.current[i]));
      sent.fields[0].node?.setError?.(message.text);
    }
    if (message.type === "conflict" && sent) this.showConflict(sent, message);
    if (message.type === "said" && isMine) this.say(message.text, message.key);
    if (message.type === "history" && isMine) this.cards.get(message.key)?.setHistory(message.changes);
    if (message.type === "way" && isMine) this.way.set(message);
    if (message.type === "file" && isMine) this.download(message);
    if (message.patch) this.apply(message.patch);
    this.showState();
  }

  apply(patch) {
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
    if (patch.notices) {
      this.noticeList.replaceChildren(...patch.notices.map((text) => el("li", { text })));
      show(this.notices, patch.notices.length > 0);
    }
    if ("final" in patch) this.showFinal(patch.final);
    if (patch.news) this.say(patch.news);
    this.showCounts();
  }

  // --- what is saved and what is not ---

  showSaving() {
    setText(this.state, "Menyimpan…");
    this.state.className = "zi-state saving";
  }

  showState() {
    const isBusy = this.sent.size > 0 || [...this.fields.values()].some((field) => field.timer);
    const conflicts = [...this.fields.values()].filter((field) => field.conflict).length;
    const held = [...this.fields.values()].filter((field) => field.isHeld).length;
    const refused = [...this.fields.values()].filter((field) => field.isRefused).length;
    if (this.isLost) return;
    if (conflicts) {
      setText(this.state, `⚠ ${conflicts} isian menunggu pilihan Anda`);
      this.state.className = "zi-state waiting";
    } else if (refused) {
      setText(this.state, `⚠ ${refused} isian tidak tersimpan, perbaiki dulu`);
      this.state.className = "zi-state waiting";
    } else if (held) {
      setText(this.state, `⚠ ${held} jawaban menunggu catatan`);
      this.state.className = "zi-state waiting";
    } else if (isBusy) this.showSaving();
    else {
      setText(this.state, this.savedAt ? `✓ Tersimpan ${clock(this.savedAt)}` : "✓ Semua tersimpan");
      this.state.className = "zi-state";
    }
  }

  beat() {
    const now = Date.now();
    const oldest = Math.min(...[...this.sent.values()].map((item) => item.time), now);
    if (now - this.heard > LOST || now - oldest > LOST) this.setLost(true);
    this.send({ type: "ping" });
  }

  setLost(isLost) {
    if (isLost === this.isLost) return;
    this.isLost = isLost;
    show(this.lost, isLost);
    this.setReadOnly();
    if (isLost) {
      setText(this.state, "⚠ Tidak tersimpan");
      this.state.className = "zi-state waiting";
    } else if (!this.form) this.send({ type: "open" });
    else for (const item of this.sent.values()) {
      item.time = Date.now();
      this.send(item.message);
    }
  }

  get isReadOnly() {
    return this.isLost || Boolean(this.final);
  }

  setReadOnly() {
    for (const card of this.cards.values()) card.setReadOnly(this.isReadOnly);
    this.identity?.setReadOnly(this.isReadOnly || this.mode === "tpi"); // what the unit states, only the unit changes
  }

  showConflict(sent, message) {
    const field = this.fields.get(`${message.key} ${message.field}`) ?? sent.fields[0];
    sent.fields.forEach((other, i) => { if (other !== field) other.seen = sent.parts[i].seen; });
    const mine = field.read();
    field.conflict = message;
    const settle = (value) => {
      box.remove();
      field.conflict = null;
      field.seen = message.current ?? null;
      field.write(value);
      field.send();
      this.cards.get(field.key)?.focus();
    };
    const mineButton = el("button", { type: "button", class: "zi-button small", text: "Pakai punya saya", on: { click: () => settle(mine) } });
    const theirs = el("button", { type: "button", class: "zi-button small", text: `Pakai punya ${message.who}`, on: { click: () => settle(message.current) } });
    const box = el("div", { class: "zi-conflict", role: "alert" },
      el("p", {}, el("strong", { text: `${message.what}: ` }), `${message.who} mengubahnya pukul ${clock(message.time)} menjadi:`),
      el("p", { class: "zi-said", text: message.current_text }),
      el("p", {}, `Isian Anda, yang belum disimpan: `, el("span", { class: "zi-said", text: message.mine_text })),
      el("div", { class: "zi-actions" }, mineButton, theirs));
    field.node.append(box);
    this.reveal(box);
  }

  say(text, key) {
    setText(this.toast, "");
    this.toast.textContent = text;
    show(this.toast, true);
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => show(this.toast, false), 6000);
    if (key) this.goTo(key);
  }

  download(message) {
    const link = el("a", { href: URL.createObjectURL(new Blob(["\ufeff", message.text], { type: "text/csv" })), download: message.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}
