// The words of the page: a JSON file a language.

const LANGUAGES = { en: 'English', es: 'Español' };
let words = {};
let language = 'en';

export const languages = () => Object.entries(LANGUAGES);
export const currentLanguage = () => language;

export async function loadText() {
  const wished = [localStorage.getItem('afina.language'), ...navigator.languages];
  language = wished.map((tag) => (tag || '').slice(0, 2)).find((tag) => tag in LANGUAGES) || 'en';
  words = await (await fetch(`/page/${language}.json`)).json();
  document.documentElement.lang = language;
  translate(document);
}

export function setLanguage(tag) {
  localStorage.setItem('afina.language', tag);
  location.reload();
}

/** A text with {names} filled in; a number picks the plural under key.one or key.other. */
export function t(key, values = {}) {
  let text = words[key];
  if (text === undefined && 'count' in values) {
    text = words[`${key}.${new Intl.PluralRules(language).select(values.count)}`] ?? words[`${key}.other`];
  }
  return (text ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function translate(root) {
  for (const element of root.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of root.querySelectorAll('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  }
  for (const element of root.querySelectorAll('[data-t-placeholder]')) {
    element.setAttribute('placeholder', t(element.dataset.tPlaceholder));
  }
  const title = root.querySelector?.('title[data-t]');
  if (title) {
    document.title = `${t(title.dataset.t)} · Afina`;
  }
}

/** Whether there is a text of that key. */
export const knows = (key) => key in words;

/** A share; only what is all of it is 100 %, and only what is nothing 0 %. */
export function percent(share, digits = 0) {
  const least = 10 ** -(digits + 2);
  const bounded = share <= 0 ? 0 : share >= 1 ? 1 : Math.min(1 - least, Math.max(least, share));
  return new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(bounded);
}

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

export const when = (time) =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
