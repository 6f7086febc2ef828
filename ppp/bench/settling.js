// The settling bench: one difference at a time. A digit chooses what counts, a letter says why the coders had differed.

const KINDS = ["ambiguous_text", "gap_in_rules", "slip", "true_edge"];
const KIND_KEYS = ["KeyQ", "KeyW", "KeyE", "KeyR"];

function render({ model, el }) {
  const root = frame(el, "…");
  const status = make("p", { class: "status", role: "status", "aria-live": "polite" });
  root.append(status);
  let data = null;
  let say = {};
  let label = (code) => code;
  let beginning = false;
  let base = new Map(); // by difference, what is settled
  let at = null;
  let chosen = null; // codes, before the kind is known
  let kind = null;
  let said = "";
  let show_ = "todo";
  const labels = keyLabels();
  const mine = new Map();
  const parts = {};
  let stopListening = () => {};
  const line = new Line(model, heard, drawStatus);

  // -- what is so -----------------------------------------------------------------------------------------------------

  function settled(id) {
    return line.kept.live.findLast((step) => `${step.activity}|${step.dimension}` === id) ?? base.get(id) ?? null;
  }

  function belongs(item) {
    return show_ === "all" || (settled(item.id) !== null) === (show_ === "done");
  }

  function current() {
    return data.items.find(({ id }) => id === at);
  }

  function go(by) {
    const from = data.items.findIndex(({ id }) => id === at);
    const n = data.items.length;
    for (let step = 1; step <= n; step += 1) {
      const item = data.items[(((from + by * step) % n) + n) % n];
      if (item.id !== at && belongs(item)) return show(item.id);
    }
    if (at && !belongs(current())) show(null);
    else tell(say.nothing_here);
  }

  function show(id) {
    at = id;
    chosen = null;
    kind = null;
    parts.why.value = "";
    const before = at && settled(at);
    if (before) {
      kind = before.kind === "agreed" ? null : before.kind;
      parts.why.value = before.why ?? "";
    }
    draw();
    if (root.contains(document.activeElement)) focusDifference();
  }

  function focusDifference() {
    parts.difference.focus({ preventScroll: true });
  }

  // -- what is done ------------------------------------------------------------------------------------------------------

  function choose(codes) {
    chosen = codes;
    finish();
  }

  function because(reason) {
    kind = reason;
    // What is settled already can be given another kind.
    if (!chosen && settled(at)) chosen = settled(at).codes;
    finish();
  }

  function finish() {
    const why = parts.why.value.trim();
    if (chosen && kind && (kind === "slip" || why)) {
      const { activity, dimension } = current();
      const whole = line.step({ do: "settle", activity, dimension, codes: chosen, kind, why });
      mine.set(whole.id, `${inWords(chosen, dimension)} (${say[kind].toLocaleLowerCase()})`);
      said = say.saving;
      return go(1);
    }
    draw();
    if (chosen && !kind) tell(fill(say.choose_then_kind, { what: inWords(chosen, current().dimension) }));
    else if (chosen) {
      tell(fill(say.chosen, { what: inWords(chosen, current().dimension) }));
      parts.why.focus();
    } else tell(say.what_counts);
  }

  function undo() {
    const whole = line.step({ do: "undo" });
    mine.set(whole.id, null);
    said = say.saving;
    draw();
  }

  function both() {
    const codes = [];
    for (const { codes: own } of current().given) {
      for (const code of own) if (!codes.some((one) => String(one) === String(code))) codes.push(code);
    }
    return codes;
  }

  function tell(words) {
    said = words;
    drawStatus();
  }

  // -- what is heard -------------------------------------------------------------------------------------------------------

  function heard(content) {
    if (content.say === "everything") base = new Map();
    for (const [id, found] of Object.entries(content.states ?? {})) {
      if (found) base.set(id, found);
      else base.delete(id);
    }
    if (!data) {
      if (content.say === "everything" && !beginning) begin(content);
      return;
    }
    if (content.id && mine.has(content.id)) {
      const words = mine.get(content.id);
      mine.delete(content.id);
      if (content.say === "refused") said = fill(say.refused, { why: content.why });
      else if (words !== null) said = fill(say.settled, { what: words });
      else if (content.undone) {
        said = fill(say.taken_back, { what: titleOf(data.items.find(({ id }) => id === content.undone)) });
        return show(content.undone);
      } else if (!content.written) said = say.nothing_to_undo;
    }
    draw();
  }

  async function begin(content) {
    beginning = true;
    label = await labels;
    data = content;
    say = content.words;
    build();
    said = line.kept.steps.length ? say.saving : say.ready_to_settle;
    show(data.items.find(belongs)?.id ?? null);
  }

  // -- words -----------------------------------------------------------------------------------------------------------------

  function codeOf(id, dimension) {
    const list = { place: "places", phase_began: "phases", parity: "leaves" }[dimension];
    return [...data.codebook[list], ...data.codebook.special].find((code) => code.id === id);
  }

  function inWords(codes, dimension) {
    if (!codes.length) return dimension === "parity" ? say.no_evidence : say.no_code;
    return codes
      .map(([code, way], n) => {
        const name = codeOf(code, dimension)?.label ?? code;
        if (way) return `${name} ${say[way]}`;
        return n ? fill(say.also, { label: name }) : name;
      })
      .join(", ");
  }

  function titleOf(item) {
    if (!item) return "";
    return Array.from(item.text).slice(0, item.title || 60).join("").trim() || say.no_text;
  }

  // -- the parts of the page ----------------------------------------------------------------------------------------------------

  function hint(code) {
    return make("kbd", { "aria-hidden": "true", text: label(code) });
  }

  function button(words, key, act, more) {
    return make("button", { type: "button", onclick: act, ...more }, make("span", { text: words }), hint(key));
  }

  function build() {
    root.setAttribute("aria-label", say.settling);
    root.lang = data.language;
    parts.count = make("span", {});
    parts.bar = make("progress", { max: "1" });
    parts.show = make("select", { onchange: () => { show_ = parts.show.value; show(data.items.find(belongs)?.id ?? null); } });
    for (const [value, words] of [["todo", say.to_settle], ["done", say.settled_ones], ["all", say.all]]) {
      parts.show.append(make("option", { value, text: words }));
    }
    parts.difference = make("article", { tabindex: "-1" });
    parts.heading = make("h3", {});
    parts.text = make("p", { class: "text" });
    parts.difference.append(parts.heading, parts.text);
    parts.question = make("h4", {});
    parts.choices = make("div", { class: "choices", role: "group" });
    parts.other = make("div", { class: "other", hidden: true });
    parts.kindsLabel = make("h4", { text: say.why_differ, id: `${data.key}-kinds` });
    parts.kinds = make("div", { class: "acts", role: "group", "aria-labelledby": `${data.key}-kinds` });
    KINDS.forEach((name, n) => {
      const press = button(say[name], KIND_KEYS[n], () => because(name), { "aria-pressed": "false", title: say[`kind_${name}`] });
      press.dataset.kind = name;
      parts.kinds.append(press);
    });
    const reasons = make("datalist", { id: `${data.key}-reasons` });
    parts.reasons = reasons;
    parts.why = make("input", { type: "text", list: reasons.id, "aria-describedby": `${data.key}-help` });
    parts.whyBox = make("label", { class: "memo" }, make("span", { text: say.reason }), parts.why, reasons);
    parts.help = make("p", { class: "faint", id: `${data.key}-help`, text: say.reason_needed });
    parts.definition = make("div", { class: "definition" });
    parts.acts = make(
      "div",
      { class: "acts" },
      button(say.previous, "←", () => go(-1)),
      button(say.undo, "⌫", undo),
      button(say.next, "→", () => go(1)),
    );
    parts.ask = make("div", { class: "right" }, parts.question, parts.choices, parts.other, parts.kindsLabel, parts.kinds, parts.whyBox, parts.help);
    root.replaceChildren(
      make("header", {}, make("label", { class: "count" }, parts.count, parts.bar), make("label", {}, make("span", { text: say.show }), parts.show)),
      make("div", { class: "two" }, make("div", { class: "left" }, parts.difference, parts.definition, parts.acts, status), parts.ask),
    );
    stopListening = keysOf(root, onKey);
    root.addEventListener("click", (event) => {
      const target = event.target.closest("button, article, .definition");
      if (event.detail > 0 && target && !isField(event.target) && document.activeElement !== parts.why && parts.other.hidden) focusDifference();
    });
  }

  function drawOther() {
    const { dimension } = current();
    let codes = [];
    const apply = make("button", { type: "button", class: "first", text: say.these_count, onclick: () => { parts.other.hidden = true; choose(codes); } });
    const list = make("div", { class: "acts", role: "group", "aria-label": say.else });
    const kinds = { place: ["places", [null]], phase_began: ["phases", [null]], parity: ["leaves", ["supports", "barrier"]] }[dimension];
    const offered = [...data.codebook[kinds[0]], ...(dimension === "parity" ? [] : data.codebook.special)];
    for (const code of offered) {
      for (const way of kinds[1]) {
        const press = make("button", {
          type: "button", "aria-pressed": "false", text: way ? `${code.label} ${say[way]}` : code.label,
          onclick: () => {
            const there = codes.some((one) => String(one) === String([code.id, way]));
            codes = there ? codes.filter((one) => String(one) !== String([code.id, way])) : [...codes, [code.id, way]];
            press.setAttribute("aria-pressed", String(!there));
            apply.disabled = dimension !== "parity" && !codes.length;
          },
        });
        list.append(press);
      }
    }
    apply.disabled = dimension !== "parity";
    parts.other.replaceChildren(list, apply);
    parts.other.hidden = false;
    list.querySelector("button").focus();
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------------------

  function draw() {
    if (!data) return drawStatus();
    const left = data.items.filter(({ id }) => settled(id) === null).length;
    parts.count.textContent = fill(say.settle_progress, { left });
    parts.bar.value = data.items.length ? 1 - left / data.items.length : 1;
    parts.show.value = show_;
    const item = at ? current() : null;
    for (const part of [parts.ask, parts.definition]) part.hidden = !item;
    if (item) drawItem(item);
    else {
      parts.heading.hidden = true;
      parts.text.textContent = left || show_ !== "todo" ? say.nothing_here : say.all_settled;
    }
    drawStatus();
  }

  function drawItem(item) {
    const now = settled(item.id);
    parts.difference.dataset.difference = item.id;
    const points = Array.from(item.text);
    const marks = item.given.flatMap((one) => one.marks);
    parts.heading.hidden = !item.title;
    parts.heading.replaceChildren(...marked(points, 0, item.title, marks));
    const rest = points.slice(item.title).join("").match(/^\s*/)[0].length + item.title;
    parts.text.replaceChildren(...(rest < points.length ? marked(points, rest, points.length, marks) : []));
    if (!points.length) parts.text.textContent = say.no_text;
    for (const part of [parts.heading, parts.text]) part.lang = item.language ?? data.language;
    const asked = { place: say.place, phase_began: say.phase_began, parity: say.parity_name }[item.dimension];
    parts.question.textContent = fill(say.what_counts_on, { what: asked });
    parts.choices.setAttribute("aria-label", parts.question.textContent);
    const choices = item.given.map(({ coder, codes, memo }) => ({ who: coder, codes, memo }));
    if (item.given.length > 1) choices.push({ who: say.both, codes: both(), memo: "" });
    const said_ = chosen ?? now?.codes ?? null;
    parts.choices.replaceChildren(
      ...choices.map(({ who, codes, memo }, n) => {
        const press = make(
          "button",
          { type: "button", class: "choice", "aria-pressed": String(said_ !== null && String(codes) === String(said_)), onclick: () => choose(codes) },
          make("span", { class: "who" }, who, hint(`Digit${n + 1}`)),
          make("span", { class: "codes", text: inWords(codes, item.dimension) }),
          memo ? make("span", { class: "faint", text: memo }) : null,
        );
        press.dataset.choice = String(n + 1);
        return press;
      }),
      make("button", { type: "button", class: "choice", onclick: drawOther }, make("span", { class: "who" }, say.else, hint("Digit0"))),
    );
    parts.other.hidden = true;
    for (const press of parts.kinds.children) press.setAttribute("aria-pressed", String(press.dataset.kind === kind));
    const known = [...new Set([...base.values()].map((one) => one.why).filter(Boolean))];
    parts.reasons.replaceChildren(...known.map((value) => make("option", { value })));
    const codes = [...new Set(choices.flatMap((one) => one.codes.map(([code]) => code)))];
    parts.definition.replaceChildren(
      ...codes.map((id) => codeOf(id, item.dimension)).filter(Boolean).map((code) =>
        make(
          "div",
          {},
          make("p", {}, make("strong", { text: `${code.label}. ` }), code.definition),
          code.excludes.length ? make("p", { class: "faint", text: `${say.excludes}: ${code.excludes.join("; ")}` }) : null,
        ),
      ),
    );
  }

  function drawStatus() {
    let words = said;
    if (line.answers === false) words = data ? fill(say.offline, { n: line.kept.steps.length }) : "…";
    root.classList.toggle("offline", line.answers === false);
    if (status.textContent !== words) status.textContent = words;
  }

  // -- keys ---------------------------------------------------------------------------------------------------------------------------

  function onKey(event) {
    if (event.isComposing || event.altKey) return;
    if (event.target === parts.why) {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      focusDifference();
      if (event.key === "Enter") finish();
      return;
    }
    if (isField(event.target)) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.code === "KeyZ" && !event.shiftKey) run(event, undo);
      return;
    }
    if (event.target.closest("button") && (event.key === "Enter" || event.key === " ")) return;
    const act = command(event);
    if (act) run(event, act);
  }

  function run(event, act) {
    event.preventDefault();
    if (!event.repeat) act();
  }

  function command(event) {
    if (event.key === "Backspace") return undo;
    if (!at) return null;
    if (event.key === "ArrowRight") return () => go(1);
    if (event.key === "ArrowLeft") return () => go(-1);
    if (event.key === "Escape") return () => show(at);
    if (event.shiftKey) return null;
    const at_kind = KIND_KEYS.indexOf(event.code);
    if (at_kind >= 0) return () => because(KINDS[at_kind]);
    if (event.code === "Digit0") return drawOther;
    const digit = event.code.match(/^(?:Digit|Numpad)([1-9])$/)?.[1];
    const press = digit && parts.choices.querySelector(`[data-choice="${digit}"]`);
    return press ? () => press.click() : null;
  }

  return () => {
    stopListening();
    line.close();
  };
}

export default { render };
