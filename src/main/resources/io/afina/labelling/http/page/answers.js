// What one said lately, to be changed; for reviewers also where labellers disagree, and what each of them did.

import { call } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { openPage, toast } from '/page/shell.js';
import { number, percent, t, when } from '/page/text.js';

const MOST_DISPUTED = 24;

const who = await openPage();
let from = null;

function picture(answer) {
  const shown = answer.picture ? el('img', { src: answer.picture, alt: '', loading: 'lazy' }) : el('i', { 'aria-hidden': 'true' });
  shown.addEventListener('error', () => shown.replaceWith(el('i', { 'aria-hidden': 'true' })));
  return shown;
}

const about = (text) => el('p', { class: 'about' }, text);

const id = (answer) => el('a', { class: 'id', href: '/images?id=' + encodeURIComponent(answer.image), title: answer.image }, answer.image);

/** Says something of an image, or takes it back, and tells what came of it. */
async function say(answer, label, done) {
  try {
    await call('POST', '/api/answers/change', { image: answer.image, label });
    toast(label === null ? t('answers.withdrawn') : t('answers.changed', { label }));
    done();
  } catch (problem) {
    toast(problem.message, 'bad');
  }
}

function form(answer, name, done) {
  const field = el('input', { list: 'labels', maxlength: 200, required: true, 'aria-label': t('answers.new'), placeholder: t('answers.new') });
  const submit = (event) => {
    event.preventDefault();
    const label = field.value.trim();
    if (label !== '') {
      say(answer, label, () => done(label));
    }
  };
  return el('form', { onsubmit: submit }, field, el('button', { class: 'small' }, name));
}

// ---- one's own ------------------------------------------------------------------------------------------------------

function card(answer) {
  const label = el('strong', {}, answer.said.label);
  const own = whose() === who.user;
  const item = el('li', { 'data-image': answer.image });
  const change = (fresh) => {
    label.textContent = fresh;
    item.querySelector('input').value = '';
  };
  item.append(
    picture(answer),
    el(
      'div',
      { class: 'body' },
      label,
      answer.others.length > 0 ? about(t('answers.others', { labels: answer.others.map((other) => other.label).join(', ') })) : null,
      answer.predicted && answer.predicted !== answer.said.label ? about(t('answers.predicted', { label: answer.predicted })) : null,
      el('time', { class: 'about', datetime: answer.said.at }, when(answer.said.at)),
      id(answer),
      own || who.actions ? form(answer, t('answers.change'), change) : null,
      own
        ? el('div', { class: 'row' }, el('button', { type: 'button', class: 'small withdraw', onclick: () => say(answer, null, () => item.remove()) }, t('answers.withdraw')))
        : null,
    ),
  );
  return item;
}

const whose = () => $('#labeller').value || who.user;

async function list(next) {
  const query = new URLSearchParams({ show: $('#show').value, from: next });
  if ($('#label').value.trim() !== '') {
    query.set('label', $('#label').value.trim());
  }
  if (whose() !== who.user) {
    query.set('labeller', whose());
  }
  try {
    const page = await call('GET', '/api/answers?' + query);
    from = page.next;
    const cards = page.answers.map(card);
    if (next === 0) {
      $('#mine').replaceChildren(...cards);
    } else {
      $('#mine').append(...cards);
    }
    $('#none').hidden = $('#mine').children.length > 0;
    $('#more').hidden = from === null;
  } catch (problem) {
    toast(problem.message, 'bad');
  }
}

// ---- for reviewers --------------------------------------------------------------------------------------------------

function dispute(answer) {
  const item = el('li', { 'data-image': answer.image });
  const over = () => item.remove();
  const labels = [...new Set(answer.others.map((other) => other.label))];
  item.append(
    picture(answer),
    el(
      'div',
      { class: 'body' },
      ...answer.others.map((other) => about(t('answers.says', { who: other.labeller ?? t('answers.someone'), label: other.label }))),
      id(answer),
      el('div', { class: 'row' }, ...labels.map((label) => el('button', { type: 'button', class: 'small', onclick: () => say(answer, label, over) }, label))),
      form(answer, t('answers.change'), over),
    ),
  );
  return item;
}

function count({ labeller, images, compared, agreeing }) {
  return el(
    'tr',
    {},
    el('td', {}, labeller || t('answers.someone')),
    el('td', {}, number(images)),
    el('td', {}, number(compared)),
    el('td', {}, compared > 0 ? percent(agreeing / compared) : '–'),
  );
}

async function review() {
  const [{ answers }, { labellers }] = await Promise.all([
    call('GET', `/api/disagreements?count=${MOST_DISPUTED}`),
    call('GET', '/api/labellers'),
  ]);
  $('#disputes').hidden = answers.length === 0;
  $('#disputed').replaceChildren(...answers.map(dispute));
  $('#labellers').hidden = labellers.length === 0;
  $('#counts').replaceChildren(...labellers.map(count));
  const names = [who.user, ...labellers.map(({ labeller }) => labeller).filter((name) => name && name !== who.user)];
  $('#labeller').replaceChildren(...names.map((name) => el('option', { value: name }, name)));
  $('#whose').hidden = names.length < 2;
}

$('#filters').addEventListener('submit', (event) => event.preventDefault());
$('#filters').addEventListener('change', () => list(0));
$('#more').addEventListener('click', () => list(from));
const { labels } = await call('GET', '/api/labels');
$('#labels').replaceChildren(...labels.map((label) => el('option', { value: label })));
if (who.actions) {
  await review().catch((problem) => toast(problem.message, 'bad'));
}
await list(0);
