// One question as a card: built once, kept for good, and updated in place.

const NOT_APPLICABLE = "tidak berlaku";

function parseNumber(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^[0-9]+([.,][0-9]+)?$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}

function numberText(value) {
  return value === null || value === undefined ? "" : String(value).replace(".", ",");
}

/** Label an input, with its error and hint tied to it. */
function labelled(id, label, input, { hint, optional } = {}) {
  const error = el("p", { class: "zi-error", id: `${id}-error`, hidden: true });
  const described = [`${id}-error`];
  input.id = id;
  const parts = [el("label", { for: id, text: label })];
  if (optional) parts[0].append(el("span", { class: "zi-optional", text: ` ${optional}` }));
  if (hint) {
    parts.push(el("p", { class: "zi-hint", id: `${id}-hint`, text: hint }));
    described.push(`${id}-hint`);
  }
  input.setAttribute("aria-describedby", described.join(" "));
  const node = el("div", { class: "zi-field" }, ...parts, input, error);
  node.setError = (text) => {
    setText(error, text || "");
    show(error, Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  return node;
}

/** A text that is saved while it is typed. */
function textField(app, key, field, id, label, options = {}) {
  const input = el("textarea", { rows: 2, spellcheck: "false" });
  const node = labelled(id, label, input, options);
  const place = new Field(app, key, field,
    () => input.value,
    (value) => {
      const [start, end] = [input.selectionStart, input.selectionEnd];
      input.value = value ?? "";
      if (document.activeElement === input) input.setSelectionRange(start, end);
    });
  place.seen = "";
  place.isText = true;
  place.node = node;
  input.addEventListener("input", () => place.typed());
  input.addEventListener("blur", () => place.send());
  node.place = place;
  node.input = input;
  return node;
}

/** The answer of one side ("unit" or "tpi"): radio buttons, counted inputs or an index. */
function answerField(app, question, id, side, legend) {
  const set = el("fieldset", { class: "zi-answer" }, el("legend", { text: legend }));
  const error = el("p", { class: "zi-error", id: `${id}-${side}-error`, hidden: true });
  const setError = (text) => { setText(error, text || ""); show(error, Boolean(text)); };
  let read, write;
  if (question.kind === "choice") {
    const radios = question.options.map((option, i) => {
      const radio = el("input", { type: "radio", name: `${id}-${side}`, value: option.code, id: `${id}-${side}-${i}`, "aria-describedby": error.id });
      radio.addEventListener("change", () => place.send());
      return radio;
    });
    const isWide = question.options.some((option) => option.code.length > 1);
    set.append(el("div", { class: `zi-options${isWide ? " wide" : ""}` }, question.options.map((option, i) => {
      const tag = side === "tpi" ? el("span", { class: "zi-chosen", hidden: true, text: "jawaban unit" }) : null;
      return el("label", { class: "zi-option", for: radios[i].id }, radios[i],
        el("span", { class: "zi-code", text: option.code }), el("span", { class: "zi-option-text", text: option.text }, tag));
    })));
    read = () => radios.find((radio) => radio.checked)?.value ?? null;
    write = (value) => radios.forEach((radio) => { radio.checked = radio.value === value; });
    set.choose = (i) => {
      if (!radios[i] || radios[i].disabled) return false;
      radios[i].checked = true;
      radios[i].focus({ preventScroll: true });
      place.send();
      return true;
    };
    set.markUnit = (value) => set.querySelectorAll(".zi-chosen").forEach((tag, i) => show(tag, question.options[i].code === value));
  } else {
    const asked = question.kind === "index"
      ? [{ text: `Indeks, 0 sampai ${question.top}` }]
      : question.inputs.filter((item) => !item.derived);
    const inputs = asked.map((_, i) => el("input", {
      type: "text", inputmode: "decimal", autocomplete: "off", id: `${id}-${side}-${i}`, class: "zi-count", "aria-describedby": error.id }));
    const unitTags = [];
    asked.forEach((item, i) => {
      const tag = el("span", { class: "zi-unit-value" });
      unitTags.push(tag);
      set.append(el("div", { class: "zi-count-row" },
        el("label", { for: inputs[i].id, text: item.text }), side === "tpi" ? tag : null, inputs[i]));
    });
    read = () => {
      const values = inputs.map((input) => parseNumber(input.value));
      const isBad = (value) => value === undefined ||
        (value !== null && (question.kind === "index" ? value > question.top : !Number.isInteger(value)));
      inputs.forEach((input, i) => input.toggleAttribute("aria-invalid", isBad(values[i])));
      if (values.some(isBad)) {
        setError(question.kind === "index"
          ? `Isi angka dari 0 sampai ${question.top}, misalnya 3,62. Isian ini belum disimpan.`
          : "Isi bilangan bulat, 0 atau lebih. Isian ini belum disimpan.");
        return undefined;
      }
      setError("");
      if (question.kind === "index") return values[0];
      return values.every((value) => value === null) ? null : values;
    };
    write = (value) => {
      const list = Array.isArray(value) ? value : [value];
      inputs.forEach((input, i) => { input.value = value === NOT_APPLICABLE ? "" : numberText(list[i]); });
      setError("");
    };
    inputs.forEach((input) => {
      input.addEventListener("input", () => place.typed());
      input.addEventListener("blur", () => place.send());
    });
    set.focusFirst = () => inputs[0].focus();
    set.markUnit = (value) => {
      const list = Array.isArray(value) ? value : [value];
      unitTags.forEach((tag, i) => setText(tag, value === null || value === undefined ? "unit: –"
        : value === NOT_APPLICABLE ? "unit: tidak berlaku" : `unit: ${numberText(list[i]) || "–"}`));
    };
  }
  let noObject = null;
  if (question.na) {
    noObject = el("input", { type: "checkbox", id: `${id}-${side}-na` });
    const label = el("label", { class: "zi-option", for: noObject.id }, noObject,
      el("span", { class: "zi-option-text" }, el("strong", { text: "Tidak berlaku. " }), question.na));
    set.append(label);
    noObject.addEventListener("change", () => {
      if (noObject.checked && side === "unit") set.askReason?.(true);
      else place.send();
      if (!noObject.checked) set.askReason?.(false);
    });
    const [readPlain, writePlain] = [read, write];
    const lock = () => set.querySelectorAll(".zi-count").forEach((input) => { input.disabled = noObject.checked; });
    noObject.addEventListener("change", lock);
    read = () => (noObject.checked ? NOT_APPLICABLE : readPlain());
    write = (value) => {
      noObject.checked = value === NOT_APPLICABLE;
      writePlain(value);
      lock();
    };
    set.noObject = noObject;
  }
  const clear = el("button", { type: "button", class: "zi-link", text: "Kosongkan jawaban", on: { click: () => set.clear() } });
  set.append(error);
  const place = new Field(app, question.id, side, () => read(), (value) => write(value));
  set.clear = () => { write(null); place.send(); };
  set.use = (value) => { write(value); set.askReason?.(false); place.send(); };
  set.setError = setError;
  set.place = place;
  set.clearButton = clear;
  place.node = set;
  set.updateClear = () => show(clear, read() !== null && !set.disabled);
  return set;
}

/** Several pieces of evidence, added and removed one by one. */
function evidenceField(app, question, id) {
  let items = [];
  const list = el("ul", { class: "zi-evidence" });
  const input = el("input", { type: "text", autocomplete: "off", placeholder: "https://… atau A.I.1/sk-tim.pdf" });
  const add = el("button", { type: "button", class: "zi-button small", text: "Tambah" });
  const node = labelled(`${id}-bukti`, "Bukti", input, {});
  const files = fileDrop(app, question.id, node, (path) => commit(path));
  const row = el("div", { class: "zi-add" });
  input.before(list);
  input.replaceWith(row);
  row.append(input, add, ...files);
  const place = new Field(app, question.id, "bukti", () => items.map((item) => item.text), (value) => draw((value ?? []).map((text) => ({ text }))));
  place.seen = [];
  place.node = node;
  function draw(next) {
    if (same(next, items) && list.children.length === next.length) return;
    items = next;
    list.replaceChildren(...items.map((item, i) => el("li", {}, el("span", {}, evidenceText(item), item.said && el("span", { class: "zi-meta", text: ` (${item.said})` })),
      node.isReadOnly ? null : el("button", { type: "button", class: "zi-link", text: "Hapus", "aria-label": `Hapus bukti ${item.text}`,
        on: { click: () => { draw(items.filter((_, j) => j !== i)); place.send(); input.focus(); } } }))));
  }
  function commit(path) {
    const text = path ?? input.value.trim();
    if (text === "") return;
    if (path === undefined) input.value = "";
    if (!items.some((item) => item.text === text)) draw([...items, { text }]);
    place.send();
  }
  add.addEventListener("click", () => { commit(); input.focus(); });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); commit(); } });
  input.addEventListener("blur", () => commit()); // a link typed but not added would be lost
  node.place = place;
  node.input = input;
  node.taken = (value) => {
    if (place.isBusy || !same(value.evidence, items.map((item) => item.text))) return;
    const href = new Map(value.links.map((link) => [link.text, link.href]));
    draw(value.evidence.map((text, i) => ({ text, href: href.get(text), said: value.taken[i] })));
  };
  return node;
}

