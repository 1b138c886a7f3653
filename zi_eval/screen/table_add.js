// The dialog in which rows are added to a table: chosen from what is offered, or described.

/** A kind of table says by `words` how it talks, by `ownParts` what describes a row, by `more` what no text input holds. */
class AddDialog {
  /** @type {{ one: string, title: string, intro: string, own: string }} */
  get words() {
    throw new Error("words");
  }

  /** Return the inputs that describe a row, made by `field`. */
  ownParts() {
    return [];
  }

  /** Return what else describes a row. */
  more() {
    return {};
  }

  clear() {
    for (const input of Object.values(this.inputs)) input.value = input.first ?? "";
  }

  constructor(app) {
    this.app = app;
    this.inputs = {};
    this.list = el("div", { class: "zi-offers" });
    this.status = el("p", { class: "zi-none", role: "status" });
    this.error = el("p", { class: "zi-error", role: "alert", hidden: true });
    this.button = el("button", { type: "button", class: "zi-button", text: "Tambahkan", on: { click: () => this.submit() } });
    this.own = el("details", { class: "zi-offer-group" }, el("summary", { text: this.words.own }), this.ownParts());
    this.node = app.dialog(this.words.title, this.button, el("p", { text: this.words.intro }), this.status, this.list, this.own, this.error);
    this.node.classList.add("wide");
    this.list.addEventListener("change", () => this.showCount());
  }

  /** Make an input with its label. */
  field(name, label, hint = "", input = lineInput()) {
    const id = `${this.app.prefix}-baru-${name}`;
    input.id = id;
    if (hint) input.placeholder = hint;
    input.first = input.value;
    this.inputs[name] = input;
    return el("div", { class: "zi-field" }, el("label", { for: id, text: label }), input);
  }

  async open() {
    this.fail("");
    this.list.replaceChildren();
    setText(this.status, "Mencari usulan…");
    this.node.showModal();
    const answer = await this.app.ask({ type: "offer" });
    if (answer.type !== "offers") {
      setText(this.status, answer.text);
      this.own.open = true;
      return;
    }
    setText(this.status, answer.groups.length ? "" : "Tidak ada usulan; tulis sendiri di bawah.");
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
    setText(this.button, count ? `Tambahkan ${count} ${this.words.one}` : "Tambahkan");
  }

  fail(text) {
    setText(this.error, text);
    show(this.error, Boolean(text));
  }

  async submit() {
    const texts = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value]));
    const isTyped = this.own.open && Object.values(this.inputs).some((input) => input.value.trim() !== input.first);
    this.button.disabled = true;
    const answer = await this.app.ask({ type: "add", keys: this.chosen, typed: isTyped ? { ...texts, ...this.more() } : null });
    this.button.disabled = false;
    if (!answer.is_added) return this.fail(answer.text);
    this.clear();
    this.node.close();
    this.app.select(answer.key);
  }
}
