// The page "Identitas & prasyarat": what the unit is, what it states, what its agency states.

function choiceField(app, spec, id) {
  const set = el("fieldset", { class: "zi-answer inline" }, el("legend", { text: spec.label }));
  const error = el("p", { class: "zi-error", hidden: true });
  const radios = spec.options.map((option, i) => {
    const radio = el("input", { type: "radio", name: id, id: `${id}-${i}` });
    radio.addEventListener("change", () => place.send());
    return radio;
  });
  set.append(el("div", { class: "zi-inline" }, spec.options.map((option, i) =>
    el("label", { class: "zi-option", for: radios[i].id }, radios[i], el("span", { text: option.text })))), error);
  const place = new Field(app, spec.key, spec.field, () => {
    const i = radios.findIndex((radio) => radio.checked);
    return i < 0 ? null : spec.options[i].value;
  }, (value) => radios.forEach((radio, i) => { radio.checked = same(spec.options[i].value, value); }));
  set.setError = (text) => { setText(error, text || ""); show(error, Boolean(text)); };
  set.place = place;
  place.node = set;
  return set;
}

function inputField(app, spec, id) {
  const isNumber = spec.kind === "number";
  const input = el("input", { type: "text", autocomplete: "off", class: isNumber ? "zi-count" : "", inputmode: isNumber ? "decimal" : "text" });
  const node = labelled(id, spec.unit ? `${spec.label} (${spec.unit})` : spec.label, input, {});
  const place = new Field(app, spec.key, spec.field, () => {
    if (!isNumber) return input.value.trim() === "" && spec.required ? undefined : input.value;
    const value = parseNumber(input.value);
    node.setError(value === undefined ? "Isi dengan angka. Isian ini belum disimpan." : "");
    return value;
  }, (value) => { input.value = isNumber ? numberText(value) : value ?? ""; });
  if (!isNumber) place.seen = "";
  input.addEventListener("input", () => {
    if (spec.required) node.setError(input.value.trim() ? "" : "Wajib diisi.");
    place.typed();
  });
  input.addEventListener("blur", () => place.send());
  node.place = place;
  place.node = node;
  return node;
}

/** Make the identity page; `page.set(identity)` shows what the kernel holds. */
function identityPage(app, form) {
  const status = new Map();
  const make = (spec) => {
    const id = `${app.prefix}-${spec.key}-${spec.field}`;
    const field = spec.options ? choiceField(app, spec, id) : inputField(app, spec, id);
    const state = el("p", { class: "zi-need" });
    const proposals = proposalList((value) => { field.place.write(value); field.place.send(); });
    status.set(spec, [field, state, proposals]);
    return el("div", { class: "zi-fact" }, field, state, proposals);
  };
  const agency = el("ul", { class: "zi-agency" });
  const agencyCard = el("section", { class: "zi-card" }, el("h4", { text: "Prasyarat dari instansi" }),
    el("p", { class: "zi-guide", text: "Dibaca dari data instansi; diubah oleh pengelolanya." }), agency);
  const page = el("div", { class: "zi-identity" },
    el("section", { class: "zi-card" }, el("h4", { text: "Identitas unit" }), form.identity.map(make)),
    form.facts.length > 0 && el("section", { class: "zi-card" }, el("h4", { text: "Prasyarat yang dinyatakan unit" }),
      el("p", { class: "zi-guide", text: "Kosongkan yang belum diketahui; yang kosong tidak dihitung sebagai tidak." }), form.facts.map(make)),
    agencyCard);
  page.set = (values) => {
    for (const [spec, [field, state, proposals]] of status) {
      const item = values.fields[`${spec.key} (${spec.field})`];
      field.place.accept(item.value);
      state.replaceChildren(...(item.need ? [badge(item.status, item.icon, item.words), el("span", { text: ` diminta: ${item.need}` })] : []));
      show(state, Boolean(item.need));
      proposals.set(item.proposal ? [item.proposal] : []);
    }
    show(agencyCard, values.agency.length > 0);
    agency.replaceChildren(...values.agency.map((item) => el("li", {}, el("span", { text: item.label }),
      el("span", {}, badge(item.status, item.icon, item.words), el("span", { class: "zi-meta", text: ` ${item.got}; diminta: ${item.need}` })))));
  };
  page.setReadOnly = (isReadOnly) => {
    page.querySelectorAll("input[type=text]").forEach((input) => { input.readOnly = isReadOnly; });
    page.querySelectorAll("fieldset").forEach((set) => { set.disabled = isReadOnly; });
    for (const [, , proposals] of status.values()) proposals.setReadOnly(isReadOnly);
  };
  return page;
}
