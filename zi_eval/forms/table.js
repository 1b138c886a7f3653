// All answers as one table, as the sheet at a glance: arrow keys, typing in place, columns pasted.

/** An answer as one types it into a cell: its code, or its numbers. */
function cellText(value) {
  if (Array.isArray(value)) return value.map((item) => numberText(item) || "–").join("; ");
  return typeof value === "number" ? numberText(value) : value ?? "";
}

/** The answer that a cell's text means; undefined where it means none. */
function parseCell(question, text) {
  const said = text.trim();
  if (question.kind === "choice") {
    const plain = said.toLowerCase();
    const short = plain.replace(/^([a-z])[.)].*$/s, "$1");
    const found = question.options.find((option) => [option.code, option.text].some((item) => item.toLowerCase() === plain) || option.code.toLowerCase() === short)
      ?? question.options.find((option) => plain.length === 1 && option.code[0].toLowerCase() === plain);
    return found?.code;
  }
  if (question.kind === "index") {
    const value = parseNumber(said);
    return value !== null && value <= question.top ? value : undefined;
  }
  const asked = question.inputs.filter((item) => !item.derived).length;
  const values = said.split(/[;/|]/).map(parseNumber);
  return values.length === asked && values.every((value) => value === null || Number.isInteger(value)) ? values : undefined;
}

/** The cells of what a spreadsheet program puts on the clipboard, quoted texts with line ends too. */
function parseClipboard(text) {
  const rows = [[""]];
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const [sign, row] = [text[i], rows.at(-1)];
    if (isQuoted && sign === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
    else if (sign === '"' && (isQuoted || row.at(-1) === "")) isQuoted = !isQuoted;
    else if (isQuoted || !/[\t\r\n]/.test(sign)) row[row.length - 1] += sign;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
  }
  if (same(rows.at(-1), [""])) rows.pop(); // the line end after the last row
  return rows;
}

