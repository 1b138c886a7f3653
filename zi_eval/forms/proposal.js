// What data propose, beside the answer given: shown folded, and used only by a click.

/** One proposal; without a text it is evidence only. */
function proposalNode(item, isOpen, use) {
  const reasons = el("details", { class: "zi-reasons", open: isOpen },
    el("summary", { text: item.text ? "Alasannya" : `Yang terlihat dari data (${item.reasons.length})` }),
    el("ul", {}, item.reasons.map((text) => el("li", { text }))),
    el("p", { class: "zi-meta", text: `Sumber: ${item.source}` }));
  if (!item.text) return el("div", { class: "zi-proposal" }, reasons);
  const button = item.use !== null && el("button", { type: "button", class: "zi-button small zi-use", text: "Pakai usulan", on: { click: () => use(item.use) } });
  return el("div", { class: `zi-proposal${item.differs ? " differs" : ""}` },
    el("p", { class: "zi-proposal-head" }, el("strong", { text: "Usulan dari data: " }), el("span", { class: "zi-said", text: item.text }),
      item.provisional && el("span", { class: "zi-meta", text: " (sementara)" })),
    item.differs && el("p", { class: "zi-unlike", text: "≠ Yang diisi berbeda dari usulan ini." }),
    el("div", { class: "zi-actions" }, button, reasons));
}

/** The proposals of one question or fact; `use` takes the value of the one that is clicked. */
function proposalList(use) {
  const node = el("div", { class: "zi-proposals", hidden: true });
  let shown = [];
  let isReadOnly = false;
  node.set = (items) => {
    if (same(items, shown)) return;
    shown = items;
    const isOpen = [...node.children].map((child) => child.querySelector("details").open);
    const hadFocus = node.contains(document.activeElement);
    node.replaceChildren(...items.map((item, i) => proposalNode(item, Boolean(isOpen[i]), use)));
    if (hadFocus) node.querySelector("summary")?.focus({ preventScroll: true });
    node.setReadOnly(isReadOnly);
    show(node, items.length > 0);
  };
  node.setReadOnly = (value) => {
    isReadOnly = value;
    node.querySelectorAll(".zi-use").forEach((button) => show(button, !value));
  };
  return node;
}
