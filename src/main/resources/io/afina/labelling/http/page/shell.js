// What every page has at its top: where one is, the language, light or dark, and who one is.

import { call, session } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { currentLanguage, languages, loadText, setLanguage, t } from '/page/text.js';

const PAGES = [
  ['/', 'nav.label'],
  ['/grid', 'nav.grid'],
  ['/answers', 'nav.answers'],
  ['/models', 'nav.models'],
  ['/labels', 'nav.labels'],
  ['/images', 'nav.images'],
];

export async function openPage() {
  const [who] = await Promise.all([session(), loadText()]);
  if (!who.user && location.pathname !== '/login') {
    location.replace('/login?next=' + encodeURIComponent(location.pathname + location.search));
    return new Promise(() => {});
  }
  $('#top').replaceChildren(brand(), navigation(who), controls(who));
  $('#top').after(el('p', { id: 'lost', class: 'lost', role: 'status', hidden: true }, t('lost')));
  document.body.classList.add('ready');
  return who;
}

export function toast(text, kind = 'plain') {
  const area = $('#toast');
  area.className = `toast ${kind} shown`;
  area.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => area.classList.remove('shown'), 5000);
}

function brand() {
  const icon = el('img', { src: '/page/icon.svg', alt: '', width: 28, height: 28 });
  return el('a', { class: 'brand', href: '/', 'aria-label': 'Afina' }, icon, el('span', {}, 'Afina'));
}

function navigation(who) {
  if (!who.user) {
    return el('span');
  }
  const links = PAGES.map(([path, key]) =>
    el('a', { href: path, 'aria-current': location.pathname === path ? 'page' : null }, t(key)));
  return el('nav', { 'aria-label': t('nav.title') }, ...links);
}

function controls(who) {
  const language = el(
    'select',
    { 'aria-label': t('language'), onchange: (event) => setLanguage(event.target.value) },
    ...languages().map(([tag, name]) =>
      el('option', { value: tag, lang: tag, selected: tag === currentLanguage() }, name)),
  );
  const theme = el('button', { type: 'button', class: 'quiet icon', onclick: turnTheme });
  nameTheme(theme);
  const parts = [language, theme];
  if (who.user) {
    const about = who.open ? t('user.open') : t('role.' + who.role);
    parts.push(el('span', { class: 'who', title: about }, who.user));
  }
  if (who.user && !who.open) {
    parts.push(el('button', { type: 'button', class: 'quiet', onclick: logOut }, t('log-out')));
  }
  return el('div', { class: 'controls' }, ...parts);
}

const isDark = () =>
  (document.documentElement.dataset.theme ||
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

function turnTheme(event) {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('afina.theme', theme);
  nameTheme(event.currentTarget);
  document.dispatchEvent(new CustomEvent('afina-theme'));
}

function nameTheme(button) {
  button.textContent = isDark() ? '☀' : '☾';
  button.setAttribute('aria-label', t(isDark() ? 'theme.light' : 'theme.dark'));
}

async function logOut() {
  await call('DELETE', '/api/session');
  location.assign('/login');
}
