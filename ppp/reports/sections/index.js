"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const tools = get("tools"), search = get("search"), group = get("group"), state = get("state"), said = get("said");
  const sections = [...document.querySelectorAll("section[data-group]")].map((section) => ({
    section,
    rows: [...section.querySelectorAll("li")].map((row) => ({
      row,
      words: plain(row.dataset.name || row.firstElementChild.textContent),
      states: row.dataset.state || "",
    })),
  }));
  const total = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  const number = (n) => n.toLocaleString(document.documentElement.lang);
  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { section, rows } of sections) {
      const here = !group || !group.value || group.value === section.dataset.group;
      let some = false;
      for (const { row, words: own, states } of rows) {
        const fits = here && words.every((word) => own.includes(word)) && (!state || !state.value || states.includes(state.value));
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) { some = true; shown += 1; }
      }
      section.hidden = !some;
    }
    said.textContent = said.dataset.said.replace("%n", number(shown)).replace("%of", number(total));
  }
  for (const one of [search, group, state]) if (one) one.addEventListener("input", filter);
  tools.hidden = false;
  filter();
})();
