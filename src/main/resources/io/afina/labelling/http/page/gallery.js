// The newest images, by what was predicted and what people say, to be corrected where they are.

import { call } from '/page/api.js';
import { followEvents } from '/page/board.js';
import { $, el } from '/page/dom.js';
import { toast } from '/page/shell.js';
import { percent, t, when } from '/page/text.js';

/** So near its top a page shows what comes. */
const TOP_PIXELS = 80;
/** Of confidences: who is unsure, who is nearly sure. */
const SURE = [['0', '0.5'], ['0.5', '0.8'], ['0.8', '0.95'], ['0.95', '1']];
const FIELDS = ['show', 'label', 'said', 'reason', 'labeller'];

let who;
let next = null;
let asked = 0;
let waiting = false;

export async function openGallery(user) {
  who = user;
  $('#sure').append(...SURE.map(([least, most]) =>
    el('option', { value: `${least} ${most}` }, t('gallery.between', { low: percent(Number(least)), high: percent(Number(most)) }))));
  const [{ labels }, labellers] = await Promise.all([
    call('GET', '/api/labels'),
    who.actions ? call('GET', '/api/labellers').then((all) => all.labellers.map(({ labeller }) => labeller)) : [],
  ]);
  $('#labels').replaceChildren(...labels.map((label) => el('option', { value: label })));
  const names = [...new Set([who.user, ...labellers])].filter(Boolean);
  $('#labeller').append(...names.map((name) => el('option', { value: name }, name)));
  await read(new URLSearchParams(location.search));
  $('#filters').addEventListener('submit', (event) => event.preventDefault());
  $('#filters').addEventListener('change', filter);
  $('#filters').addEventListener('reset', () => setTimeout(filter));
  $('#more').addEventListener('click', () => list(next));
  let known = null;
  followEvents(({ images }) => {
    waiting ||= known !== null && known !== images;
    known = images;
    refresh();
  });
  document.addEventListener('scroll', refresh, { passive: true });
}

/** Takes the filter from an address, and shows what it finds. */
async function read(query) {
  const { reasons } = await list(null, query);
  $('#reason').append(...reasons.map((reason) => el('option', { value: reason }, t(`reason.${reason}`))));
  FIELDS.filter((name) => query.has(name)).forEach((name) => ($(`#${name}`).value = query.get(name)));
  $('#sure').value = query.has('least') || query.has('most') ? `${query.get('least') ?? 0} ${query.get('most') ?? 1}` : '';
}

/** What is asked for, without what is left open. */
function wanted() {
  const query = new URLSearchParams();
  for (const name of FIELDS) {
    const value = $(`#${name}`).value.trim();
    if (value !== '') {
      query.set(name, value);
    }
  }
  const [least, most] = $('#sure').value.split(' ');
  if (most) {
    query.set('least', least);
    query.set('most', most);
  }
  return query;
}

function filter() {
  const query = wanted();
  history.replaceState(null, '', '/images' + (query.size > 0 ? `?${query}` : ''));
  return list(null);
}

async function list(before, query = wanted()) {
  const request = ++asked;
  const of = new URLSearchParams([...query].filter(([name]) => name !== 'id'));
  if (before !== null) {
    of.set('before', before);
  }
  try {
    const page = await call('GET', '/api/gallery?' + of);
    if (request === asked) {
      show(page, before, of.size > 0);
    }
    return page;
  } catch (problem) {
    toast(problem.message, 'bad');
    return { reasons: [] };
  }
}

function show(page, before, filtered) {
  next = page.next;
  const gallery = $('#gallery');
  if (before === null) {
    gallery.replaceChildren(...page.images.map(card));
  } else {
    gallery.append(...page.images.map(card));
  }
  $('#more').hidden = next === null;
  $('#empty').hidden = gallery.children.length > 0;
  $('#empty').textContent = t(page.reading ? 'gallery.reading' : filtered ? 'gallery.none' : 'gallery.empty');
}

