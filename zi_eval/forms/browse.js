// Which questions are shown, and the way from one to the next by mouse and keyboard.

const ALL = "semua";
const REVIEW = "periksa";
const TABLE = "tabel";

class Browser extends App {
  card(id) {
    if (!this.cards.has(id)) {
      this.isRestoring = true;
      const card = questionCard(this, this.questions.get(id));
      this.cards.set(id, card);
      card.set(this.values[id]);
      card.setReadOnly(this.isReadOnly);
      this.isRestoring = false;
    }
    return this.cards.get(id);
  }

  toggleFilter(id) {
    const filters = new Set(this.filters);
    if (!filters.delete(id)) filters.add(id);
    this.find(this.query, filters);
  }

  get isSearch() {
    return this.query !== "" || this.filters.size > 0;
  }

  /** Search or filter, through all pages until one is chosen, or through all again. */
  find(query, filters) {
    [this.query, this.filters, this.isNarrow, this.lastCard] = [query, filters, false, null];
    this.showFilters();
    this.list();
  }

  showAll() {
    [this.query, this.filters] = ["", new Set()];
    this.search.value = "";
    this.showFilters();
  }

  showFilters() {
    for (const chip of this.chips) chip.setAttribute("aria-pressed", String(this.filters.has(chip.filter)));
  }

  select(id, isStart = false) {
    if (id !== this.selected) this.before = this.selected;
    this.selected = id;
    this.remember(id);
    const page = this.form.pages.find((item) => item.id === id);
    // Where a search or a filter means nothing it ends; on a page of questions it stays and says so.
    if (this.extras.has(id) || page?.is_identity) this.showAll();
    this.isNarrow = Boolean(page);
    this.list();
    this.middle.scrollTop = 0;
    if (!isStart) this.heading.focus({ preventScroll: true });
  }

