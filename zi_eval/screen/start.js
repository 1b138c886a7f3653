// The way of a screen into the page and out of it again; the last script of every live screen.

/** Return the module of a screen: a class of the kit, its own class name, and what is said first. */
function screenModule(Screen, ownClass, opening) {
  return {
    render({ model, el: place }) {
      const root = el("div", { class: `zi-form ${ownClass}`.trim(), lang: "id", "data-lm-suppress-shortcuts": "true" },
        el("p", { class: "zi-loading", role: "status", text: opening }));
      place.append(root);
      const app = new Screen(model, root);
      const receive = (message) => app.receive(message);
      const flush = () => app.flush();
      const leave = app.enter();
      model.on("msg:custom", receive);
      window.addEventListener("pagehide", flush);
      document.addEventListener("visibilitychange", flush);
      const timer = setInterval(() => app.form ? app.beat() : app.send({ type: "open" }), BEAT);
      app.send({ type: "open" });
      return () => {
        flush();
        clearInterval(timer);
        leave();
        model.off("msg:custom", receive);
        window.removeEventListener("pagehide", flush);
        document.removeEventListener("visibilitychange", flush);
      };
    },
  };
}
