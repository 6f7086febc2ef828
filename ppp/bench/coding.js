// The coding bench. State comes from the kernel; steps that it has not confirmed yet are laid on top.

const PLACES = ["direct_care", "clinic", "organization", "system"];
const PHASES = ["design", "plan", "implement", "evaluate"];
const CELL_KEYS = [
  ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5"],
  ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT"],
  ["KeyA", "KeyS", "KeyD", "KeyF", "KeyG"],
  ["KeyZ", "KeyX", "KeyC", "KeyV", "KeyB"],
];
const PARITY_KEYS = ["Digit7", "Digit8", "Digit9", "Digit0", "KeyU", "KeyI", "KeyO", "KeyP"];
const EMPTY = { place: [], phase: [], parity: [], memo: "", done: false, skipped: false, flagged: false };

// What a step does to a state; the kernel does the same, and its word is the last.
function after(state, step) {
  const next = { ...state };
  if (step.do === "skip") return { ...next, skipped: true, done: false, memo: step.memo || state.memo };
  if (step.do === "flag") return { ...next, flagged: true, memo: step.memo || state.memo };
  if (step.do === "unflag") return { ...next, flagged: false };
  for (const name of ["place", "phase", "parity"]) if (step[name]) next[name] = step[name];
  next.memo = step.memo ?? "";
  if (step.again) next.skipped = false;
  next.done = !next.skipped && next.place.length > 0 && next.phase.length > 0;
  return next;
}

