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
    this.asked = new Map(); // number of a question -> who waits for its answer
    this.count = 0;
    this.heard = Date.now();
    this.isLost = false;
    this.filters = new Set();
    this.query = "";
    this.selected = null;
  }

  /** What a kind of screen watches while it is on the page; returns what ends that. */
  enter() {
    return () => {};
  }

  /** Send what is typed and waits for a pause. */
  flush() {
    for (const field of this.fields.values()) if (field.timer) field.send();
  }

  /** Make what stands around every screen: its title, its state, and what it says to people. */
  buildFrame() {
    this.title = el("h2", {});
    this.subtitle = el("p", { class: "zi-sub" });
    this.state = el("span", { class: "zi-state", role: "status" });
    this.toast = el("p", { class: "zi-toast", role: "status", hidden: true });
    this.lost = el("p", { class: "zi-lost", role: "alert", hidden: true,
      text: "Tidak tersambung: isian sekarang tidak disimpan. Jalankan lagi sel ini (Shift+Enter), atau muat ulang halaman; yang sudah tersimpan tetap ada." });
    this.noticeList = el("ul", { role: "status" });
    this.notices = el("div", { class: "zi-notices", hidden: true }, this.noticeList,
      el("button", { type: "button", class: "zi-link", text: "Tutup", on: { click: () => show(this.notices, false) } }));
    this.screenButton = this.button("Layar penuh", () => this.fullScreen());
    this.root.addEventListener("fullscreenchange", () => setText(this.screenButton, document.fullscreenElement ? "Keluar dari layar penuh" : "Layar penuh"));
    this.watchFocus();
  }

  // --- the focus, which the keys need: never left at what is gone ---

  watchFocus() {
    this.root.tabIndex = -1; // so that a click between two controls stays in the form
    this.focusPath = null; // what has the focus and what it stands in, nearest first
    this.root.addEventListener("focusin", ({ target }) => {
      if (target === this.root) return;
      this.focusPath = [];
      for (let node = target; node !== this.root; node = node.parentElement) this.focusPath.push(node);
    });
    this.root.addEventListener("focusout", ({ target, relatedTarget }) => {
      if (relatedTarget ? !this.root.contains(relatedTarget) : canFocus(target)) this.hasLeft = true;
    });
    this.root.addEventListener("focusin", () => { this.hasLeft = false; });
    this.root.addEventListener("click", () => this.keepFocus());
  }

  /** After what happens now: focus what is nearest to what had the focus, where that is gone or hidden. */
  keepFocus() {
    requestAnimationFrame(() => {
      const now = document.activeElement;
      const isLost = now === this.root || ((now === document.body || this.root.contains(now)) && !this.hasLeft && !canFocus(now));
      if (!isLost || !this.focusPath || !document.getSelection().isCollapsed) return;
      for (const node of this.focusPath) {
        if (!canFocus(node)) continue;
        node.focus({ preventScroll: true });
        if (document.activeElement === node) return;
      }
      this.focusHome();
    });
  }

  /** Focus where the keys work when nothing nearer is left. */
  focusHome() {}

  button(text, click, title) {
    return el("button", { type: "button", class: "zi-button small", text, title, on: { click } });
  }

  /** The top of the screen, with its tools on the right. */
  header(...tools) {
    return el("div", { class: "zi-top" }, el("div", {}, this.title, el("div", { class: "zi-line" }, this.subtitle, this.state)), el("div", { class: "zi-tools" }, tools));
  }

  dialog(title, act, ...children) {
    const id = `${this.prefix}-dialog-${title.replaceAll(" ", "-")}`;
    const node = el("dialog", { class: "zi-dialog", "aria-labelledby": id }, el("h3", { id, text: title }), ...children,
      el("div", { class: "zi-actions" }, act, this.button("Tutup", () => node.close())));
    return node;
  }

  /** A dialog that says what the keys do. */
  keysDialog(text, keys) {
    const node = this.dialog("Bantuan", null, el("p", { text }),
      el("dl", { class: "zi-keys" }, keys.map(([key, does]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: does })])));
    Object.assign(node.querySelector("h3"), { tabIndex: -1, autofocus: true }); // read from its top
    return node;
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  /** Remember in this browser what is open, so that a reloaded page opens it again. */
  remember(id) {
    try { sessionStorage.setItem(`zi-eval ${this.form.store}`, id); } catch { /* storage may be closed */ }
  }

  get remembered() {
    try { return sessionStorage.getItem(`zi-eval ${this.form.store}`); } catch { return null; }
  }

  send(message) {
    try {
      this.model.send({ ...message, view: this.view });
    } catch { // the kernel is gone: the missing answer says so
      this.heard = Math.min(this.heard, Date.now() - LOST);
    }
  }

  /** Send a message that has an answer of its own, and wait for that. */
  ask(message) {
    const number = ++this.count;
    return new Promise((resolve) => {
      this.asked.set(number, resolve);
      this.send({ ...message, number });
    });
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
      if (!this.root.contains(sent.fields[0].node ?? null)) this.say(message.text);
    }
    if (message.type === "conflict" && sent) this.showConflict(sent, message);
    if (message.type === "said" && isMine) this.say(message.text, message.key);
    if (message.type === "history" && isMine) this.cards.get(message.key)?.setHistory(message.changes);
    if (isMine) this.receiveOwn(message);
    if (isMine && this.asked.has(message.number)) {
      this.asked.get(message.number)(message);
      this.asked.delete(message.number);
    }
    if (message.patch) this.apply(message.patch);
    this.showState();
    this.keepFocus();
  }

  /** Take a message that only this kind of screen knows. */
  receiveOwn() {}

  apply(patch) {
    if (patch.notices) {
      this.noticeList.replaceChildren(...patch.notices.map((text) => el("li", { text })));
      show(this.notices, patch.notices.length > 0);
    }
    if (patch.news) this.say(patch.news);
  }

  // --- what is saved and what is not ---

  showSaving() {
    if (this.isLost) return;
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
    return this.isLost;
  }

  setReadOnly() {
    for (const card of this.cards.values()) card.setReadOnly(this.isReadOnly);
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
      el("p", {}, el("strong", { text: `${message.what}: ` }), `${message.who} mengubahnya${message.time ? ` pukul ${clock(message.time)}` : ""} menjadi:`),
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
    if (key) this.showChanged(key);
  }

  /** Show where something changed. */
  showChanged(key) {
    this.goTo(key);
  }
}
