// What both benches share. Everything that somebody wrote becomes text, never markup.

function make(tag, settings, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function fill(template, fields) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole));
}

function newName() {
  const parts = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(parts, (part) => part.toString(16).padStart(8, "0")).join("");
}

// Where a text is cut at marks: pieces with the kinds of mark that lie on each. Marks count code points.
function pieces(points, from, to, marks) {
  const cuts = new Set([from, to]);
  for (const [start, end] of marks) {
    for (const cut of [start, end]) if (cut > from && cut < to) cuts.add(cut);
  }
  const order = [...cuts].sort((one, other) => one - other);
  return order.slice(0, -1).map((start, n) => ({
    text: points.slice(start, order[n + 1]).join(""),
    kinds: [...new Set(marks.filter(([s, e]) => s <= start && e > start).map(([, , kind]) => kind))].sort(),
  }));
}

function marked(points, from, to, marks) {
  return pieces(points, from, to, marks).map(({ text, kinds }) =>
    kinds.length ? make("mark", { class: kinds.map((kind) => `on-${kind}`).join(" "), text }) : document.createTextNode(text),
  );
}

// Letters stand at other keys on some keyboards (AZERTY, QWERTZ); what counts is where a key lies, what is shown is what is on it.
async function keyLabels() {
  const shown = {};
  try {
    const layout = await navigator.keyboard.getLayoutMap();
    for (const [code, label] of layout) shown[code] = label.toUpperCase();
  } catch {
    // Only some browsers tell; elsewhere the letters are those of a Swedish or English keyboard.
  }
  return (code) => shown[code] ?? code.replace(/^(Key|Digit)/, "");
}

// The steps that are not yet known to be on the disk. The browser keeps them over a closed tab and a dead kernel.
class Kept {
  constructor() {
    this.prefix = null;
    this.steps = [];
    this.last = 0;
  }

  open(prefix) {
    this.prefix = prefix;
    const before = this.steps;
    this.steps = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(prefix)) this.steps.push(JSON.parse(localStorage.getItem(name)));
      }
    } catch {
      // A browser that keeps nothing: steps live as long as the tab.
    }
    for (const step of before) if (!this.steps.some(({ id }) => id === step.id)) this.steps.push(step);
    this.steps.sort((one, other) => one.at - other.at);
  }

  // What is not taken back again: an undo takes back the step before it, or one that is on the disk already.
  get live() {
    const steps = [];
    for (const step of this.steps) {
      if (step.do === "undo") steps.pop();
      else steps.push(step);
    }
    return steps;
  }

  add(step) {
    this.last = Math.max(Date.now(), this.last + 0.001);
    const whole = { ...step, id: newName(), at: this.last };
    this.steps.push(whole);
    try {
      localStorage.setItem(this.prefix + whole.id, JSON.stringify(whole));
    } catch {
      // As above.
    }
    return whole;
  }

  drop(id) {
    this.steps = this.steps.filter((step) => step.id !== id);
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // As above.
    }
  }
}

const NO_ANSWER_AFTER = 6000; // milliseconds
const NEWS_EVERY = 5000;

// The line to the kernel: asks, asks again, and tells whether anybody answers. Steps go one at a time, the next when the
// last is known to be done: a kernel that works in several threads would otherwise mix up their order.
class Line {
  constructor(model, heard, changed) {
    this.model = model;
    this.heard = heard;
    this.changed = changed;
    this.kept = new Kept();
    this.answers = null; // null: not known yet
    this.asked = 0; // when the question was put that has no answer yet
    this.known = false;
    this.lookedAt = Date.now();
    this.listen = (content) => this.take(content);
    model.on("msg:custom", this.listen);
    this.clock = setInterval(() => this.tick(), 1000);
    this.look = () => {
      if (document.visibilityState === "visible" && !this.asked) this.ask();
    };
    document.addEventListener("visibilitychange", this.look);
    window.addEventListener("focus", this.look);
    this.ask();
  }

  close() {
    clearInterval(this.clock);
    this.model.off("msg:custom", this.listen);
    document.removeEventListener("visibilitychange", this.look);
    window.removeEventListener("focus", this.look);
  }

  // The most urgent question: everything at first, then the step that waits longest, else whether there is news.
  ask() {
    this.asked = this.lookedAt = Date.now();
    const [step] = this.kept.steps;
    try {
      this.model.send(this.known ? (step ?? { ask: "news" }) : { ask: "everything" });
    } catch {
      this.silent();
    }
  }

  silent() {
    if (this.answers === false) return;
    this.answers = false;
    this.changed();
  }

  take(content) {
    this.answers = true;
    this.asked = 0;
    if (content.say === "everything" && !this.known) {
      this.known = true;
      this.kept.open(`ppp-bench/${content.key}/`);
    }
    if (content.id) this.kept.drop(content.id);
    this.heard(content);
    if (this.kept.steps.length) this.ask();
  }

  step(step) {
    const whole = this.kept.add({ ask: "step", ...step });
    if (!this.asked) this.ask();
    return whole;
  }

  tick() {
    const now = Date.now();
    if (this.asked) {
      if (now - this.asked < NO_ANSWER_AFTER) return;
      this.silent();
      this.ask(); // the same name again: the kernel knows whether it has done that step
    } else if (document.visibilityState === "visible" && now - this.lookedAt > NEWS_EVERY) this.ask();
  }
}

// In a text field keys are letters; anywhere else in a bench they are its commands.
function isField(element) {
  return element instanceof HTMLElement && (element.matches("textarea, input, select") || element.isContentEditable);
}

// Whatever is pressed in a bench is for the bench alone. Notebook programs listen at the document before its elements do, so a
// bench listens at the window, before them.
function keysOf(root, act) {
  const heard = (event) => {
    if (!root.contains(event.target)) return;
    event.stopPropagation();
    act(event);
  };
  window.addEventListener("keydown", heard, true);
  return () => window.removeEventListener("keydown", heard, true);
}

function frame(el, label) {
  const root = make("section", { class: "ppp-bench", "aria-label": label, "data-lm-suppress-shortcuts": "true" });
  el.append(root);
  return root;
}
