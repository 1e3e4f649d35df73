// Style and script of the HTML form of an incident.
//
// Without the script all rows stand there in their order. With it, the field at the top filters the
// rows of all tables of places, and a click on a column's name sorts by it. Both stand in the
// address behind `#`, so that a view can be shared: #filter=slack&sort=1&order=down
#include "reports/incident_page.h"

namespace assay {

const std::string_view kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --back: #ffffff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --band: #f4f6f8;
  --mark: #9a1c1c; --link: #0b57b5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #10141a; --text: #e4e9ef; --soft: #9aa6b2; --line: #343d48; --band: #1a2029;
    --mark: #ff8f8f; --link: #82b7ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 90rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin-bottom: .4rem; font-size: 1rem; }
a { color: var(--link); }
code { font: .92em/1.45 ui-monospace, monospace; }
.headline { font-size: 1.15rem; font-weight: 600; }
.problems { border-left: 4px solid var(--mark); padding: .2rem 1rem; background: var(--band); }
.problems h2 { margin: .5rem 0; border: 0; color: var(--mark); font-size: 1.05rem; }
.tools { margin: 1rem 0; }
.tools input { width: min(32rem, 100%); padding: .4rem; font: inherit; color: inherit;
  background: var(--back); border: 1px solid var(--soft); border-radius: 4px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .93em; }
caption { padding: .3rem 0; text-align: left; color: var(--soft); }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { background: var(--band); }
td.number, th.number { text-align: right; overflow-wrap: normal; white-space: nowrap; }
table.facts th { width: 11rem; font-weight: 600; }
th button { padding: 0; border: 0; background: none; color: inherit; font: inherit;
  font-weight: 600; cursor: pointer; text-align: inherit; }
th[aria-sort="ascending"] button::after { content: " \2191"; }
th[aria-sort="descending"] button::after { content: " \2193"; }
ul.tasks { padding-left: 0; list-style: none; }
ul.tasks li { margin: .5rem 0; }
ul.tasks p { margin: .3rem 0 0 1.7rem; color: var(--soft); }
ul.tasks pre { margin: .3rem 0 .3rem 1.7rem; padding: .4rem .6rem; background: var(--band);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.blank { display: inline-block; min-width: 14rem; border-bottom: 1px dotted var(--soft); }
@media screen { td .long { display: block; max-height: 8em; overflow: auto; } }
@media print {
  :root { --back: #ffffff; --text: #000000; --soft: #333333; --line: #999999; --band: #ffffff;
    --mark: #000000; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .tools { display: none; }
  .scroll { overflow: visible; }
  tr, li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  tr[hidden] { display: table-row; }
}
)css";

const std::string_view kPageScript = R"js(
'use strict';
(() => {
  const box = document.getElementById('filter');
  const told = document.getElementById('told');
  const tables = Array.from(document.querySelectorAll('table.places'));
  const rowsOf = (table) => Array.from(table.tBodies[0].rows);
  const order = tables.map(rowsOf);
  let view = {filter: '', sort: -1, down: false};

  const filter = () => {
    const wanted = view.filter.trim().toLowerCase();
    let shown = 0, all = 0;
    for (const row of order.flat()) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
      ++all;
    }
    told.textContent = shown + ' of ' + all + ' places shown';
  };

  const sort = () => {
    tables.forEach((table, number) => {
      Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
        if (column === view.sort) {
          head.setAttribute('aria-sort', view.down ? 'descending' : 'ascending');
        } else {
          head.removeAttribute('aria-sort');
        }
      });
      const rows = order[number].slice();
      if (view.sort >= 0) {
        const numeric = table.tHead.rows[0].cells[view.sort].classList.contains('number');
        const value = (row) => row.cells[view.sort].textContent;
        rows.sort((a, b) => {
          const x = value(a), y = value(b);
          const less = numeric ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
          return view.down ? -less : less;
        });
      }
      table.tBodies[0].append(...rows);
    });
  };

  const keep = () => {
    const words = new URLSearchParams();
    if (view.filter) words.set('filter', view.filter);
    if (view.sort >= 0) words.set('sort', view.sort);
    if (view.down) words.set('order', 'down');
    try {
      history.replaceState(null, '', '#' + words);
    } catch (refused) {
      // Some viewers do not let a page change its address: the view works all the same.
    }
  };

  const read = () => {
    const words = new URLSearchParams(location.hash.slice(1));
    const column = Number.parseInt(words.get('sort') ?? '', 10);
    const columns = tables.length ? tables[0].tHead.rows[0].cells.length : 0;
    view = {
      filter: words.get('filter') ?? '',
      sort: column >= 0 && column < columns ? column : -1,
      down: words.get('order') === 'down',
    };
    box.value = view.filter;
    sort();
    filter();
  };

  for (const table of tables) {
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      button.title = 'Sort by ' + head.textContent;
      button.addEventListener('click', () => {
        view.down = view.sort === column && !view.down;
        view.sort = column;
        sort();
        keep();
      });
      head.replaceChildren(button);
    });
  }
  box.addEventListener('input', () => {
    view.filter = box.value;
    filter();
    keep();
  });
  document.getElementById('tools').hidden = tables.length === 0;
  window.addEventListener('hashchange', read);
  read();
})();
)js";

}  // namespace assay
