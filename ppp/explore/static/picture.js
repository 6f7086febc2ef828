// One view: the picture with a button on each cell, its numbers as a table, and the code behind it.
// What arrives as HTML (svg, numbers) was made and escaped by ppp; all else is set as text.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function render({ model, el }) {
  const picture = make("div", { class: "ppp-picture" });
  const drawn = make("div");
  const cells = make("div", { class: "ppp-cells", role: "group" });
  picture.append(drawn, cells);
  const status = make("p", { role: "status" });
  const note = make("p");
  const numbers = make("div", { class: "ppp-scroll", tabindex: "0", role: "region" });
  const numbersWord = make("summary");
  const code = make("pre", { tabindex: "0" });
  const codeWord = make("summary");
  const copy = make("button", { class: "ppp-copy", type: "button" });
  const copied = make("span", { role: "status" });
  const numbersPart = make("details", {}, numbersWord, numbers);
  const codePart = make("details", {}, codeWord, code, copy, " ", copied);
  const root = make("div", { class: "ppp-view" }, status, picture, note, numbersPart, codePart);
  el.append(root);

  // Kept apart from `update`, so that a click leaves the buttons, and the focus on one of them, where they are.
  function press() {
    [...cells.children].forEach((button, at) => {
      button.setAttribute("aria-pressed", String(at === model.get("chosen")));
    });
  }

  function update() {
    const words = model.get("words");
    root.lang = model.get("language");
    const svg = model.get("svg");
    drawn.innerHTML = svg;
    picture.style.maxWidth = `${1.2 * model.get("width")}px`;
    picture.hidden = numbersPart.hidden = codePart.hidden = !svg;
    status.textContent = model.get("status");
    note.textContent = model.get("note");
    note.hidden = !model.get("note");
    numbers.innerHTML = model.get("numbers");
    numbersWord.textContent = words.numbers || "";
    numbers.setAttribute("aria-label", words.numbers || "");
    codeWord.textContent = words.code || "";
    code.setAttribute("aria-label", words.code || "");
    code.textContent = model.get("code");
    copy.textContent = words.copy || "";
    copied.textContent = "";
    const [left, top, width, height] = model.get("box");
    Object.assign(cells.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    cells.setAttribute("aria-label", words.cells || "");
    const listed = model.get("cells");
    cells.hidden = !listed.length;
    cells.replaceChildren(
      ...listed.map((cell, at) => {
        const button = make("button", { type: "button", "aria-label": cell.label });
        button.disabled = !cell.n;
        button.addEventListener("click", () => {
          model.set("chosen", model.get("chosen") === at ? -1 : at);
          model.save_changes();
        });
        return button;
      })
    );
    press();
  }

  copy.addEventListener("click", async () => {
    const words = model.get("words");
    try {
      await navigator.clipboard.writeText(code.textContent);
      copied.textContent = words.copied;
    } catch {
      // Where the browser does not allow it, the code is marked, to be copied by keyboard.
      getSelection().selectAllChildren(code);
      copied.textContent = words.marked;
    }
  });

  model.on("change:drawn", update);
  model.on("change:chosen", press);
  model.on("change:code", () => { code.textContent = model.get("code"); });
  model.on("change:status", () => { status.textContent = model.get("status"); });
  update();
}

export default { render };
