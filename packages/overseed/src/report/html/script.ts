/** The little that the page does by itself: finding rows, and opening everything for the printer. */
export const SCRIPT = `
'use strict';
const controls = document.getElementById('controls');
const tables = [...document.querySelectorAll('#changes > details')];
if (controls) {
  const query = document.getElementById('query');
  const matches = document.getElementById('matches');
  const boxes = [...controls.querySelectorAll('input[type=checkbox]')];
  const rows = tables.map((table) => [...table.querySelectorAll('tbody tr')]);
  const texts = new Map();
  const wereOpen = tables.map((table) => table.open);
  let isSearching = false;
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const search = () => {
    const words = query.value.toLowerCase().split(' ').filter(Boolean);
    const kinds = boxes.filter((box) => box.checked).map((box) => box.name);
    const isOn = words.length > 0 || kinds.length < boxes.length;
    let found = 0;
    let all = 0;
    tables.forEach((table, index) => {
      let inTable = 0;
      for (const row of rows[index]) {
        const name = tableName(table);
        const fits = kinds.includes(row.className) && words.every((word) => textOf(row).includes(word) || name.includes(word));
        row.hidden = !fits;
        if (fits) inTable++;
      }
      found += inTable;
      all += rows[index].length;
      table.hidden = isOn && inTable === 0;
      if (isOn && !isSearching) wereOpen[index] = table.open;
      if (words.length > 0) table.open = inTable > 0;
      else if (isSearching && !isOn) table.open = wereOpen[index];
    });
    isSearching = isOn;
    matches.textContent = isOn ? found + ' of ' + all + ' listed rows match' : '';
  };
  const tableName = (table) => table.querySelector('h3').textContent.toLowerCase();
  query.addEventListener('input', search);
  query.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || query.value === '') return;
    query.value = '';
    search();
  });
  for (const box of boxes) box.addEventListener('change', search);
  controls.hidden = false;
}
const folded = [];
addEventListener('beforeprint', () => {
  for (const each of document.querySelectorAll('details:not([open])')) {
    folded.push(each);
    each.open = true;
  }
});
addEventListener('afterprint', () => {
  for (const each of folded.splice(0)) each.open = false;
});
`;
