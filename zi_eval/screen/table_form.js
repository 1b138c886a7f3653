// A unit's table: its rows on the left, one of them opened in the middle, the unit on the right.

const NAME = "zi-eval nama";
const ROLE = "zi-eval peran";
const NARROW = 672; // px, the 42rem of the style

/**
 * The screen of a table. A kind of table says by `kind` what its rows are called and by what they
 * are filtered, which class opens one and which keys go to which field; by `showPanel` what stands
 * on the right.
 */
class TableForm extends App {
  /**
   * @type {{ row: typeof TableRow, one: string, list: string, opened: string, unit: string,
   *   selects: [string, string, string, string][], keys: Record<string, string>,
   *   help: string, helpKeys: [string, string][], roles?: [string, string][], empty?: string }}
   */
  get kind() {
    throw new Error("kind");
  }

  constructor(model, root) {
    super(model, root);
    this.ids = 0;
    this.rows = new Map();
    this.filter = { light: "", query: "", ...Object.fromEntries(this.kind.selects.map(([name]) => [name, ""])) };
  }

  /** Show the unit on the right, by `showNumbers` and `showDecisions`. */
  showPanel() {}

  /** Return what a row says below its name, and under which heading it stands. */
  rowText(item) {
    return item.owner;
  }

  groupOf(item) {
    return item.group;
  }

  /** Return the dialog in which rows are added, where there is one. */
  addDialog() {
    return null;
  }

  /** Return further tools. */
  tools() {
    return this.add ? [this.button(`+ ${this.kind.list}`, () => this.add.open(), `Menambah ${this.kind.one} dari usulan atau tulisan sendiri (N)`)] : [];
  }

  /** Return the key of the row that is open at first. */
  firstKey(whole) {
    return whole.order[0];
  }

  enter() {
    // A container cannot be styled by its own width; too narrow for columns, it grows with its content.
    const width = new ResizeObserver(([entry]) => this.root.classList.toggle("zi-narrow", entry.contentRect.width < NARROW));
    width.observe(this.root);
    return () => width.disconnect();
  }

  send(message) {
    super.send({ ...message, person: this.nameInput?.value ?? "", role: this.roleInput?.value });
  }

  get isReadOnly() {
    return super.isReadOnly || !this.nameInput?.value.trim();
  }

  setReadOnly() {
    super.setReadOnly();
    show(this.nameHint, !this.isLost && this.isReadOnly);
  }

  receive(message) {
    const sent = message.view === this.view ? this.sent.get(message.number) : null;
    super.receive(message);
    if (!this.form || message.view !== this.view) return;
    if (message.type === "saved") for (const field of sent?.fields ?? []) field.node.setRemark(message.remark);
    if (message.type === "refused") for (const field of sent?.fields ?? []) field.node.setRemark("");
    if (message.type === "conflict") this.select(message.key);
    if (message.type === "list") this.setList(message.keys);
  }

