// Small pieces every part of the screen is made of. Text from people only ever becomes textContent.

/** Make an element; `attributes.text` is its text, `attributes.on` its listeners. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, f] of Object.entries(value)) node.addEventListener(type, f);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

/** Set text, class or an attribute only where it differs, so that nothing repaints in vain. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function show(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/** A value as it is kept: texts without space at their ends, nothing empty but null. */
function tidy(value) {
  if (typeof value === "string") return value.split("\n").map((line) => line.trimEnd()).join("\n").trim() || null;
  if (Array.isArray(value) && value.length === 0) return null;
  return value ?? null;
}

function same(a, b) {
  return a === b || JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));
}

/** Whether an element is there to be focused: in the page, in sight, and not switched off. */
function canFocus(node) {
  return node.isConnected && node !== document.body && !node.disabled && node.checkVisibility();
}

function isTyping(target) {
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target.tagName === "INPUT" && !["radio", "checkbox", "button"].includes(target.type);
}

const ZONES = { 420: "WIB", 480: "WITA", 540: "WIT", 0: "UTC" };

/** An hour of this browser's clock, with its zone. */
function clock(seconds) {
  const time = seconds ? new Date(seconds * 1000) : new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${two(time.getHours())}.${two(time.getMinutes())}.${two(time.getSeconds())} ${zoneName(-time.getTimezoneOffset())}`;
}

function zoneName(minutes) {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  return ZONES[minutes] ?? `UTC${minutes < 0 ? "\u2212" : "+"}${two(Math.abs(minutes) / 60)}.${two(Math.abs(minutes) % 60)}`;
}

/** A status as an icon and a word together, never by colour alone. */
function badge(status, icon, text) {
  return el("span", { class: `zi-badge ${status}` }, el("span", { "aria-hidden": "true", text: icon }), ` ${text}`);
}

/** A link of somebody's evidence: only web addresses open, everything else is shown as typed. */
function evidenceText(item) {
  if (!item.href) return el("span", { class: "zi-path", text: item.text });
  return el("a", { href: item.href, target: "_blank", rel: "noopener noreferrer", text: item.text });
}

const TEXT_PAUSE = 400; // ms without a key before a text is sent

/**
 * One place of the unit's file on the screen: what was last seen there, what is being typed, and
 * what was sent but not yet answered. `read` gives the value on the screen, or undefined where it
 * is not valid; `write` puts a value there.
 */
class Field {
  constructor(app, key, field, read, write) {
    Object.assign(this, { app, key, field, read, write });
    this.seen = null;
    this.waiting = 0; // changes sent and not yet answered
    this.timer = 0;
    this.conflict = null;
    this.isRefused = false; // what is typed was not taken; it stays on the screen to be mended
    this.isHeld = false; // not to be saved yet: something that belongs to it is missing
    this.others = []; // fields that are saved in the same step
    app.fields.set(`${key} ${field}`, this);
  }

  get isBusy() {
    return this.timer !== 0 || this.waiting > 0 || this.conflict !== null || this.isHeld || this.isRefused;
  }

  /** Take a value from the kernel, unless the person is ahead of it. */
  accept(value) {
    if (this.isBusy) return;
    this.seen = value ?? null;
    // What is there already stays as typed: a space at the end is the start of the next word.
    if (!same(this.read(), value)) this.write(this.seen);
  }

  typed() {
    this.isRefused = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), TEXT_PAUSE);
    this.app.showSaving();
  }

  get isChanged() {
    const value = this.read();
    return value !== undefined && !same(value, this.seen);
  }

  send() {
    clearTimeout(this.timer);
    this.timer = 0;
    const fields = [this, ...this.others].filter((field) => field.isChanged && !field.isHeld && !field.conflict);
    if (fields.length) this.app.change(fields);
    else this.app.showState();
  }

  /** Go back to what the kernel holds, where it refused the change; a text stays to be mended. */
  refuse(value) {
    this.seen = value ?? null;
    if (typeof this.read() === "string" && this.isText) this.isRefused = true;
    else this.write(this.seen);
  }
}