function readOnlyText(title) {
  const text = el("p", { class: "zi-said" });
  const node = el("div", { class: "zi-read" }, el("h5", { text: title }), text);
  node.set = (value) => { setText(text, value || ""); show(node, Boolean(value)); };
  return node;
}

/** A TPI's answer that differs from the unit's is saved together with its note, never without. */
function pairWithNote(app, card, answer, note) {
  const missing = () => {
    const value = answer.read();
    return value !== undefined && value !== null && !same(value, card.value?.unit) && tidy(note.place.read()) === null;
  };
  answer.others = [note.place];
  note.place.others = [answer];
  const send = { answer: answer.send.bind(answer), note: note.place.send.bind(note.place) };
  const hold = () => {
    const isHeld = missing();
    answer.isHeld = isHeld && answer.isChanged;
    note.place.isHeld = isHeld && note.place.isChanged;
    note.setError(isHeld ? "Tulis alasannya: jawaban TPI berbeda dari unit, dan disimpan bersama catatannya." : "");
    return isHeld;
  };
  answer.send = () => {
    if (hold()) note.input.focus();
    send.answer();
  };
  note.place.send = () => {
    hold();
    send.note();
  };
}

/** Make the card of a question; `card.set(value)` shows what the kernel holds. */
function questionCard(app, question) {
  const id = `${app.prefix}-${question.id.replaceAll(".", "-")}`;
  const isTpi = app.mode === "tpi";
  const status = el("span", { class: "zi-status" });
  const heading = el("h4", { id: `${id}-title` }, el("span", { class: "zi-id", text: question.id }), ` ${question.text}`);
  const card = el("article", { class: "zi-card", tabindex: "-1", "data-question": question.id, "aria-labelledby": heading.id },
    el("header", {}, heading, status));
  if (question.guide) card.append(el("p", { class: "zi-guide", text: question.guide }));

  const sentBack = el("div", { class: "zi-back", hidden: true });
  const sentText = el("p", { class: "zi-said" });
  const sentWho = el("p", { class: "zi-meta" });
  sentBack.append(el("strong", { text: "↩ Dikembalikan TPI" }), sentText, sentWho);

  const answer = answerField(app, question, id, isTpi ? "tpi" : "unit", isTpi ? "Jawaban TPI" : "Jawaban unit");
  const computed = el("p", { class: "zi-computed", "aria-live": "off" });
  const warnings = el("ul", { class: "zi-warnings", hidden: true });
  const proposals = proposalList((value) => answer.use(value));
  const criteria = criteriaList(app, question, id);
  const usual = question.evidence.length
    ? el("details", { class: "zi-usual" }, el("summary", { text: "Bukti yang lazim" }), el("ul", {}, question.evidence.map((text) => el("li", { text }))))
    : null;

  let note, evidence, reason, tpiRead, tpiNote, back, unitRead, agree, unitSays;
  if (!isTpi) {
    note = textField(app, question.id, "catatan", `${id}-catatan`, "Catatan");
    evidence = evidenceField(app, question, id);
    tpiRead = el("div", { class: "zi-tpi", hidden: true }, el("h5", { text: "Dari TPI" }), el("p", { class: "zi-said" }), el("p", { class: "zi-said" }));
    if (question.na) {
      reason = textField(app, question.id, "tidak_berlaku", `${id}-alasan`, "Alasan tidak berlaku", { optional: "(wajib)" });
      reason.hidden = true;
      const readText = reason.place.read;
      reason.place.read = () => {
        const text = readText().trim();
        reason.setError(text || !answer.noObject.checked ? "" : "Tulis alasannya; tanpa alasan, pilihan ini belum disimpan.");
        return text || !answer.noObject.checked ? text : undefined;
      };
      answer.askReason = (isAsked) => {
        show(reason, isAsked);
        if (isAsked) reason.input.focus();
        reason.setError(isAsked && !reason.input.value.trim() ? "Tulis alasannya; tanpa alasan, pilihan ini belum disimpan." : "");
      };
    }
    card.append(sentBack, criteria ?? "", answer, reason ?? "", computed, warnings, proposals, el("div", { class: "zi-pair" }, note, el("div", {}, evidence, usual)), tpiRead);
  } else {
    unitSays = el("p", { class: "zi-unit-says" });
    const unitNote = readOnlyText("Catatan unit");
    const links = el("ul", { class: "zi-evidence" });
    const noEvidence = el("p", { class: "zi-none", text: "Unit belum memberi bukti." });
    unitRead = el("div", { class: "zi-side", role: "group", "aria-label": "Dari unit" }, unitSays, unitNote,
      el("div", { class: "zi-read" }, el("h5", { text: "Bukti unit" }), noEvidence, links), usual);
    unitRead.set = (value) => {
      setText(unitSays, value.unit === null ? "Unit belum menjawab." : "");
      show(unitSays, value.unit === null);
      unitNote.set([value.reason && `Tidak berlaku: ${value.reason}`, value.note].filter(Boolean).join("\n"));
      if (!same(links.shown, value.links)) links.replaceChildren(...value.links.map((link) => el("li", {}, el("span", {}, evidenceText(link), link.said && el("span", { class: "zi-meta", text: ` (${link.said})` })))));
      links.shown = value.links;
      show(noEvidence, value.links.length === 0);
    };
    tpiNote = textField(app, question.id, "catatan_tpi", `${id}-catatan-tpi`, "Catatan TPI");
    pairWithNote(app, card, answer.place, tpiNote);
    back = textField(app, question.id, "kembali", `${id}-kembali`, "Yang perlu diperbaiki unit", { hint: "Mengisi ini mengembalikan pertanyaan ke unit; kosongkan untuk menariknya." });
    const backBox = el("details", { class: "zi-return" }, el("summary", { text: "Kembalikan ke unit" }), back);
    card.openReturn = () => { backBox.open = true; back.input.focus({ preventScroll: true }); app.reveal(backBox); };
    agree = el("button", { type: "button", class: "zi-button", on: { click: () => { app.agree(question.id); card.focus({ preventScroll: true }); } } });
    const decisions = el("ul", { class: "zi-decisions" });
    card.decisions = decisions;
    card.backBox = backBox;
    const actions = el("div", { class: "zi-actions" }, agree, decisions);
    card.append(sentBack, criteria ?? "", answer, computed, warnings, proposals, el("div", { class: "zi-pair" }, unitRead,
      el("div", { class: "zi-side", role: "group", "aria-label": "Dari TPI" }, tpiNote, backBox)), actions);
  }
  const saved = el("span", { class: "zi-meta" });
  const historyList = el("div", { class: "zi-history", hidden: true, id: `${id}-riwayat` });
  const historyButton = el("button", { type: "button", class: "zi-link", "aria-expanded": "false", "aria-controls": historyList.id, text: "Riwayat",
    on: { click: () => card.toggleHistory() } });
  card.append(el("footer", {}, saved, el("span", {}, answer.clearButton, historyButton)), historyList);

  card.answer = answer;
  card.note = tpiNote ?? note;
  card.evidence = evidence;
  card.setSaved = (time) => setText(saved, time ? `tersimpan ${time}` : "");
  card.toggleHistory = () => {
    const isOpen = historyList.hidden;
    show(historyList, isOpen);
    if (!isOpen) historyList.replaceChildren();
    historyButton.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) app.send({ type: "history", key: question.id });
  };
  card.setHistory = (changes) => {
    const wasEmpty = !historyList.hasChildNodes();
    historyList.replaceChildren(changes.length
      ? changeTable(`Riwayat ${question.id}`, changes, false)
      : el("p", { class: "zi-none", text: "Belum ada perubahan yang tercatat." }));
    if (wasEmpty) app.reveal(historyList);
  };

  card.set = (value) => {
    card.value = value;
    status.className = `zi-status ${value.state.kind}`;
    setText(status, `${value.state.icon} ${value.state.text}`);
    answer.place.accept(isTpi ? value.tpi : value.unit);
    answer.updateClear();
    setText(computed, value.computed);
    show(computed, Boolean(value.computed));
    const shown = [...warnings.children].map((item) => item.textContent);
    if (!same(shown, value.warnings)) warnings.replaceChildren(...value.warnings.map((text) => el("li", { text })));
    show(warnings, value.warnings.length > 0);
    proposals.set(value.proposals);
    criteria?.set(value.criteria);
    show(sentBack, Boolean(value.returned));
    setText(sentText, value.returned);
    setText(sentWho, value.returned_by);
    if (isTpi) {
      answer.markUnit(value.unit);
      unitRead.set(value);
      tpiNote.place.accept(value.tpi_note);
      if (value.needs_note) tpiNote.setError("Wajib diisi: jawaban TPI berbeda dari unit.");
      back.place.accept(value.returned);
      setText(agree, value.agree);
      show(agree, Boolean(value.agree));
      agree.disabled = app.isReadOnly;
      const lines = value.decisions.map((item) => el("li", { class: item.kind, text: `${item.icon} ${item.text}` }));
      card.decisions.replaceChildren(...lines);
    } else {
      note.place.accept(value.note);
      evidence.place.accept(value.evidence);
      evidence.taken(value);
      show(tpiRead, Boolean(value.tpi_text || value.tpi_note));
      setText(tpiRead.children[1], value.tpi_text ? `Jawaban TPI: ${value.tpi_text}` : "");
      setText(tpiRead.children[2], value.tpi_note);
      if (reason) {
        reason.place.accept(value.reason);
        if (!reason.place.isBusy && !(answer.noObject.checked && document.activeElement === reason.input)) {
          show(reason, value.unit === NOT_APPLICABLE || answer.noObject.checked);
        }
        if (value.reason) reason.setError("");
      }
    }
    if (!historyList.hidden && !app.isRestoring) app.send({ type: "history", key: question.id });
  };
  card.setReadOnly = (isReadOnly) => {
    card.querySelectorAll("textarea, input[type=text]").forEach((input) => { input.readOnly = isReadOnly; });
    card.querySelectorAll("fieldset").forEach((set) => { set.disabled = isReadOnly; });
    answer.updateClear();
    proposals.setReadOnly(isReadOnly);
    card.querySelectorAll(".zi-add button, .zi-evidence button").forEach((button) => { button.disabled = isReadOnly; });
  };
  return card;
}