  build(whole) {
    if (this.form) return this.apply(whole);
    this.form = whole.form;
    this.items = {};
    this.order = [];
    this.buildFrame();
    this.nameInput = el("input", { type: "text", id: `${this.prefix}-nama`, autocomplete: "name", maxlength: "80" });
    try { this.nameInput.value = sessionStorage.getItem(NAME) ?? ""; } catch { /* storage may be closed */ }
    this.nameInput.addEventListener("input", () => {
      try { sessionStorage.setItem(NAME, this.nameInput.value.trim()); } catch { /* storage may be closed */ }
      this.setReadOnly();
    });
    this.roleInput = this.kind.roles ? this.roleChoice(this.kind.roles) : null;
    this.nameHint = el("p", { class: "zi-name-hint", hidden: true, text: "Tulis nama Anda untuk mulai mengisi; setiap perubahan dicatat dengan nama." });
    this.help = this.helpDialog();
    this.add = this.addDialog();
    this.search = el("input", { type: "search", id: `${this.prefix}-cari`, autocomplete: "off", placeholder: "Cari ( / )" });
    this.search.addEventListener("input", () => this.setFilter("query", this.search.value.trim()));
    this.selects = this.kind.selects.map(([name, label, all, of]) => ({ of, ...this.choice(label, all, name) }));
    this.chips = el("div", { class: "zi-chips", role: "group", "aria-label": "Saring menurut status" });
    this.found = el("p", { class: "zi-found", role: "status" });
    this.list = el("ul", { class: "zi-rows", "aria-label": this.kind.list });
    this.place = el("div", { class: "zi-middle", role: "region", "aria-label": this.kind.opened, tabindex: "-1" });
    this.middle = this.place;
    this.panel = el("aside", { class: "zi-panel", "aria-label": this.kind.unit, tabindex: "0" });
    this.numbers = el("dl", { class: "zi-numbers", "aria-live": "polite" });
    this.decisionTitle = el("h3", {});
    this.decisions = el("ol", { class: "zi-decisions-list" });
    this.panel.append(this.numbers, el("section", {}, this.decisionTitle, this.decisions));
    this.root.replaceChildren(
      this.header(el("div", { class: "zi-name" }, el("label", { for: this.nameInput.id, text: "Nama Anda" }), this.nameInput, this.roleInput), this.tools(),
        this.button("↶ Urungkan", () => this.undo(), "Membatalkan perubahan Anda yang terakhir (U)"), this.screenButton,
        this.button("Bantuan", () => this.help.showModal())),
      this.lost, this.notices, this.nameHint,
      el("div", { class: "zi-bar-top", role: "search" }, el("label", { class: "zi-hidden", for: this.search.id, text: `Cari ${this.kind.one}` }), this.search, this.selects.map((select) => select.node), this.chips),
      el("div", { class: "zi-body" }, el("nav", { class: "zi-side", "aria-label": `Daftar ${this.kind.one}` }, this.found, this.list), this.place, this.panel),
      this.toast, this.help, ...(this.add ? [this.add.node] : []));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    this.apply(whole);
    const start = this.remembered ?? this.firstKey(whole);
    this.select(this.items[start] ? start : whole.order[0], false);
    this.setReadOnly();
    this.showState();
    this.root.dataset.ready = "true";
  }

  /** A list of who may be at the screen; what was chosen last in this browser is chosen again. */
  roleChoice(roles) {
    const select = el("select", { "aria-label": "Peran Anda" }, roles.map(([value, text]) => el("option", { value, text })));
    try { select.value = sessionStorage.getItem(ROLE) ?? roles[0][0]; } catch { /* storage may be closed */ }
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.addEventListener("change", () => {
      try { sessionStorage.setItem(ROLE, select.value); } catch { /* storage may be closed */ }
      this.setReadOnly();
    });
    return select;
  }

  /** A list to choose one value of, by which the rows are filtered. */
  choice(label, all, name) {
    const select = el("select", { "aria-label": label }, el("option", { value: "", text: all }));
    select.addEventListener("change", () => this.setFilter(name, select.value));
    const set = (values) => {
      if (same([...select.options].slice(1).map((option) => option.value), values)) return;
      select.replaceChildren(select.options[0], ...values.map((value) => el("option", { value, text: value })));
      select.value = values.includes(this.filter[name]) ? this.filter[name] : "";
      if (select.value !== this.filter[name]) this.setFilter(name, "");
    };
    return { node: select, set };
  }

  apply(patch) {
    if (patch.order) {
      for (const [key, node] of this.rows) if (!patch.order.includes(key)) { node.remove(); this.rows.delete(key); this.cards.delete(key); delete this.items[key]; }
      this.order = patch.order;
    }
    for (const [key, item] of Object.entries(patch.items ?? {})) {
      this.items[key] = item;
      this.showRow(key, item);
      this.cards.get(key)?.set(item);
    }
    if (patch.unit) this.showUnit(patch.unit);
    super.apply(patch);
    if (patch.order || patch.items) this.askList();
    if (this.selected && !this.items[this.selected]) this.select(this.order[0], this.place.contains(document.activeElement));
    if (this.order.length) return;
    this.selected = null;
    this.place.replaceChildren(el("p", { class: "zi-none", text: this.kind.empty ?? "" }));
  }