/** Make the page; its columns after number and question are `{field, title, isAnswer, isOpen}`. */
function answerTable(app) {
  const isTpi = app.mode === "tpi";
  const columns = isTpi
    ? [{ field: "unit", title: "Unit", isAnswer: true }, { field: "tpi", title: "TPI", isAnswer: true, isOpen: true },
      { field: "catatan_tpi", value: "tpi_note", title: "Catatan TPI", isOpen: true }]
    : [{ field: "unit", title: "Jawaban", isAnswer: true, isOpen: true }, { field: "catatan", value: "note", title: "Catatan", isOpen: true },
      { field: "tpi", title: "TPI", isAnswer: true }];
  const ids = [...app.questions.keys()];
  const cells = new Map(); // `id field` -> td
  const states = new Map();
  const grid = el("table", { role: "grid", class: "zi-grid", "aria-label": "Semua jawaban" },
    el("thead", {}, el("tr", {}, ["No.", "Pertanyaan", ...columns.map((column) => column.title), "Bukti", "Keadaan"].map((text) => el("th", { scope: "col", text })))));
  const rowOf = (id) => {
    const question = app.questions.get(id);
    const own = columns.map((column) => {
      const cell = el("td", { role: "gridcell", tabindex: "-1", class: column.isAnswer ? "answer" : "note", "aria-readonly": String(!column.isOpen) });
      Object.assign(cell, { question, column });
      cells.set(`${id} ${column.field}`, cell);
      return cell;
    });
    const [evidence, state] = [el("td", { role: "gridcell" }), el("td", { role: "gridcell" })];
    states.set(id, [evidence, state]);
    return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "zi-link", text: id, tabindex: "-1", on: { click: () => app.goTo(id) } })),
      el("td", { role: "gridcell", class: "question" }, el("span", { text: question.text, title: question.text })), own, evidence, state);
  };
  for (const page of app.form.pages.filter((item) => !item.is_identity)) {
    grid.append(el("tbody", {}, el("tr", { class: "group" }, el("th", { scope: "rowgroup", colspan: columns.length + 4, text: `${page.group}: ${page.title}` })),
      page.sections.flatMap((section) => section.questions).map(rowOf)));
  }
  const help = el("p", { class: "zi-hint", text: "Panah berpindah; huruf atau angka mengisi; Enter menyunting; Delete mengosongkan; satu kolom atau lebih dari Excel dapat ditempel (Ctrl+V) mulai sel yang disorot." });
  const confirm = confirmPaste(app);
  const node = el("div", {}, help, el("div", { class: "zi-grid-box" }, grid), confirm);
  let current = cells.get(`${ids[0]} ${columns.find((column) => column.isOpen).field}`);
  current.tabIndex = 0;

  const value = (cell) => app.values[cell.question.id][cell.column.value ?? cell.column.field];
  const display = (cell) => { if (!cell.firstElementChild) setText(cell, cellText(value(cell))); };
  const isOpen = (cell) => cell.column.isOpen && !app.isReadOnly;
  const at = (row, column) => cells.get(`${ids[row]} ${columns[column]?.field}`);
  const place = (cell) => [ids.indexOf(cell.question.id), columns.indexOf(cell.column)];
  const focus = (cell) => {
    if (!cell) return;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const move = (rows, steps) => {
    const [row, column] = place(current);
    focus(at(Math.max(0, Math.min(ids.length - 1, row + rows)), Math.max(0, Math.min(columns.length - 1, column + steps))));
  };

  /** Put values into cells as one step; of a TPI's answer that differs, its note belongs to it. */
  const put = (changes) => {
    const fields = changes.map(([cell, wanted]) => {
      app.card(cell.question.id); // its fields are made with it
      const field = app.fields.get(`${cell.question.id} ${cell.column.field}`);
      field.write(wanted);
      return field;
    }).filter((field) => field.isChanged && !field.conflict);
    if (fields.length) app.change(fields);
  };
  const needsNote = (cell, wanted, note) => cell.column.field === "tpi" && wanted !== null && !same(wanted, app.values[cell.question.id].unit) && !tidy(note ?? app.values[cell.question.id].tpi_note);
  const allowed = ({ question }) => (question.kind === "choice"
    ? `pilih ${question.options.map((option) => option.code).join(", ")}`
    : `isi angka${question.kind === "index" ? ` 0 sampai ${question.top}` : ", dipisahkan titik koma"}`);
  const refuse = (cell) => app.say(`${cell.question.id}: ${allowed(cell)}.`);
  const enter = (cell, wanted) => {
    if (wanted === undefined) return refuse(cell);
    if (needsNote(cell, wanted)) return app.say(`${cell.question.id}: jawaban TPI berbeda dari unit; tempel bersama catatannya, atau isi di kartunya (tekan nomornya).`);
    put([[cell, wanted]]);
  };

  const edit = (cell, start) => {
    if (!isOpen(cell)) return;
    const input = el("input", { type: "text", "aria-label": `${cell.column.title} ${cell.question.id}`, value: start ?? cellText(value(cell)) });
    const finish = (isKept) => {
      if (!input.isConnected) return;
      const text = input.value;
      const hadFocus = document.activeElement === input;
      cell.replaceChildren();
      display(cell);
      if (hadFocus) focus(cell);
      if (isKept && tidy(text) !== tidy(cellText(value(cell)))) enter(cell, !tidy(text) ? null : cell.column.isAnswer ? parseCell(cell.question, text) : text);
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || !["Enter", "Escape", "Tab"].includes(event.key)) return;
      event.preventDefault();
      finish(event.key !== "Escape");
      if (event.key === "Enter") move(event.shiftKey ? -1 : 1, 0);
      if (event.key === "Tab") move(0, event.shiftKey ? -1 : 1);
    });
    input.addEventListener("blur", () => finish(true));
    cell.replaceChildren(input);
    input.focus();
    if (start === undefined) input.select();
  };

  const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], Home: [0, -99], End: [0, 99], PageDown: [12, 0], PageUp: [-12, 0], j: [1, 0], k: [-1, 0] };
  grid.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const cell = target.closest("td");
    if (!cell?.column || event.altKey || event.metaKey || (event.ctrlKey && !["Home", "End"].includes(key))) return;
    const isLetter = key.length === 1 && key !== " ";
    const byLetter = cell.column.isAnswer && cell.question.kind === "choice" ? cell.question.options.find((option) => option.code[0].toLowerCase() === key.toLowerCase()) : null;
    let act = null;
    if (isLetter && byLetter && isOpen(cell)) act = () => enter(cell, byLetter.code);
    else if (event.ctrlKey) act = () => move(key === "Home" ? -999 : 999, key === "Home" ? -99 : 99);
    else if (moves[key]) act = () => move(...moves[key]);
    else if (key === "Enter" || key === "F2") act = () => (isOpen(cell) ? edit(cell) : app.goTo(cell.question.id));
    else if (key === "Delete" && isOpen(cell)) act = () => put([[cell, null]]);
    else if (/^[0-9]$/.test(key) && cell.column.isAnswer && cell.question.kind !== "choice") act = () => edit(cell, key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  grid.addEventListener("focusin", ({ target }) => {
    if (!target.column) return;
    current.tabIndex = -1;
    current = target;
    current.tabIndex = 0;
  });
  grid.addEventListener("mousedown", ({ target }) => { const cell = target.closest("td"); if (cell?.column && cell !== target.closest("td:has(input)")) setTimeout(() => focus(cell)); });
  grid.addEventListener("dblclick", ({ target }) => { const cell = target.closest("td"); if (cell?.column) edit(cell); });
  grid.addEventListener("copy", (event) => {
    if (!event.target.closest?.("td")?.column || isTyping(event.target) || !document.getSelection().isCollapsed) return;
    event.clipboardData.setData("text/plain", cellText(value(current)));
    event.preventDefault();
  });
  grid.addEventListener("paste", (event) => {
    if (isTyping(event.target)) return;
    event.preventDefault();
    const [top, left] = place(current);
    const taken = [], skipped = [];
    let alike = 0;
    parseClipboard(event.clipboardData.getData("text/plain")).forEach((row, i) => {
      const wanted = row.map((text, j) => [at(top + i, left + j), text]).filter(([cell, text]) => cell && tidy(text) && cell.column.isOpen);
      const note = wanted.find(([cell]) => cell.column.field === "catatan_tpi")?.[1];
      if (top + i >= ids.length && row.some(tidy)) skipped.push(`baris ${i + 1}: melewati pertanyaan terakhir`);
      for (const [cell, text] of wanted) {
        const parsed = cell.column.isAnswer ? parseCell(cell.question, text) : text;
        if (parsed === undefined) skipped.push(`${cell.question.id}: '${text.slice(0, 40)}' bukan jawaban di sini; ${allowed(cell)}`);
        else if (needsNote(cell, parsed, note)) skipped.push(`${cell.question.id}: '${text.slice(0, 40)}' berbeda dari unit dan tanpa catatan`);
        else if (same(parsed, value(cell))) alike += 1;
        else taken.push([cell, parsed]);
      }
    });
    if (app.isReadOnly) return app.say("Isian hanya dapat dibaca.");
    confirm.ask(taken, alike, skipped, () => put(taken), () => focus(current));
  });

  node.title = "Tabel jawaban";
  node.goTo = (id) => focus(at(ids.indexOf(id), place(current)[1]));
  node.open = () => {
    for (const cell of cells.values()) display(cell);
    for (const [id, [evidence, state]] of states) {
      const { links, state: now } = app.values[id];
      setText(evidence, links.length ? String(links.length) : "–");
      setText(state, `${now.icon} ${now.text}`);
      state.className = `zi-status ${now.kind}`;
    }
  };
  return node;
}

/** What is asked before several cells are filled at once. */
function confirmPaste(app) {
  const said = el("p", {});
  const left = el("ul", { class: "zi-warnings zi-left" });
  const go = el("button", { type: "button", class: "zi-button", text: "Isi", on: { click: () => { node.close(); node.act(); } } });
  const node = app.dialog("Tempel ke tabel", go, said, left);
  node.addEventListener("close", () => node.after?.());
  node.ask = (taken, alike, problems, act, after) => {
    Object.assign(node, { act, after });
    setText(go, `Isi ${taken.length} sel`);
    setText(said, [
      taken.length ? `${taken.length} sel akan diisi, sebagai satu langkah yang dapat diurungkan (U).` : "Tidak ada sel yang berubah.",
      alike ? `${alike} sel sudah berisi sama.` : "",
      problems.length ? `${problems.length} tidak dapat diisi dan dibiarkan:` : "",
    ].filter(Boolean).join(" "));
    left.replaceChildren(...problems.map((text) => el("li", { text })));
    show(left, problems.length > 0);
    show(go, taken.length > 0);
    node.showModal();
  };
  return node;
}
