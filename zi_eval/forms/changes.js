// Who changed what: the history of the unit on the screen, one person's day in numbers, the CSV.

function changeTable(caption, changes, isWhere) {
  const names = ["Kapan", "Siapa", ...(isWhere ? ["Di mana"] : []), "Apa", "Dari", "Menjadi"];
  const cells = (change) => [change.when, change.who, ...(isWhere ? [change.where] : []), change.what, change.old, change.new];
  return el("table", { class: "zi-change-table" }, el("caption", { class: "zi-hidden", text: caption }),
    el("thead", {}, el("tr", {}, names.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, changes.map((change) => el("tr", {}, cells(change).map((text, i) => el("td", { text, "data-l": names[i] }))))));
}

/** Make the dialog; `ask()` opens it and asks for what it shows, `set(message)` shows the answer. */
function changesDialog(app) {
  const id = `${app.prefix}-sejak`;
  const day = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  const since = el("input", { type: "date", id, value: day(new Date(Date.now() - 7 * 864e5)) });
  const mine = el("input", { type: "checkbox", id: `${app.prefix}-hanya-saya` });
  const work = el("ul", { class: "zi-work" });
  const said = el("p", { class: "zi-hint", role: "status" });
  const table = el("div", { class: "zi-changes", tabindex: "0", role: "region", "aria-label": "Riwayat perubahan" });
  const ask = () => { setText(said, "Membaca…"); app.send({ type: "changes", since: since.value, mine: mine.checked }); };
  since.addEventListener("change", ask);
  mine.addEventListener("change", ask);
  const go = el("button", { type: "button", class: "zi-button", text: "Unduh CSV", on: { click: () => app.send({ type: "export", since: since.value }) } });
  const node = app.dialog("Perubahan", go,
    el("section", { "aria-labelledby": `${id}-hari` }, el("h4", { id: `${id}-hari`, text: "Pekerjaan Anda hari ini" }), work),
    el("div", { class: "zi-since" }, el("label", { for: id, text: "Perubahan sejak" }), since, el("label", { for: mine.id }, mine, " hanya saya")), said, table);
  node.classList.add("wide");
  node.ask = () => { node.showModal(); ask(); };
  node.set = (message) => {
    work.replaceChildren(...message.work.map((text) => el("li", { text })));
    setText(said, message.said);
    table.replaceChildren(message.changes.length ? changeTable("Perubahan, yang terbaru di atas", message.changes, true) : "");
  };
  return node;
}
