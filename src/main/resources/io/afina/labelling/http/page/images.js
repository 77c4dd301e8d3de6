// The gallery, and of one image: what it looks like, what heads said, what people said, and what went wrong.

import { call } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { openGallery } from '/page/gallery.js';
import { openPage, toast } from '/page/shell.js';
import { number, percent, t, when } from '/page/text.js';

const who = await openPage();

const time = (at) => el('time', { class: 'about', datetime: at }, when(at));

function list(title, entries) {
  return el(
    'section',
    { class: 'panel' },
    el('h2', {}, t(title)),
    entries.length === 0 ? el('p', { class: 'about' }, t('images.nothing')) : el('ul', { class: 'list' }, ...entries),
  );
}

function prediction({ at, prediction: said }) {
  const label = said.label === null
    ? [el('span', {}, t('images.no-head'))]
    : [el('strong', {}, said.label), el('span', {}, percent(said.confidence, 1)), el('span', { class: 'about' }, t('images.head', { version: said.head }))];
  const shadow = said.shadow
    ? el('span', { class: 'about' }, t('images.shadow', { version: said.shadow.head, label: said.shadow.label, confidence: percent(said.shadow.confidence, 1) }))
    : null;
  return el('li', {}, ...label, shadow, time(at));
}

function correction({ at, label, labeller, note }) {
  return el(
    'li',
    {},
    label === null ? el('span', {}, t('images.withdrawn')) : el('strong', {}, label),
    labeller ? el('span', {}, t('images.by', { who: labeller })) : null,
    note ? el('span', { class: 'about' }, note) : null,
    time(at),
  );
}

function deadLetter({ id, why, bytes }) {
  return el(
    'li',
    {},
    el('strong', {}, t(`unusable.${why.reason.toLowerCase().replaceAll('_', '-')}`)),
    el('span', {}, why.error),
    el('span', { class: 'id' }, id),
    el('span', { class: 'about' }, t('images.bytes', { count: number(bytes) })),
    time(why.at),
  );
}

function figure(image) {
  const none = el('p', { class: 'about', hidden: Boolean(image.picture) }, t('images.no-picture'));
  const picture = image.picture ? el('img', { src: image.picture, alt: t('images.picture-alt', { id: image.image }) }) : null;
  picture?.addEventListener('error', () => {
    picture.remove();
    none.hidden = false;
  });
  return el('figure', {}, picture, none);
}

async function find(id) {
  $('#none').hidden = true;
  $('#image').hidden = true;
  try {
    const image = await call('GET', '/api/images?id=' + encodeURIComponent(id));
    const asked = image.review ? el('p', { class: 'about' }, t('images.asked', { reason: t(`reason.${image.review.reason}`) })) : null;
    $('#image').replaceChildren(
      figure(image),
      el(
        'div',
        { class: 'stack' },
        list('images.prediction', image.predictions.map(prediction)),
        list('images.corrections', image.corrections.map(correction)),
        list('images.dead', image.deadLetters.map(deadLetter)),
        asked,
      ),
    );
    $('#image').hidden = false;
  } catch (problem) {
    $('#none').textContent = problem.status === 404 ? t('images.none') : problem.message;
    $('#none').hidden = false;
  }
}

$('#search').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = $('#id').value;
  history.replaceState(null, '', '/images?id=' + encodeURIComponent(id));
  find(id);
});
const asked = new URLSearchParams(location.search).get('id');
if (asked) {
  $('#id').value = asked;
  find(asked);
}
openGallery(who).catch((problem) => toast(problem.message, 'bad'));
