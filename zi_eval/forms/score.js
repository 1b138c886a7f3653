// The score beside the questions, always in sight: built once, then only its texts change.

function bar() {
  const fill = el("span", { class: "zi-fill" });
  const mark = el("span", { class: "zi-mark" });
  const node = el("span", { class: "zi-bar", "aria-hidden": "true" }, fill, mark);
  node.set = (item) => {
    fill.style.width = `${Math.max(0, Math.min(1, item.share ?? 0)) * 100}%`;
    show(mark, item.mark !== null);
    mark.style.left = `${(item.mark ?? 0) * 100}%`;
    node.className = `zi-bar ${item.status}`;
  };
  return node;
}

function scoreRow() {
  const title = el("span", { class: "zi-row-title" });
  const got = el("span", { class: "zi-row-got" });
  const line = bar();
  const status = el("span", { class: "zi-row-status" });
  const need = el("span", { class: "zi-row-need" });
  const compare = el("p", { class: "zi-row-compare" });
  const node = el("li", { class: "zi-row" }, el("div", {}, title, got), line, el("div", {}, status, need), compare);
  node.set = (item) => {
    setText(title, item.title);
    setText(got, item.got);
    setText(status, `${item.icon} ${item.words}`);
    setText(need, item.need);
    setText(compare, item.compare);
    show(compare, Boolean(item.compare));
    status.className = `zi-row-status ${item.status}`;
    line.set(item);
  };
  return node;
}

function rowList() {
  const list = el("ul", { class: "zi-rows" });
  const heading = el("h3", {});
  const node = el("section", {}, heading, list);
  node.set = (label, items) => {
    setText(heading, label);
    node.setAttribute("aria-label", label);
    while (list.children.length < items.length) list.append(scoreRow());
    while (list.children.length > items.length) list.lastChild.remove();
    items.forEach((item, i) => list.children[i].set(item));
    show(node, items.length > 0);
  };
  return node;
}

function textList(label) {
  const heading = el("h3", { text: label });
  const list = el("ul", { class: "zi-fails" });
  const node = el("section", { "aria-label": label }, heading, list);
  node.set = (items) => {
    const shown = [...list.children].map((item) => item.textContent);
    if (!same(shown, items)) list.replaceChildren(...items.map((text) => el("li", { text })));
    setText(heading, `${label} (${items.length})`);
    show(node, items.length > 0);
  };
  return node;
}

/** What speaks against the verdict, each to be explained in writing, or the explanation. */
function doubtList(explain) {
  const heading = el("h3", {});
  const list = el("ul", { class: "zi-fails zi-doubt-list" });
  const node = el("section", { "aria-label": "Keraguan" }, heading, list);
  let shown = [];
  const item = (doubt) => el("li", { class: doubt.explained ? "done" : "" },
    el("p", {}, doubt.what, doubt.decisive ? el("strong", { text: " Menentukan putusan." }) : null),
    el("p", { class: "zi-doubt-more", text: doubt.explained || doubt.remedy }),
    el("button", { type: "button", class: "zi-button zi-doubt-act", text: doubt.explained ? "Cabut penjelasan" : "Jelaskan…", "aria-label": `${doubt.explained ? "Cabut penjelasan" : "Jelaskan"}: ${doubt.what}`, on: { click: () => explain(doubt) } }));
  node.set = (doubts) => {
    if (!same(shown, doubts)) list.replaceChildren(...doubts.map(item));
    shown = doubts;
    setText(heading, `Keraguan (${doubts.filter((doubt) => !doubt.explained).length})`);
    show(node, doubts.length > 0);
  };
  return node;
}

/** Make the panel; `panel.set(score)` shows a score. */
function scorePanel(explain) {
  const verdict = el("p", { class: "zi-verdict" });
  const number = el("span", { class: "zi-total" });
  const of = el("span", { class: "zi-of" });
  const line = bar();
  const reason = el("p", { class: "zi-reason" });
  const open = el("p", { class: "zi-open" });
  const doubts = el("p", { class: "zi-doubts" });
  const compare = el("p", { class: "zi-reason" });
  const why = el("p", { class: "zi-why" });
  const hero = el("div", { class: "zi-hero" }, verdict, why, doubts, el("p", { class: "zi-number" }, number, " ", of), line, compare, reason, open);
  const areas = rowList();
  const results = rowList();
  const fails = textList("Yang belum terpenuhi");
  const doubtful = doubtList(explain);
  const live = el("p", { class: "zi-hidden", "aria-live": "polite", "aria-atomic": "true" });
  const sheet = el("div", {}, hero, doubtful, areas, results, fails);
  // On a narrow screen the questions get the room, and this line opens the rest.
  const lineText = el("span", {});
  const scoreLine = el("button", { type: "button", class: "zi-score-line", "aria-expanded": "false", on: { click: () => {
    scoreLine.setAttribute("aria-expanded", String(panel.classList.toggle("open")));
  } } }, lineText);
  const panel = el("aside", { class: "zi-panel", "aria-label": "Nilai saat ini", tabindex: "0" },
    scoreLine, sheet, live);
  panel.sheet = sheet;
  let timer = 0;
  panel.set = (score) => {
    setText(verdict, `${score.icon} ${score.verdict}`);
    hero.className = `zi-hero ${score.status}`;
    setText(why, score.why);
    show(why, Boolean(score.why));
    setText(lineText, [score.total.got, `${score.icon} ${score.verdict}`, score.why].filter(Boolean).join(" · "));
    scoreLine.className = `zi-score-line ${score.status}`;
    setText(doubts, score.doubts);
    show(doubts, Boolean(score.doubts));
    setText(number, score.total.got);
    setText(of, score.total.of);
    line.set(score.total);
    setText(reason, score.total.words);
    setText(open, score.open);
    setText(compare, score.total.compare);
    show(compare, Boolean(score.total.compare));
    areas.set(score.areas_title, score.areas);
    results.set(score.results_title, score.results);
    fails.set(score.fails);
    doubtful.set(score.doubt_list);
    clearTimeout(timer);
    timer = setTimeout(() => setText(live, score.summary), 1500);
  };
  return panel;
}
