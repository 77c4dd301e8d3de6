// The last answers that one gave, as small pictures: a click changes one.

import { call } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { t } from '/page/text.js';

const MOST = 20;

let entries = [];
let onOpen = () => {};

/** Shows what was said lately; calls with the one that is clicked. */
export async function openStrip(open) {
  onOpen = open;
  const { answers } = await call('GET', `/api/answers?count=${MOST}`);
  entries = answers.map(({ image, picture, reason, said }) => ({ image, picture, reason, top: [], label: said.label }));
  show();
}

/** What is said of an image now; with null, nothing any more. */
export function said(item, label) {
  const others = entries.filter((entry) => entry.image !== item.image);
  const known = { ...entries.find((entry) => entry.image === item.image), ...item };
  const entry = { image: known.image, picture: known.picture, reason: known.reason, top: known.top ?? [], label };
  entries = (label === null ? others : [entry, ...others]).slice(0, MOST);
  show();
}

function show() {
  $('#strip').replaceChildren(...entries.map((entry) => el('li', {}, button(entry))));
}

function button(entry) {
  const picture = entry.picture ? el('img', { src: entry.picture, alt: '', loading: 'lazy' }) : el('i', { 'aria-hidden': 'true' });
  picture.addEventListener('error', () => picture.replaceWith(el('i', { 'aria-hidden': 'true' })));
  return el(
    'button',
    { type: 'button', title: t('strip.change', { label: entry.label }), onclick: () => onOpen(entry) },
    picture,
    el('span', {}, entry.label),
  );
}
