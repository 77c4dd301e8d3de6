// When two spellings are one label: as the server has it, in io.afina.label.name.LabelName.

/** Zero-width characters, and others that only say how to set the text. */
const INVISIBLE = /\p{Cf}/gu;

/** The key that all spellings of a label share. */
export const key = (name) =>
  name.normalize('NFC').replace(INVISIBLE, '').replace(/[\s\u0085]+/gu, ' ').trim().toUpperCase().toLowerCase().normalize('NFC');

/** How many letters must be typed, left out, changed or swapped to make one text of the other. */
function distance(one, other) {
  const rows = [[...Array(other.length + 1).keys()]];
  for (let i = 1; i <= one.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, rows[i - 2][j - 2] + 1);
      }
      rows[i].push(least);
    }
  }
  return rows[one.length][other.length];
}

/** Of short names one letter may differ, of longer ones two. */
const LONG = 6;

/** The label that somebody may have meant, or null. */
export function meant(typed, labels) {
  const wanted = key(typed);
  const most = wanted.length < LONG ? 1 : 2;
  let nearest = null;
  let least = most + 1;
  for (const label of labels) {
    const other = key(label);
    if (Math.abs(other.length - wanted.length) < least) {
      const away = distance(wanted, other);
      if (away < least) {
        least = away;
        nearest = label;
      }
    }
  }
  return nearest;
}