function render({ model, el }) {
  const root = frame(el, "…");
  const status = make("p", { class: "status", role: "status", "aria-live": "polite" });
  root.append(status);
  let data = null; // everything, once it has come
  let say = {};
  let label = (code) => code;
  let base = new Map(); // by activity, as the kernel told last
  let at = null; // the activity that is shown
  let one_more = false;
  let said = "";
  let wants = { show: "todo", order: null, find: "" };
  const drafts = new Map(); // notes that are not yet kept with a code; in the browser, so that a closed tab loses none
  const sameWords = new Map(); // by text, the activities that have it
  const labels = keyLabels();
  let beginning = false;
  const mine = new Map(); // this view's steps, by name: what to say once they are saved
  const parts = {};
  let stopListening = () => {};

  const line = new Line(model, heard, drawStatus);

  // -- what is so ---------------------------------------------------------------------------------------------------

  function state(activity) {
    return line.kept.live.filter((step) => step.activity === activity).reduce(after, base.get(activity) ?? EMPTY);
  }

  function belongs(activity) {
    const now = state(activity.id);
    const kinds = { all: true, todo: !now.done && !now.skipped, coded: now.done, flagged: now.flagged, skipped: now.skipped };
    if (!kinds[wants.show]) return false;
    return !wants.find || activity.text.toLocaleLowerCase().includes(wants.find.toLocaleLowerCase());
  }

  function ordered() {
    const rows = [...data.activities];
    if (wants.order === "study") rows.sort((one, other) => one.id.localeCompare(other.id, "en", { numeric: true }));
    if (wants.order === "unsure") rows.sort((one, other) => (one.suggested?.sure ?? 0) - (other.suggested?.sure ?? 0));
    return rows;
  }

  function go(by) {
    const rows = ordered();
    const from = rows.findIndex(({ id }) => id === at);
    for (let step = 1; step <= rows.length; step += 1) {
      const row = rows[(((from + by * step) % rows.length) + rows.length) % rows.length];
      if (row.id !== at && belongs(row)) return show(row.id);
    }
    if (at && !belongs(rows[from])) show(null);
    else tell(say.nothing_here);
  }

  function show(activity) {
    keepMemo();
    at = activity;
    one_more = false;
    draw();
    if (root.contains(document.activeElement) && !isField(document.activeElement)) focusActivity();
  }

  function focusActivity() {
    parts.activity.focus({ preventScroll: true });
  }

  // -- what is done --------------------------------------------------------------------------------------------------

  function step(what, words) {
    const whole = line.step({ activity: at, ...what });
    mine.set(whole.id, words);
    one_more = false;
    said = say.saving;
    draw();
  }

  function memoNow() {
    return drafts.get(at) ?? state(at).memo;
  }

  function draft(activity, memo) {
    const name = `ppp-bench-note/${data.key}/${activity}`;
    if (memo === null) drafts.delete(activity);
    else drafts.set(activity, memo);
    try {
      if (memo === null) localStorage.removeItem(name);
      else localStorage.setItem(name, memo);
    } catch {
      // A browser that keeps nothing: the note lives as long as the tab.
    }
  }

  function readDrafts() {
    const prefix = `ppp-bench-note/${data.key}/`;
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(prefix)) drafts.set(name.slice(prefix.length), localStorage.getItem(name));
      }
    } catch {
      // As above.
    }
  }

  function give(codes) {
    const now = state(at);
    const memo = memoNow().trim();
    draft(at, null);
    // A note belongs to all of an activity's codes: where it is another one, all are given with it.
    const all = memo === now.memo ? codes : { place: now.place, phase: now.phase, parity: now.parity, ...codes };
    const next = after(now, { ...all, memo, do: "code" });
    step({ do: "code", ...all, memo, again: now.skipped || undefined }, inWords(next));
  }

  function cell(place, phase, more) {
    const now = state(at);
    if (more || one_more) {
      const add = (list, code) => (list.includes(code) ? list : [...list.filter((one) => one !== "none"), code]);
      return give({ place: add(now.place, place), phase: add(now.phase, phase) });
    }
    const same = String(now.place) === place && String(now.phase) === phase;
    give(same ? { place: [], phase: [] } : { place: [place], phase: [phase] });
  }

  function parity(leaf, way) {
    const now = state(at).parity;
    const there = now.some(([code, polarity]) => code === leaf && polarity === way);
    give({ parity: there ? now.filter(([code, polarity]) => code !== leaf || polarity !== way) : [...now, [leaf, way]] });
  }

  function take() {
    const found = offered();
    if (found) give({ place: found.place, phase: found.phase, parity: found.parity });
  }

  // What can be taken with one key: the coder's own codes for the very same words, else what the program suggests.
  function offered() {
    const activity = current();
    for (const id of sameWords.get(activity.text) ?? []) {
      const own = id !== at && activity.text ? state(id) : EMPTY;
      if (own.done) return { ...own, own: true };
    }
    const found = activity.suggested;
    if (!found?.place) return null;
    return { place: [found.place], phase: [found.phase], parity: found.parity, sure: found.sure };
  }

  function keepMemo() {
    if (!at || !drafts.has(at)) return;
    const now = state(at);
    if (drafts.get(at).trim() === now.memo) return draft(at, null);
    if (now.place.length || now.phase.length || now.parity.length) give({});
    else tell(say.memo_waits);
  }

  function skip() {
    step({ do: "skip", memo: memoNow() }, say.skipped_now);
    draft(at, null);
    go(1);
  }

  function flag() {
    const { flagged } = state(at);
    step(flagged ? { do: "unflag" } : { do: "flag", memo: memoNow() }, flagged ? say.unflagged_now : say.flagged_now);
  }

  function undo() {
    const last = line.kept.live.at(-1);
    step({ do: "undo", activity: undefined }, null);
    if (last?.activity && last.activity !== at) show(last.activity);
  }

  function next() {
    keepMemo();
    const now = state(at);
    if (now.done || now.skipped) go(1);
    else tell(say.choose_first);
  }

  function tell(words) {
    said = words;
    drawStatus();
  }

  // -- what is heard -------------------------------------------------------------------------------------------------

  function heard(content) {
    if (content.say === "everything") base = new Map();
    for (const [id, found] of Object.entries(content.states ?? {})) base.set(id, found);
    if (!data) {
      if (content.say === "everything" && !beginning) begin(content);
      return;
    }
    if (content.id && mine.has(content.id)) {
      const words = mine.get(content.id);
      mine.delete(content.id);
      if (content.say === "refused") said = fill(say.refused, { why: content.why });
      else if (words !== null) said = fill(say.saved, { what: words });
      else if (content.undone) said = fill(say.taken_back, { what: titleOf(content.undone) });
      else if (!content.written) said = say.nothing_to_undo;
      if (content.undone && content.undone !== at) return show(content.undone);
    }
    draw();
  }

  async function begin(content) {
    beginning = true;
    label = await labels;
    data = content;
    say = content.words;
    for (const { id, text } of data.activities) sameWords.set(text, [...(sameWords.get(text) ?? []), id]);
    readDrafts();
    const kept = remembered();
    wants = { show: "todo", order: data.suggests ? "unsure" : "worth", find: "", ...kept };
    build();
    at = ordered().find(belongs)?.id ?? null;
    said = line.kept.steps.length ? say.saving : say.ready;
    draw();
  }

  function remembered() {
    try {
      const found = JSON.parse(localStorage.getItem(`ppp-bench-view/${data.key}`)) ?? {};
      return { show: found.show ?? "todo", order: data.suggests ? found.order ?? "unsure" : "worth" };
    } catch {
      return {};
    }
  }

  function choose(change) {
    keepMemo();
    wants = { ...wants, ...change };
    try {
      localStorage.setItem(`ppp-bench-view/${data.key}`, JSON.stringify({ show: wants.show, order: wants.order }));
    } catch {
      // Then it is as always the next time.
    }
    const rows = ordered();
    const now = rows.find(({ id }) => id === at);
    if (!now || !belongs(now) || change.order) at = rows.find(belongs)?.id ?? null;
    draw();
  }

  // -- words -----------------------------------------------------------------------------------------------------------

  function current() {
    return data.activities.find(({ id }) => id === at);
  }

  function codeOf(id, kind) {
    const lists = kind ? data.codebook[kind] : [...data.codebook.places, ...data.codebook.phases, ...data.codebook.leaves];
    return lists.find((code) => code.id === id) ?? data.codebook.special.find((code) => code.id === id);
  }

  function titleOf(id) {
    const { text, title } = data.activities.find((one) => one.id === id) ?? { text: "", title: 0 };
    const points = Array.from(text);
    return points.slice(0, title || 60).join("").trim() || say.no_text;
  }

  function several(codes, kind) {
    const [first, ...others] = codes.map((code) => codeOf(code, kind).label);
    return [first, ...others.map((other) => fill(say.also, { label: other }))].join(", ");
  }

  function inWords(now) {
    if (String(now.place) === "none") return say.none;
    const words = [];
    if (now.place.length) words.push(several(now.place, "places"));
    if (now.phase.length) words.push(several(now.phase, "phases"));
    for (const [leaf, way] of now.parity) words.push(`${codeOf(leaf, "leaves").label} ${say[way]}`);
    return words.join(" · ") || say.no_code;
  }

  // -- the parts of the page --------------------------------------------------------------------------------------------

  function hint(...codes) {
    return make("kbd", { "aria-hidden": "true", text: codes.map((code) => (code === "Shift" ? "⇧" : label(code))).join("") });
  }

  function build() {
    root.setAttribute("aria-label", say.bench);
    root.lang = data.language;
    const option = (name) => make("option", { value: name, text: say[name] });
    parts.show = make("select", { onchange: () => choose({ show: parts.show.value }) });
    for (const name of ["todo", "all", "coded", "flagged", "skipped"]) parts.show.append(option(name));
    parts.order = make("select", { onchange: () => choose({ order: parts.order.value }) });
    for (const name of ["unsure", "worth", "study"]) parts.order.append(option(name));
    parts.find = make("input", { type: "search", onchange: () => choose({ find: parts.find.value.trim() }) });
    parts.bar = make("progress", { max: "1" });
    parts.count = make("span", {});
    parts.keys = make("button", { type: "button", "aria-expanded": "false", onclick: toggleKeys }, say.keys, hint("?"));
    const field = (words, control) => make("label", {}, make("span", { text: words }), control);
    parts.head = make(
      "header",
      {},
      make("label", { class: "count" }, parts.count, parts.bar),
      field(say.show, parts.show),
      data.suggests ? field(say.order, parts.order) : null,
      field(say.find, parts.find),
      parts.keys,
    );
    parts.help = helpTable();
    parts.help.hidden = true;

    parts.activity = make("article", { tabindex: "-1" });
    parts.heading = make("h3", {});
    parts.number = make("p", { class: "number" });
    parts.text = make("p", { class: "text" });
    parts.suggestion = make("div", { class: "suggestion" });
    parts.activity.append(parts.number, parts.heading, parts.text);
    parts.memo = make("textarea", { rows: "2", oninput: () => draft(at, parts.memo.value), onblur: keepMemo });
    const button = (words, key, act, more) =>
      make("button", { type: "button", onclick: act, ...more }, make("span", { text: words }), key);
    parts.flag = button(say.flag, hint("KeyL"), flag, { "aria-pressed": "false" });
    parts.skip = button(say.leave_out, hint("KeyK"), skip);
    parts.undo = button(say.undo, hint("⌫"), undo);
    parts.previous = button(say.previous, hint("←"), () => go(-1));
    parts.next = button(say.next, hint("↵"), next, { class: "first" });
    parts.memoBox = make("label", { class: "memo" }, make("span", {}, say.memo, " ", hint("KeyM")), parts.memo);
    parts.acts = make("div", { class: "acts" }, parts.previous, parts.undo, parts.flag, parts.skip, parts.next);

    parts.matrix = matrix();
    parts.more = button(say.one_more, hint("+"), armMore, { "aria-pressed": "false" });
    parts.none = button(say.none, hint("KeyN"), none, { "aria-pressed": "false" });
    describe(parts.none, "none");
    parts.parity = factors();
    parts.definition = make("div", { class: "definition", id: `${data.key}-definition` });
    defined(null);
    root.replaceChildren(
      parts.head,
      parts.help,
      make(
        "div",
        { class: "two" },
        make("div", { class: "left" }, parts.activity, parts.suggestion, parts.memoBox, parts.acts, status, parts.definition),
        make(
          "div",
          { class: "right" },
          parts.matrix,
          make("div", { class: "acts" }, parts.none, parts.more),
          parts.parity,
        ),
      ),
    );
    stopListening = keysOf(root, onKey);
    root.addEventListener("click", onClick);
  }

  function helpTable() {
    const rows = [
      [["1", "…", "V"], say.key_cells],
      [["5", "T", "G", "B"], `${say.phase}: ${say.not_stated}`],
      [["⇧", "Z", "…", "B"], say.key_shift_cells],
      [["+"], say.key_more],
      [["7", "…", "P"], say.key_parity],
      [["N"], say.none],
      [["Y"], data.suggests ? `${say.suggestion}: ${say.take}` : say.same_words],
      [["↵"], say.key_enter],
      [["←", "→"], say.key_arrows],
      [["⌫"], say.undo],
      [["K"], say.leave_out],
      [["L"], say.flag],
      [["M"], say.memo],
      [["Esc"], say.key_escape],
    ];
    const table = make("dl", { class: "keys" });
    for (const [keys, words] of rows) {
      const names = make("dt", {});
      for (const key of keys) names.append(make("kbd", { text: key }), " ");
      table.append(make("div", {}, names, make("dd", { text: words })));
    }
    return table;
  }

  function toggleKeys() {
    parts.help.hidden = !parts.help.hidden;
    parts.keys.setAttribute("aria-expanded", String(!parts.help.hidden));
  }

  function matrix() {
    const book = data.codebook;
    const notStated = book.special.find(({ id }) => id === "not_stated");
    const phases = [...book.phases, notStated];
    const places = [...book.places, notStated];
    const head = make("tr", {}, make("td", {}));
    for (const phase of phases) head.append(axis("col", phase));
    const body = make("tbody", {});
    places.forEach((place, row) => {
      const cells = make("tr", {}, axis("row", place));
      phases.forEach((phase, column) => {
        const keys = row < 4 ? [CELL_KEYS[row][column]] : ["Shift", CELL_KEYS[3][column]];
        const press = make(
          "button",
          {
            type: "button", "aria-pressed": "false", tabindex: row + column ? "-1" : "0",
            "aria-label": `${place.label}, ${phase.label}`,
            onclick: (event) => cell(place.id, phase.id, event.shiftKey || event.ctrlKey || event.metaKey),
          },
          make("span", { class: "set", "aria-hidden": "true" }),
          hint(...keys),
        );
        press.dataset.at = `${row} ${column}`;
        press.dataset.cell = `${place.id}/${phase.id}`;
        describe(press, place.id, phase.id);
        cells.append(make("td", {}, press));
      });
      body.append(cells);
    });
    return make("table", { class: "matrix" }, make("caption", { text: say.map }), make("thead", {}, head), body);
  }

  function axis(scope, code) {
    const header = make("th", { scope, text: code.label });
    header.dataset.code = code.id;
    header.addEventListener("pointerenter", () => defined([code.id]));
    return header;
  }

  // The arrows walk over the map; whether they did.
  function roam(event) {
    const from = event.target.closest("[data-at]");
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move || !from) return false;
    event.preventDefault();
    const [row, column] = from.dataset.at.split(" ").map(Number);
    const [r, c] = [Math.min(4, Math.max(0, row + move[0])), Math.min(4, Math.max(0, column + move[1]))];
    for (const one of parts.matrix.querySelectorAll("button")) one.tabIndex = -1;
    const there = parts.matrix.querySelectorAll("tbody tr")[r].querySelectorAll("button")[c];
    there.tabIndex = 0;
    there.focus();
    return true;
  }

  // Two columns of four, as their keys lie on the keyboard.
  function factors() {
    const list = make("ul", {});
    data.codebook.leaves.forEach((leaf, n) => {
      const way = (polarity, sign, ...keys) => {
        const press = make(
          "button",
          {
            type: "button", "aria-pressed": "false", "aria-label": `${leaf.label}: ${say[polarity]}`,
            onclick: () => parity(leaf.id, polarity),
          },
          make("span", { "aria-hidden": "true", text: sign }),
          hint(...keys),
        );
        press.dataset.factor = `${leaf.id}:${polarity}`;
        describe(press, leaf.id);
        return press;
      };
      const name = make("span", { class: "name", text: leaf.label });
      name.addEventListener("pointerenter", () => defined([leaf.id]));
      list.append(make("li", {}, name, way("supports", "+", PARITY_KEYS[n]), way("barrier", "−", "Shift", PARITY_KEYS[n])));
    });
    const heading = make("p", { class: "caption" }, make("strong", { text: say.parity }), ` + ${say.supports}, − ${say.barrier}`);
    return make("div", { class: "parity", role: "group", "aria-label": say.parity }, heading, list);
  }

  // What a code means, on hover and on focus; a screen reader hears it as the button's description.
  function describe(element, ...codes) {
    const wanted = [...new Set(codes)];
    element.addEventListener("pointerenter", () => defined(wanted));
    element.addEventListener("focus", () => {
      defined(wanted);
      element.setAttribute("aria-describedby", parts.definition.id);
    });
    element.addEventListener("blur", () => element.removeAttribute("aria-describedby"));
  }

  function defined(codes) {
    if (!codes) {
      parts.definition.replaceChildren(make("p", { class: "faint", text: say.definition_hint }));
      return;
    }
    const shown = [...new Set(codes)].map((id) => codeOf(id)).map((code) =>
      make(
        "div",
        {},
        make("p", {}, make("strong", { text: `${code.label}. ` }), code.definition),
        code.excludes.length ? make("p", { class: "faint", text: `${say.excludes}: ${code.excludes.join("; ")}` }) : null,
      ),
    );
    parts.definition.replaceChildren(...shown);
  }

  // -- drawing -----------------------------------------------------------------------------------------------------------

  function draw() {
    if (!data) return drawStatus();
    const total = data.activities.length;
    const all = data.activities.map(({ id }) => state(id));
    const done = all.filter((one) => one.done).length;
    const skipped = all.filter((one) => one.skipped).length;
    parts.count.textContent = fill(skipped ? say.progress_left_out : say.progress, { done, total, skipped });
    parts.bar.value = total ? (done + skipped) / total : 0;
    parts.show.value = wants.show;
    parts.order.value = wants.order;
    drawActivity();
    drawStatus();
  }

  function drawActivity() {
    const activity = current();
    const now = activity ? state(activity.id) : EMPTY;
    for (const part of [parts.suggestion, parts.memoBox, parts.matrix, parts.parity, parts.none.parentElement]) part.hidden = !activity;
    for (const part of [parts.flag, parts.skip, parts.next, parts.previous]) part.hidden = !activity;
    if (!activity) {
      const left = data.activities.some(({ id }) => !state(id).done && !state(id).skipped);
      parts.number.textContent = "";
      parts.heading.hidden = true;
      parts.text.replaceChildren(left ? say.nothing_here : say.all_done);
      return;
    }
    parts.activity.dataset.activity = at;
    const rows = ordered().filter((row) => row.id === at || belongs(row));
    const where = { at: rows.findIndex(({ id }) => id === at) + 1, total: rows.length };
    parts.number.textContent = wants.show === "todo" ? fill(say.left, { n: rows.length }) : `${say.activity} ${fill(say.where, where)}`;
    const points = Array.from(activity.text);
    const marks = activity.suggested?.marks ?? [];
    parts.heading.replaceChildren(...marked(points, 0, activity.title, marks));
    parts.heading.hidden = !activity.title;
    const rest = points.slice(activity.title).join("").match(/^\s*/)[0].length + activity.title;
    parts.text.replaceChildren(...(rest < points.length ? marked(points, rest, points.length, marks) : []));
    if (!points.length) parts.text.textContent = say.no_text;
    for (const part of [parts.heading, parts.text]) part.lang = activity.language ?? data.language;
    drawSuggestion();
    if (parts.memo.dataset.of !== at || document.activeElement !== parts.memo) {
      parts.memo.dataset.of = at;
      parts.memo.value = memoNow();
    }
    drawCodes(now);
  }

  function drawSuggestion() {
    const found = offered();
    parts.suggestion.hidden = !data.suggests && !found;
    if (!found) {
      parts.suggestion.replaceChildren(make("p", { class: "faint", text: say.no_suggestion }));
      return;
    }
    const share = new Intl.NumberFormat(data.language, { style: "percent" }).format(found.sure ?? 0);
    parts.suggestion.replaceChildren(
      make(
        "p",
        {},
        make("strong", { text: `${found.own ? say.same_words : say.suggestion}: ` }),
        inWords(found),
        found.own ? null : make("span", { class: "faint", text: ` (${fill(say.sure, { share })})` }),
      ),
      make("button", { type: "button", onclick: take }, make("span", { text: say.take }), hint("KeyY")),
    );
  }

  function drawCodes(now) {
    const [mainPlace, mainPhase] = [now.place[0], now.phase[0]];
    const many = now.place.length > 1 || now.phase.length > 1;
    for (const press of parts.matrix.querySelectorAll("button")) {
      const [place, phase] = press.dataset.cell.split("/");
      const set = now.place.includes(place) && now.phase.includes(phase);
      const main = place === mainPlace && phase === mainPhase;
      press.setAttribute("aria-pressed", String(set));
      press.classList.toggle("main", main);
      press.firstChild.textContent = set ? (main && many ? "1" : "✓") : "";
    }
    for (const header of parts.matrix.querySelectorAll("th")) {
      const codes = header.scope === "row" ? now.place : now.phase;
      header.classList.toggle("set", codes.includes(header.dataset.code));
    }
    for (const press of parts.parity.querySelectorAll("button")) {
      const [leaf, way] = press.dataset.factor.split(":");
      press.setAttribute("aria-pressed", String(now.parity.some(([code, polarity]) => code === leaf && polarity === way)));
    }
    parts.none.setAttribute("aria-pressed", String(now.place.includes("none")));
    parts.more.setAttribute("aria-pressed", String(one_more));
    parts.more.firstChild.textContent = one_more ? say.one_more_armed : say.one_more;
    parts.flag.setAttribute("aria-pressed", String(now.flagged));
    parts.skip.classList.toggle("set", now.skipped);
  }

  function drawStatus() {
    const n = line.kept.steps.length;
    let words = said;
    if (n > 1) words = `${say.saving} ${n}`;
    if (line.answers === false) words = data ? fill(say.offline, { n }) : "…";
    root.classList.toggle("offline", line.answers === false);
    if (status.textContent !== words) status.textContent = words;
  }

  // -- keys ---------------------------------------------------------------------------------------------------------------

  function armMore() {
    one_more = !one_more;
    draw();
  }

  function none() {
    const is = state(at).place.includes("none");
    give(is ? { place: [], phase: [] } : { place: ["none"], phase: ["none"] });
  }

  function onClick(event) {
    // After a click of the mouse, keys go on as commands; who moves by Tab stays at the button.
    const target = event.target.closest("button, article, table, .definition");
    if (event.detail > 0 && target && !isField(event.target) && target !== parts.keys) focusActivity();
  }

  function onKey(event) {
    if (roam(event)) return;
    if (isField(event.target)) return fieldKey(event);
    if (event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.code === "KeyZ" && !event.shiftKey) run(event, undo);
      return;
    }
    const onButton = event.target.closest("button") !== null;
    if (onButton && (event.key === "Enter" || event.key === " ")) return;
    const act = command(event);
    if (act) run(event, act);
  }

  function run(event, act) {
    event.preventDefault();
    if (!event.repeat) act();
  }

  function fieldKey(event) {
    const leave = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target === parts.find));
    if (!leave) return;
    event.preventDefault();
    if (event.target === parts.find) choose({ find: parts.find.value.trim() });
    focusActivity();
  }

  function command(event) {
    if (event.key === "?") return toggleKeys;
    if (event.key === "Backspace") return undo;
    if (!at) return null;
    if (event.key === "Enter") return next;
    if (event.key === "ArrowRight") return () => go(1);
    if (event.key === "ArrowLeft") return () => go(-1);
    if (event.key === "+") return armMore;
    for (const [row, codes] of CELL_KEYS.entries()) {
      const column = codes.indexOf(event.code);
      if (column >= 0) {
        const phase = PHASES[column] ?? "not_stated";
        return () => cell(event.shiftKey ? "not_stated" : PLACES[row], phase);
      }
    }
    const factor = PARITY_KEYS.indexOf(event.code);
    if (factor >= 0) return () => parity(data.codebook.leaves[factor].id, event.shiftKey ? "barrier" : "supports");
    const acts = { KeyN: none, KeyK: skip, KeyL: flag, KeyM: () => parts.memo.focus(), KeyY: take };
    return event.shiftKey ? null : acts[event.code];
  }

  return () => {
    keepMemo();
    stopListening();
    line.close();
  };
}

export default { render };