  // --- the unit ---

  showUnit(unit) {
    setText(this.title, unit.title);
    setText(this.subtitle, unit.subtitle);
    for (const select of this.selects) select.set(unit[select.of]);
    this.showPanel(unit);
    const focused = this.chips.contains(document.activeElement) ? document.activeElement.dataset.light : null;
    this.chips.replaceChildren(...unit.lights.filter((light) => light.count || light.light === this.filter.light).map((light) =>
      el("button", { type: "button", class: `zi-chip ${light.class}`, "data-light": light.light, "aria-pressed": String(this.filter.light === light.light),
        on: { click: () => this.setFilter("light", this.filter.light === light.light ? "" : light.light) } },
      el("span", { "aria-hidden": "true", text: light.icon }), ` ${light.label} `, el("span", { class: "zi-count-tag", text: String(light.count) }))));
    if (focused !== null) this.chips.querySelector(`[data-light="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Show figures of the unit, each with what it is of. */
  showNumbers(numbers) {
    this.numbers.replaceChildren(...numbers.map(([label, text, note]) => el("div", {}, el("dt", { text: label }), el("dd", {}, el("strong", { text }), ` ${note}`))));
  }

  /** Show what presses most; a click opens it. */
  showDecisions(title, items) {
    setText(this.decisionTitle, title);
    this.decisions.replaceChildren(...items.map((item) => el("li", { class: item.class },
      el("button", { type: "button", class: "zi-decision", on: { click: () => this.select(item.key) } },
        el("span", { class: "zi-decision-name" }, badge(item.class, item.icon, item.label), ` ${item.name}`), el("span", { class: "zi-meta", text: item.outlook }), el("span", { text: item.ask })))));
  }

  // --- the list ---

  showRow(key, item) {
    let row = this.rows.get(key);
    if (!row) {
      const parts = { icon: el("span", { class: "zi-row-icon" }), name: el("span", { class: "zi-row-name" }), said: el("span", { class: "zi-meta" }) };
      row = Object.assign(el("li", {}), { parts, button: el("button", { type: "button", class: "zi-row-button", on: { click: () => this.select(key) } }, parts.icon, parts.name, parts.said) });
      row.append(row.button);
      this.rows.set(key, row);
    }
    row.parts.icon.className = `zi-row-icon ${item.class}`;
    row.parts.icon.replaceChildren(el("span", { "aria-hidden": "true", text: item.icon }), el("span", { class: "zi-hidden", text: `${item.label}: ` }));
    setText(row.parts.name, `${item.number}. ${item.name}`);
    setText(row.parts.said, this.rowText(item));
  }

  setFilter(name, value) {
    this.filter[name] = value;
    for (const chip of this.chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.light === this.filter.light));
    this.askList();
  }

  get isFiltered() {
    return Object.values(this.filter).some(Boolean);
  }

  askList() {
    if (this.isFiltered) this.send({ type: "list", filter: this.filter });
    else this.setList(this.order);
  }

  setList(keys) {
    if (!this.isFiltered) keys = this.order;
    this.shown = keys.filter((key) => this.rows.has(key));
    const parts = [];
    let group = null;
    for (const key of this.shown) {
      const own = this.groupOf(this.items[key]);
      if (own !== group) parts.push(el("li", { class: "zi-goal", text: (group = own) }));
      parts.push(this.rows.get(key));
    }
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    this.list.replaceChildren(...parts);
    if (focused?.isConnected) focused.focus({ preventScroll: true });
    setText(this.found, this.isFiltered ? `${this.shown.length} dari ${this.order.length} ${this.kind.one}` : `${this.order.length} ${this.kind.one}`);
  }

  // --- the row that is open ---

  select(key, isFocused = true) {
    if (!this.items[key]) return;
    if (!this.cards.has(key)) {
      const made = new this.kind.row(this, key);
      this.cards.set(key, made);
      made.set(this.items[key]);
      made.setReadOnly(this.isReadOnly);
    }
    for (const place of this.cards.get(this.selected)?.places.values() ?? []) if (place.timer) place.send();
    const isSame = this.selected === key;
    this.selected = key;
    this.remember(key);
    for (const [other, row] of this.rows) {
      if (other === key) row.button.setAttribute("aria-current", "true");
      else row.button.removeAttribute("aria-current");
    }
    if (!isSame || !this.place.hasChildNodes()) {
      this.place.replaceChildren(this.cards.get(key).node);
      this.place.scrollTop = 0;
    }
    if (isFocused) this.cards.get(key).focus();
    this.revealRow(key);
  }

  revealRow(key) {
    const [side, row] = [this.list.parentElement, this.rows.get(key)];
    if (!row.isConnected) return; // filtered out
    const [box, own] = [side.getBoundingClientRect(), row.getBoundingClientRect()];
    if (own.top < box.top) side.scrollTop += own.top - box.top - 8;
    else if (own.bottom > box.bottom) side.scrollTop += own.bottom - box.bottom + 8;
  }

  goTo(key) {
    this.select(key, !isTyping(document.activeElement ?? this.root));
  }

  reveal(node) {
    const [box, own] = [this.place.getBoundingClientRect(), node.getBoundingClientRect()];
    const [up, down] = [own.top - box.top - 12, own.bottom - box.bottom + 12];
    if (up < 0) this.place.scrollTop += up;
    else if (down > 0) this.place.scrollTop += Math.min(up, down);
  }

  undo() {
    this.flush();
    this.send({ type: "undo" });
  }

  step(step) {
    const keys = this.shown ?? this.order;
    if (!keys.length) return;
    const now = keys.indexOf(this.selected);
    this.select(keys[now < 0 ? 0 : Math.max(0, Math.min(keys.length - 1, now + step))]);
  }

  onKey(event) {
    event.stopPropagation(); // what is typed here is not for the notebook
    const { key, target } = event;
    if (event.isComposing || target.closest("dialog")) return;
    if (isTyping(target)) {
      if (key === "Escape" && target === this.search) { this.search.value = ""; this.setFilter("query", ""); }
      if (key === "Escape" && target !== this.nameInput) this.cards.get(this.selected)?.focus();
      if (key === "Enter" && target === this.search && this.shown?.length) { event.preventDefault(); this.select(this.shown[0]); }
      return;
    }
    const isUndo = key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!isUndo && (event.ctrlKey || event.altKey || event.metaKey)) return;
    const act = isUndo ? () => this.undo() : this.keyAction(key.length === 1 ? key.toLowerCase() : key);
    if (act) { event.preventDefault(); act(); }
  }

  keyAction(key) {
    const open = this.cards.get(this.selected);
    const always = { j: () => this.step(1), k: () => this.step(-1), "/": () => this.search.focus(), u: () => this.undo(), "?": () => this.help.showModal() };
    if (this.add) always.n = () => this.add.open();
    const field = this.kind.keys[key];
    if (open && key === "r") return () => open.toggleHistory();
    return open && field ? () => this.goToField(field) : always[key];
  }

  /** Put the focus into a field of the open row. */
  goToField(field) {
    const { input } = this.cards.get(this.selected).places.get(field);
    input.focus({ preventScroll: true });
    this.reveal(input);
    input.select?.();
  }

  helpDialog() {
    return this.keysDialog(`${this.kind.help} Di luar kotak isian, tombol berikut berlaku:`, [["J / K", `${this.kind.one} berikutnya, sebelumnya`], ...this.kind.helpKeys,
      ["Esc", "keluar dari kotak isian"], ["R", `riwayat ${this.kind.one}`], ["/", "mencari"], ["U atau Ctrl+Z", "mengurungkan perubahan terakhir Anda"], ["?", "bantuan ini"]]);
  }
}
