// Which questions are shown, and the way from one to the next by mouse and keyboard.

const ALL = "semua";

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
    if (this.filters.has(id)) this.filters.delete(id);
    else this.filters.add(id);
    for (const chip of this.chips) chip.setAttribute("aria-pressed", String(this.filters.has(chip.filter)));
    this.list();
  }

  select(id, isStart = false) {
    this.selected = id;
    this.remember(id);
    if (this.form.pages.find((page) => page.id === id)?.is_identity) {
      this.filters.clear();
      this.query = this.search.value = "";
      for (const chip of this.chips) chip.setAttribute("aria-pressed", "false");
    }
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
    const isSearch = this.query !== "" || this.filters.size > 0;
    const shown = isSearch ? ALL : this.selected;
    for (const [id, link] of this.links) {
      if (id === shown) {
        link.setAttribute("aria-current", "page");
        const [box, own] = [this.nav.getBoundingClientRect(), link.getBoundingClientRect()];
        this.nav.scrollBy(Math.min(0, own.left - box.left) + Math.max(0, own.right - box.right), Math.min(0, own.top - box.top) + Math.max(0, own.bottom - box.bottom));
      }
      else link.removeAttribute("aria-current");
    }
    const page = this.form.pages.find((item) => item.id === shown);
    if (page?.is_identity) {
      setText(this.heading, page.title);
      setText(this.hint, "");
      this.main.replaceChildren(this.identity);
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
    setText(this.hint, isSearch ? `${count} pertanyaan cocok; daftar ini tetap sampai saringan atau pencarian diubah.` : "");
    this.main.replaceChildren(...(parts.length ? parts : [el("p", { class: "zi-none", text: "Tidak ada pertanyaan yang cocok." })]));
  }

  goTo(key) {
    if (this.questions.has(key)) {
      if (!this.main.contains(this.cards.get(key) ?? null)) {
        this.filters.clear();
        this.query = this.search.value = "";
        for (const chip of this.chips) chip.setAttribute("aria-pressed", "false");
        this.select(this.form.pages.find((page) => page.sections?.some((section) => section.questions.includes(key))).id);
      }
      this.focusCard(this.card(key));
    } else this.select(this.form.pages.find((page) => page.is_identity).id);
  }

  // --- keyboard ---

  get current() {
    return document.activeElement?.closest?.(".zi-card[data-question]");
  }

  focusCard(card) {
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
    const now = cards.indexOf(this.current);
    this.focusCard(cards[now < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.max(0, Math.min(cards.length - 1, now + step))]);
  }

  agree(key) {
    if (this.isReadOnly) return;
    const [answer, note] = ["tpi", "catatan_tpi"].map((field) => this.fields.get(`${key} ${field}`));
    note?.send();
    if (answer?.isHeld || note?.isHeld) return note.node.input.focus();
    this.send({ type: "agree", key, seen: [this.values[key].unit, this.values[key].tpi] });
  }

  onKey(event) {
    event.stopPropagation(); // what is typed here is not for the notebook
    const { key, target } = event;
    if (event.isComposing) return;
    if (isTyping(target)) {
      if (key === "Escape" && target !== this.search) (target.closest(".zi-card") ?? this.middle).focus();
      if (key === "Escape" && target === this.search) { this.search.value = this.query = ""; this.list(); this.middle.focus(); }
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
      "?": () => this.help.showModal(), "[": () => this.turn(-1), "]": () => this.turn(1),
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
    if (isOpen && this.mode === "tpi") Object.assign(own, { s: () => this.agree(question.id), m: () => card.openReturn() });
    if (isOpen) own.Delete = () => card.answer.clear();
    return own[letter] ?? always[letter];
  }
}