/** Puts what has come on top, while somebody looks there and changes nothing. */
async function refresh() {
  const gallery = $('#gallery');
  if (!waiting || scrollY > TOP_PIXELS || gallery.contains(document.activeElement)) {
    return;
  }
  waiting = false;
  const request = asked;
  const page = await call('GET', '/api/gallery?' + wanted()).catch(() => null);
  if (!page || request !== asked) {
    waiting = true;
    return;
  }
  if (gallery.children.length === 0) {
    show(page, null, wanted().size > 0);
    return;
  }
  const before = new Map([...gallery.children].map((item) => [item.dataset.image, item]));
  const first = page.images.map((image) => {
    const item = before.get(image.image);
    before.delete(image.image);
    return item?.dataset.state === JSON.stringify(image) ? item : card(image);
  });
  gallery.replaceChildren(...first, ...before.values());
}

// ---- one image ------------------------------------------------------------------------------------------------------

const about = (text) => el('p', { class: 'about' }, text);

function picture({ image, picture }) {
  const none = () => el('i', { class: 'no-picture' }, t('images.no-picture'));
  if (!picture) {
    return none();
  }
  const shown = el('img', { src: picture, alt: t('images.picture-alt', { id: image }), loading: 'lazy' });
  shown.addEventListener('error', () => shown.replaceWith(none()));
  return shown;
}

const mine = (image) => image.said.find((said) => said.labeller === who.user);

function card(image) {
  const item = el('li', { 'data-image': image.image, 'data-state': JSON.stringify(image) });
  const last = image.said.at(-1);
  item.append(
    el('a', { class: 'look', href: '/images?id=' + encodeURIComponent(image.image) }, picture(image)),
    el(
      'div',
      { class: 'body' },
      image.predicted
        ? el('p', {}, el('strong', {}, image.predicted), ' ', el('span', { class: 'about' }, t('gallery.model', { share: percent(image.confidence) })))
        : image.unusable ? null : about(t('images.no-head')),
      last ? el('p', { class: 'said' }, t('gallery.people', { labels: [...new Set(image.said.map((said) => said.label))].join(', ') })) : null,
      image.disputed ? el('p', {}, el('span', { class: 'chip' }, t('gallery.disputed'))) : null,
      image.reason ? el('p', {}, el('span', { class: 'chip', 'data-reason': image.reason }, t(`reason.${image.reason}`))) : null,
      image.unusable ? el('p', { class: 'unusable', title: image.unusable.error }, t('gallery.unusable', { why: t(`unusable.${image.unusable.reason}`) })) : null,
      el('time', { class: 'about', datetime: image.at }, when(image.at)),
      el('p', { class: 'id', title: image.image }, image.image),
      (image.predicted || !image.unusable) && (who.actions || mine(image)) ? form(image, item) : null,
    ),
  );
  return item;
}

function form(image, item) {
  const name = t('gallery.correct', { id: image.image });
  const field = el('input', { list: 'labels', maxlength: 200, required: true, 'aria-label': name, placeholder: t('answers.new'), autocomplete: 'off' });
  const submit = (event) => {
    event.preventDefault();
    if (field.value.trim() !== '') {
      correct(image, item, field.value.trim());
    }
  };
  const agree = image.predicted && !mine(image)
    ? el('button', { type: 'button', class: 'small right', 'aria-label': t('gallery.right-of', { label: image.predicted, id: image.image }), onclick: () => correct(image, item, image.predicted) }, t('gallery.right'))
    : null;
  return el('form', { onsubmit: submit }, field, el('button', { class: 'small' }, t('answers.change')), agree);
}

async function correct(image, item, label) {
  try {
    await call('POST', '/api/answers/change', { image: image.image, label });
    const said = [...image.said.filter((each) => each !== mine(image)), { label, labeller: who.user, at: new Date().toISOString() }];
    item.replaceWith(card({ ...image, said, disputed: false }));
    toast(t('answers.changed', { label }));
  } catch (problem) {
    toast(problem.message, 'bad');
  }
}
