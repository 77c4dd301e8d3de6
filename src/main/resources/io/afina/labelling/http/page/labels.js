// Labels: what each means, how many pictures bear it, and what reviewers do with it.

import { call } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { key } from '/page/names.js';
import { openPage, toast } from '/page/shell.js';
import { number, percent, t, when } from '/page/text.js';

/** Changes show in a moment: the server reads them back from Kafka. */
const SHOWN_MILLIS = 1000;

let labels = [];
const who = await openPage();

async function load() {
  labels = (await call('GET', '/api/labels/all')).labels;
  $('#undo').hidden = !who.actions || !labels.some((label) => label.undo);
  $('#add').hidden = !who.actions;
  show();
}

function show() {
  const wanted = key($('#filter').value);
  const shown = labels.filter((label) => [label.name, ...label.names].some((name) => key(name).includes(wanted)));
  $('#labels').replaceChildren(...shown.map(card));
  $('#none').hidden = shown.length > 0;
}

const used = () => labels.filter((label) => label.state === 'active' || label.state === null);

function card(label) {
  const state = label.state ?? 'new';
  return el(
    'li',
    { class: 'panel label-card', 'data-state': state },
    el(
      'div',
      { class: 'row' },
      el('h2', {}, colour(label), label.name),
      state === 'active' ? null : el('span', { class: 'chip' }, t(`labels.${state}`, { into: label.into })),
      label.key ? el('kbd', {}, label.key) : null,
    ),
    label.description ? el('p', {}, label.description) : null,
    el('p', { class: 'about' }, facts(label)),
    pictures(label),
    who.actions ? actions(label) : null,
  );
}

function colour(label) {
  if (!label.colour) {
    return null;
  }
  const dot = el('span', { class: 'dot', 'aria-hidden': 'true' });
  dot.style.background = label.colour;
  return dot;
}

function facts(label) {
  const parts = [t('labels.count', { count: label.count })];
  if (label.recall) {
    const { right, total, low, high } = label.recall;
    parts.push(t('labels.recall', { share: percent(right / total), low: percent(low), high: percent(high), count: number(total) }));
  }
  if (label.suspects > 0) {
    parts.push(t('labels.suspects', { count: label.suspects }));
  }
  if (label.names.length > 0) {
    parts.push(t('labels.names', { names: label.names.join(', ') }));
  }
  if (label.undo) {
    parts.push(t('labels.changed', { who: label.who, when: when(label.at), why: label.why }));
  }
  return parts.join(' · ');
}

function pictures(label) {
  if (label.pictures.length === 0 && label.examples.length === 0) {
    return null;
  }
  const shown = label.pictures.map(({ image, picture }) => {
    const drawn = el('img', { src: picture, alt: t('images.picture-alt', { id: image }), loading: 'lazy' });
    const link = el('a', { href: '/images?id=' + encodeURIComponent(image) }, drawn);
    drawn.addEventListener('error', () => link.remove());
    return link;
  });
  const named = label.examples.map((image) => el('a', { class: 'id', href: '/images?id=' + encodeURIComponent(image) }, image));
  return el('div', { class: 'label-pictures' }, ...shown, ...named);
}

function actions(label) {
  const button = (text, act) =>
    el('button', { type: 'button', class: 'small', 'aria-label': t('labels.of', { action: t(text), label: label.name }), onclick: act }, t(text));
  const changes = label.state === 'active' || label.state === null;
  return el(
    'div',
    { class: 'row' },
    changes ? button('labels.rename', () => rename(label)) : null,
    changes && used().length > 1 ? button('labels.merge', () => merge(label)) : null,
    changes ? button('labels.describe', () => describe(label)) : null,
    changes ? button('labels.retire', () => retire(label)) : null,
    label.undo ? button('labels.undo', () => change('undo', { label: label.name })) : null,
  );
}

// ---- changes --------------------------------------------------------------------------------------------------------

const field = (id, text, input) => el('div', {}, el('label', { for: id }, t(text)), input);
const text = (id, value, properties = {}) => el('input', { id, value, maxlength: 200, autocomplete: 'off', ...properties });

/** Asks, and gives what was filled in; null when it was not meant. */
function ask(title, about, ...fields) {
  const dialog = $('#dialog');
  $('#dialog-title').textContent = title;
  $('#dialog-about').textContent = about;
  $('#fields').replaceChildren(...fields);
  $('#dialog-yes').textContent = title;
  $('#why').value = '';
  dialog.returnValue = 'cancel';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes' ? $('#why').value : null), { once: true });
  });
}

async function rename(label) {
  const input = text('name', label.name, { required: true });
  const why = await ask(t('labels.rename'), t('labels.rename-about', { label: label.name }), field('name', 'labels.name', input));
  if (why !== null && input.value !== label.name) {
    await change('rename', { label: label.name, name: input.value, why });
  }
}

async function merge(label) {
  const others = used().filter((other) => other.name !== label.name);
  const input = el('select', { id: 'into' }, ...others.map((other) => el('option', { value: other.name }, other.name)));
  const why = await ask(t('labels.merge'), t('labels.merge-about', { label: label.name }), field('into', 'labels.into', input));
  if (why !== null) {
    await change('merge', { labels: [label.name], into: input.value, why });
  }
}

async function retire(label) {
  const why = await ask(t('labels.retire'), t('labels.retire-about', { label: label.name }));
  if (why !== null) {
    await change('retire', { label: label.name, why });
  }
}

async function describe(label) {
  const name = text('name', label?.name ?? '', { required: true });
  const guideline = el('textarea', { id: 'text', rows: 4, maxlength: 4000 });
  guideline.value = label?.description ?? '';
  const examples = text('examples', (label?.examples ?? []).join(' '), { maxlength: 12_000 });
  const colourOf = text('colour', label?.colour ?? '', { pattern: '#[0-9a-fA-F]{6}', placeholder: '#ffaa00' });
  const keyOf = text('key', label?.key ?? '', { maxlength: 2 });
  const fields = [
    field('text', 'labels.guideline', guideline),
    field('examples', 'labels.examples', examples),
    field('colour', 'labels.colour', colourOf),
    field('key', 'labels.key', keyOf),
  ];
  const why = await ask(
    t(label ? 'labels.describe' : 'labels.add'),
    label ? t('labels.describe-about', { label: label.name }) : t('labels.add-about'),
    ...(label ? fields : [field('name', 'labels.name', name), ...fields]),
  );
  if (why !== null) {
    await change('describe', {
      label: name.value,
      text: guideline.value,
      examples: examples.value.split(/\s+/).filter(Boolean),
      colour: colourOf.value,
      key: keyOf.value,
      why,
    });
  }
}

async function change(what, body) {
  try {
    await call('POST', `/api/labels/${what}`, body);
    toast(t('labels.done'));
    await new Promise((resolve) => {
      setTimeout(resolve, SHOWN_MILLIS);
    });
  } catch (problem) {
    toast(problem.message, 'bad');
  }
  await load();
}

$('#cancel').addEventListener('click', () => $('#dialog').close('cancel'));
$('#search').addEventListener('submit', (event) => event.preventDefault());
$('#filter').addEventListener('input', show);
$('#add').addEventListener('click', () => describe(null));
$('#undo').addEventListener('click', () => change('undo', { label: null }));
load().catch((problem) => toast(problem.message, 'bad'));
