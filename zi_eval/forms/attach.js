// Files of evidence: chosen or dropped at a question, sent in parts, kept by the kernel.

const PART = 256 * 1024; // bytes of one message

/** The part of a file as base64, which every transport takes. */
function partOf(file, start) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file.slice(start, start + PART));
  });
}

/** Send a file; the kernel's answer says where it is kept, or why it is not, already at the first part. */
async function sendFile(app, key, file, progress) {
  const id = `${Date.now()} ${Math.random()}`;
  let message;
  for (let start = 0; start === 0 || start < file.size; start += PART) {
    const data = await partOf(file, start);
    message = await app.ask({ type: "attach", key, file: id, name: file.name, size: file.size, start, data });
    if (message.file !== id) break;
    progress(Math.min(100, Math.round(((start + PART) / file.size) * 100)));
  }
  return message;
}

/** The button for files; the zone becomes one that takes those that are dropped. */
function fileDrop(app, key, zone, keep) {
  const input = el("input", { type: "file", multiple: true, hidden: true, "aria-label": `Berkas bukti ${key}` });
  const button = el("button", { type: "button", class: "zi-button small", text: "Berkas…", title: "Pilih berkas bukti, atau jatuhkan di sini", on: { click: () => input.click() } });
  const said = el("p", { class: "zi-hint", role: "status", hidden: true });
  const tell = (text, isFault = false) => { setText(said, text); said.className = isFault ? "zi-error" : "zi-hint"; show(said, Boolean(text)); };
  const take = async (files) => {
    if (app.isReadOnly) return;
    const faults = []; // what one file is refused for stays when the next is kept
    for (const file of files) {
      try {
        const { path, text } = await sendFile(app, key, file, (percent) => tell(`Mengirim ${file.name}: ${percent} %`));
        if (path) keep(path);
        else faults.push(text ?? `${file.name} tidak disimpan.`);
      } catch {
        faults.push(`${file.name} tidak dapat dibaca; folder tidak dapat dijatuhkan.`);
      }
    }
    tell(faults.join(" "), true);
  };
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  zone.classList.add("zi-files");
  zone.takeFiles = take;
  zone.append(said);
  return [input, button];
}

/** Where files dropped at a place of the screen belong: the evidence there, or the only one of the card. */
function zoneAt(target) {
  const zones = target.closest(".zi-card")?.querySelectorAll(".zi-files") ?? [];
  return target.closest(".zi-files") ?? (zones.length === 1 ? zones[0] : null);
}

/** Take files dropped anywhere in the form: a page is never replaced by one, and none is lost unsaid. */
function watchDrops(app) {
  let over = null;
  const mark = (zone) => { over?.classList.remove("over"); over = zone; over?.classList.add("over"); };
  const watch = (type, act) => app.root.addEventListener(type, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    act(event);
  });
  watch("dragover", ({ target }) => { const zone = zoneAt(target); if (zone !== over) mark(zone); });
  watch("dragleave", ({ relatedTarget }) => { if (!app.root.contains(relatedTarget)) mark(null); });
  watch("drop", ({ target, dataTransfer }) => {
    mark(null);
    const zone = zoneAt(target);
    if (zone) zone.takeFiles([...dataTransfer.files]);
    else app.say(app.mode === "tpi" ? "Berkas bukti diserahkan oleh unit." : "Jatuhkan berkas pada pertanyaan yang dibuktikannya.");
  });
}
