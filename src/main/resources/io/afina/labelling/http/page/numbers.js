// Which number is which label: by rank until a label is given, and fixed from then on, in this browser.

const STORED = 'afina.numbers';
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

let bound = {};
try {
  bound = JSON.parse(localStorage.getItem(STORED)) ?? {};
} catch {
  // What somebody else stored there is not ours.
}

/** The labels of the numbers that are fixed. */
export const fixed = () => DIGITS.filter((digit) => bound[digit]).map((digit) => [digit, bound[digit]]);

/** A number of each of these labels: its own, or one that is nobody's, the lowest first. */
export function numbered(labels) {
  const free = DIGITS.filter((digit) => !bound[digit]);
  return new Map(labels.map((label) => [label, digitOf(label) ?? free.shift()]));
}

/** A label was given: it keeps the number that it had, or gets the lowest that is nobody's. */
export function fix(label, shown) {
  const digit = shown && !bound[shown] ? shown : DIGITS.find((each) => !bound[each]);
  if (digitOf(label) === undefined && digit) {
    store({ ...bound, [digit]: label });
  }
}

/** Gives numbers other labels: what is empty is nobody's. */
export function store(labels) {
  bound = Object.fromEntries(Object.entries(labels).filter(([, label]) => label !== ''));
  localStorage.setItem(STORED, JSON.stringify(bound));
}

export const digits = () => DIGITS;

const digitOf = (label) => DIGITS.find((digit) => bound[digit] === label);
