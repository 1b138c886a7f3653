// The criteria that probe a question: met or not, each with its proof. They only propose an answer.

/** One criterion; the unit answers it and proves it, the TPI judges it beside that. */
function criterionRow(app, criterion, id) {
  const isTpi = app.mode === "tpi";
  const answer = answerField(app, criterion, id, isTpi ? "tpi" : "unit", `${criterion.id} ${criterion.text}`);
  const node = el("li", { class: "zi-criterion" }, answer, answer.clearButton);
  if (isTpi) {
    const links = el("ul", { class: "zi-evidence" });
    const note = textField(app, criterion.id, "catatan_tpi", `${id}-catatan-tpi`, "Catatan TPI", { optional: "(wajib bila berbeda dari unit)" });
    note.input.rows = 1;
    pairWithNote(app, node, answer.place, note);
    node.append(links, note);
    node.set = (value) => {
      node.value = value;
      answer.place.accept(value.tpi);
      answer.updateClear();
      answer.markUnit(value.unit);
      links.replaceChildren(...value.links.map((link) => el("li", {}, evidenceText(link), link.said && el("span", { class: "zi-meta", text: ` (${link.said})` }))));
      note.place.accept(value.tpi_note);
    };
  } else {
    const evidence = evidenceField(app, criterion, id);
    const tpi = el("p", { class: "zi-meta", hidden: true });
    node.append(evidence, tpi);
    node.set = (value) => {
      answer.place.accept(value.unit);
      answer.updateClear();
      evidence.place.accept(value.evidence);
      evidence.taken(value);
      setText(tpi, value.tpi === null ? "" : `TPI: ${[value.tpi, value.tpi_note].filter(Boolean).join(". ")}`);
      show(tpi, value.tpi !== null);
    };
  }
  return node;
}

/** All criteria of a question; null where it has none. */
function criteriaList(app, question, id) {
  if (!question.criteria.length) return null;
  const rows = question.criteria.map((criterion) => criterionRow(app, criterion, `${id}-${criterion.id.replaceAll(".", "-")}`));
  const said = el("summary", {});
  const node = el("details", { class: "zi-criteria", open: true }, said, el("ol", {}, rows));
  node.set = (values) => {
    rows.forEach((row, i) => row.set(values[i]));
    const counted = values.map((value) => (app.mode === "tpi" ? value.tpi ?? value.unit : value.unit));
    const done = counted.filter((value) => value !== null).length;
    const met = counted.filter((value) => value === question.criteria[0].options[0].code).length;
    setText(said, `Kriteria: ${done} dari ${values.length} dijawab, ${met} terpenuhi`);
  };
  return node;
}