  turn(step) {
    const ids = this.form.pages.map((page) => page.id);
    const next = ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(this.selected) + step))];
    this.select(next);
  }

  matches(id) {
    const question = this.questions.get(id);
    const value = this.values[id];
    if (![...this.filters].every((flag) => value.flags.includes(flag))) return false;
    if (!this.query) return true;
    const text = [id, question.text, ...(question.options ?? []).map((option) => option.text), value.note, value.tpi_note, value.returned, ...value.evidence];
    return this.query.split(/\s+/).every((word) => text.some((part) => part.toLowerCase().includes(word)));
  }

  /** Lay out the questions of the page; a search or a filter looks through all pages. */
  list() {
    const { isSearch } = this;
    const shown = isSearch && !this.isNarrow ? ALL : this.selected;
    for (const [id, link] of this.links) {
      if (id === shown) {
        link.setAttribute("aria-current", "page");
        const [box, own] = [this.nav.getBoundingClientRect(), link.getBoundingClientRect()];
        this.nav.scrollBy(Math.min(0, own.left - box.left) + Math.max(0, own.right - box.right), Math.min(0, own.top - box.top) + Math.max(0, own.bottom - box.bottom));
      }
      else link.removeAttribute("aria-current");
    }
    const page = this.form.pages.find((item) => item.id === shown);
    const alone = page?.is_identity ? this.identity : this.extras.get(shown);
    this.root.dataset.page = alone ? shown : "";
    show(this.turning, !this.extras.has(shown));
    if (alone) {
      setText(this.heading, page?.title ?? alone.title);
      this.hint.replaceChildren(alone.says ?? "");
      alone.open?.();
      this.main.replaceChildren(alone);
      return;
    }
    const pages = page ? [page] : this.form.pages.filter((item) => !item.is_identity);
    const parts = [];
    let count = 0;
    for (const item of pages) for (const section of item.sections) {
      const ids = section.questions.filter((id) => this.matches(id));
      if (!ids.length) continue;
      count += ids.length;
      const title = page ? section.title : `${item.group}: ${item.title}. ${section.title}`;
      parts.push(el("div", { class: "zi-section" }, el("span", { class: "zi-id", text: section.id }), ` ${title}`, el("span", { class: "zi-meta", text: ` bobot ${section.weight}` })),
        ...ids.map((id) => this.card(id)));
    }
    setText(this.heading, page ? `${page.group}: ${page.title}` : isSearch ? "Hasil pencarian" : "Semua pertanyaan");
    this.hint.replaceChildren(...(isSearch ? this.searchHint(page, count) : this.wayBack()));
    this.main.replaceChildren(...(parts.length ? parts : [el("p", { class: "zi-none", text: "Tidak ada pertanyaan yang cocok." })]));
  }

  /** What a search or filter leaves of what is shown, and the way to all of it. */
  searchHint(page, count) {
    const total = page ? page.sections.flatMap((section) => section.questions).length : this.questions.size;
    const what = [this.query && "pencarian", this.filters.size > 0 && "saringan"].filter(Boolean).join(" dan ");
    const said = page
      ? `${count} dari ${total} pertanyaan halaman ini cocok dengan ${what}; ${total - count} tersembunyi. `
      : `${count} dari ${total} pertanyaan cocok dengan ${what}; daftar ini tetap sampai ${what} diubah. `;
    const clear = () => { this.showAll(); this.list(); this.heading.focus({ preventScroll: true }); };
    return [said, this.link(page ? "Tampilkan semua di halaman ini" : `Hapus ${what}`, clear)];
  }

  wayBack() {
    return this.before === REVIEW ? [this.link("← Kembali ke daftar yang tersisa (G)", () => this.select(REVIEW))] : [];
  }

  link(text, click) {
    return el("button", { type: "button", class: "zi-link", text, on: { click } });
  }

  showChanged(key) {
    if (this.selected === TABLE && this.questions.has(key)) this.table.goTo(key);
    else this.goTo(key);
  }

  goTo(key) {
    if (this.questions.has(key)) {
      if (!this.main.contains(this.cards.get(key) ?? null)) {
        this.showAll();
        this.select(this.form.pages.find((page) => page.sections?.some((section) => section.questions.includes(key))).id);
      }
      this.focusCard(this.card(key));
    } else this.select(this.form.pages.find((page) => page.is_identity).id);
  }

  // --- keyboard ---

  get current() {
    return document.activeElement?.closest?.(".zi-card[data-question]");
  }

  /** The card that has the focus, or had it last and is still shown. */
  get place() {
    return this.current ?? (this.main.contains(this.lastCard ?? null) ? this.lastCard : null);
  }

  focusHome() {
    (this.place ?? this.middle).focus({ preventScroll: true });
  }

  focusCard(card) {
    this.lastCard = card;
    card.focus({ preventScroll: true });
    this.reveal(card);
  }

  /** Scroll the list, never the notebook around it; of what is too long, show the beginning. */
  reveal(node) {
    const [box, own] = [this.middle.getBoundingClientRect(), node.getBoundingClientRect()];
    const [up, down] = [own.top - box.top - 12, own.bottom - box.bottom + 12];
    if (up < 0) this.middle.scrollTop += up;
    else if (down > 0) this.middle.scrollTop += Math.min(up, down);
  }

  step(step) {
    const cards = [...this.main.querySelectorAll(".zi-card[data-question]")];
    if (!cards.length) return;
    const now = cards.indexOf(this.place);
    this.focusCard(cards[now < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.max(0, Math.min(cards.length - 1, now + step))]);
  }

  /** Go on from a card to the next, over the end of the page; at the very end it is said. */
  goOn(card) {
    const cards = [...this.main.querySelectorAll(".zi-card[data-question]")];
    if (card !== cards.at(-1)) return this.step(1);
    const pages = this.form.pages;
    const isLast = pages.findIndex((page) => page.id === this.selected) === pages.length - 1;
    if ((this.isSearch && !this.isNarrow) || this.selected === ALL || isLast) {
      card.focus({ preventScroll: true });
      return this.say("Ini pertanyaan terakhir di daftar ini. G menampilkan yang tersisa.");
    }
    this.turn(1);
    this.step(1);
  }

  /** Take over what stands there; whether there was nothing to hold it back. */
  agree(key) {
    if (this.isReadOnly) return false;
    const [answer, note] = ["tpi", "catatan_tpi"].map((field) => this.fields.get(`${key} ${field}`));
    const value = this.values[key];
    note?.send();
    if (answer?.isHeld || note?.isHeld) note.node.input.focus();
    if (answer?.isHeld || note?.isHeld || answer?.conflict) return false;
    if (answer?.isBusy) return true; // what was chosen just now is this level's decision already
    if (value.agree) this.send({ type: "agree", key, seen: [value.unit, value.tpi] });
    else if (value.unit === null && value.tpi === null) {
      this.say(`${key}: unit belum menjawab, jadi belum ada yang dapat disetujui.`);
      return false;
    }
    return true;
  }

  onKey(event) {
    event.stopPropagation(); // what is typed here is not for the notebook
    const { key, target } = event;
    if (event.isComposing) return;
    if (isTyping(target)) {
      if (key === "Escape" && target !== this.search) (target.closest(".zi-card") ?? this.middle).focus();
      if (key === "Escape" && target === this.search) { this.search.value = ""; this.find("", this.filters); this.middle.focus(); }
      if (key === "Enter" && target === this.search) { event.preventDefault(); this.step(1); }
      return;
    }
    if (target.closest("dialog")) return;
    const isUndo = key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!isUndo && (event.ctrlKey || event.altKey || event.metaKey)) return;
    const card = this.current;
    const onRadio = target.type === "radio";
    const act = isUndo ? () => this.send({ type: "undo" }) : this.keyAction(key, card, onRadio);
    if (act && act() !== false) event.preventDefault();
  }

  keyAction(key, card, onRadio) {
    const letter = key.length === 1 ? key.toLowerCase() : key;
    const always = {
      j: () => this.step(1), k: () => this.step(-1), "/": () => this.search.focus(), u: () => this.send({ type: "undo" }),
      g: () => this.select(this.selected === REVIEW ? this.before ?? ALL : REVIEW), "?": () => this.help.showModal(), "[": () => this.turn(-1), "]": () => this.turn(1),
    };
    if (!onRadio) Object.assign(always, { ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1) });
    if (!card) return ["ArrowDown", "ArrowUp"].includes(letter) ? null : always[letter];
    const question = this.questions.get(card.dataset.question);
    const isOpen = !this.isReadOnly;
    if (isOpen && question.kind === "choice") {
      const byCode = question.options.findIndex((option) => option.code[0].toLowerCase() === letter);
      const place = byCode >= 0 ? byCode : /^[1-9]$/.test(letter) ? Number(letter) - 1 : -1;
      if (place >= 0 && place < question.options.length) return () => card.answer.choose(place);
    }
    const own = { n: () => card.note.input.focus(), r: () => card.toggleHistory() };
    if (isOpen && card.answer.focusFirst) own.i = () => card.answer.focusFirst();
    if (card.evidence) own.l = () => card.evidence.input.focus();
    if (isOpen && this.mode === "tpi") Object.assign(own, { s: () => { if (this.agree(question.id)) this.goOn(card); }, m: () => card.openReturn() });
    if (isOpen) own.Delete = () => card.answer.clear();
    return own[letter] ?? always[letter];
  }
}
