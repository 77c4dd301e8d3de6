// Heads: how good each is, which answers, and how that came about.

import { call } from '/page/api.js';
import { accuracyOf, VersionChart } from '/page/chart.js';
import { $, el } from '/page/dom.js';
import { openPage, toast } from '/page/shell.js';
import { number, percent, t, when } from '/page/text.js';

const MOST_IN_MATRIX = 20;
const CHARTED = 100;

let state = null;
let chosen = null;
const chart = new VersionChart($('#chart'), false);
const who = await openPage();

// ---- the list -------------------------------------------------------------------------------------------------------

async function load() {
  state = await call('GET', '/api/models');
  const heads = [...state.heads].reverse();
  $('#none').hidden = heads.length > 0;
  for (const id of ['#chart-panel', '#versions-panel', '#history-panel']) {
    $(id).hidden = heads.length === 0;
  }
  $('#rollback').hidden = !who.actions || heads.length === 0;
  if (heads.length === 0) {
    return;
  }
  versions(heads);
  history();
  chosen ??= state.aliases.champion?.version ?? heads[0].version;
  details();
  const charted = state.heads.slice(-CHARTED);
  await chart.show(charted.map((card) => ({ card, live: state.live[card.version] ?? null })));
}

const header = (...keys) =>
  el('thead', {}, el('tr', {}, ...keys.map((key) => el('th', { scope: 'col' }, key === '' ? el('span', { class: 'unseen' }, t('models.promote')) : t(key)))));

function versions(heads) {
  const keys = ['version', 'holdout', 'live', 'training', 'labels', 'examples', 'seconds', 'created'];
  const columns = keys.map((key) => `models.${key}`);
  $('#versions').replaceChildren(
    header(...columns, ...(who.actions ? [''] : [])),
    el('tbody', {}, ...heads.map(row)),
  );
}

function row(card) {
  const champion = state.aliases.champion?.version === card.version;
  const accuracy = accuracyOf(card);
  const name = el(
    'button',
    { type: 'button', class: 'link', 'aria-label': t('models.show', { version: card.version }), onclick: () => choose(card.version) },
    `v${card.version}`,
  );
  const cells = [
    el('td', {}, name, champion ? el('span', { class: 'chip' }, t('models.champion')) : null),
    el('td', {}, accuracy.measured ? share(accuracy.value) : '–'),
    el('td', {}, live(card.version)),
    el('td', {}, percent(card.training.accuracy, 1)),
    el('td', {}, number(card.labels.length)),
    el('td', {}, number(card.training.examples)),
    el('td', {}, t('seconds', { n: number(card.training.seconds, 2) })),
    el('td', {}, when(card.created)),
  ];
  if (who.actions) {
    cells.push(el('td', {}, champion ? '' : promoteButton(card.version)));
  }
  const kinds = [champion ? 'champion' : '', chosen === card.version ? 'chosen' : ''];
  return el('tr', { class: kinds.join(' ').trim() || null }, ...cells);
}

function promoteButton(version) {
  const label = t('models.promote-head', { version });
  return el(
    'button',
    { type: 'button', class: 'small', 'aria-label': label, onclick: () => ask(label, t('models.promote-about', { version }), t('models.promote'), (why) => call('POST', '/api/models/promote', { version, why })) },
    t('models.promote'),
  );
}

function share(value) {
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', value);
  return el('span', {}, bar, percent(value, 1));
}

function live(version) {
  const known = state.live[version];
  return known ? `${percent(known.right / known.total)} (${percent(known.low)} – ${percent(known.high)})` : '–';
}

function history() {
  const recorded = Object.entries(state.aliases).flatMap(([alias, record]) =>
    (record.history ?? []).map((to) => ({ alias, to })));
  const all = [...recorded, ...state.moves];
  const once = new Map(all.map((move) => [`${move.alias} ${move.to.version} ${move.to.at}`, move]));
  const moves = [...once.values()].sort((one, other) => new Date(other.to.at) - new Date(one.to.at));
  $('#history').replaceChildren(
    header('models.when', 'models.alias', 'models.to', 'models.who', 'models.why'),
    el(
      'tbody',
      {},
      ...moves.map(({ alias, to }) =>
        el(
          'tr',
          {},
          el('td', {}, when(to.at)),
          el('td', {}, alias),
          el('td', {}, to.version === null ? '–' : `v${to.version}`),
          el('td', {}, to.who ?? ''),
          el('td', { class: 'text' }, to.why ?? ''),
        )),
    ),
  );
}

// ---- one head -------------------------------------------------------------------------------------------------------

function choose(version) {
  chosen = version;
  versions([...state.heads].reverse());
  details();
  $('#details').scrollIntoView({ block: 'nearest', behavior: 'smooth' });
}

function details() {
  const card = state.heads.find((head) => head.version === chosen);
  if (!card) {
    $('#details').replaceChildren();
    return;
  }
  const measures = measuresOf(card);
  $('#details').replaceChildren(facts(card, measures), ...(measures ? [measured(measures)] : []));
}

/** Measures as a head carries them. */
function measuresOf(card) {
  const measures = card.measures;
  if (!measures) {
    return null;
  }
  const labels = measures.labels;
  const cells = measures.confusion.map((cell) => ({
    truth: cell.actual,
    said: cell.answered,
    count: cell.count,
  }));
  return { accuracy: accuracyOf(card).value, balanced: measures.balancedAccuracy, labels, cells };
}

function facts(card, measures) {
  const pairs = [
    ['models.holdout', measures ? percent(measures.accuracy, 1) : null],
    ['models.balanced', measures?.balanced === undefined ? null : percent(measures.balanced, 1)],
    ['models.training', percent(card.training.accuracy, 1)],
    ['models.recipe', recipe(card.training.recipe)],
    ['models.parent', card.parent ? `v${card.parent}` : '–'],
    ['models.device', card.training.device],
    ['models.backbone', card.backbone.slice(0, 12)],
    ['models.labels', card.labels.join(', ')],
  ];
  return el(
    'div',
    { class: 'panel' },
    el('h2', {}, t('models.details', { version: card.version })),
    measures ? null : el('p', { class: 'about' }, t('models.no-measures')),
    el(
      'dl',
      { class: 'facts' },
      ...pairs.filter(([, value]) => value !== null).map(([key, value]) => el('div', {}, el('dt', {}, t(key)), el('dd', {}, value))),
    ),
  );
}

/** Such as dense, C = 0.1; nothing for heads that are older than recipes. */
function recipe(made) {
  return made ? `${made.form}, C = ${number(made.strength, 6)}` : null;
}

function measured(measures) {
  return el('div', { class: 'two' }, byLabel(measures.labels), confusion(measures));
}

function byLabel(labels) {
  const worstFirst = [...labels].sort((one, other) => (one.recall ?? 1) - (other.recall ?? 1));
  const rows = worstFirst.map((entry) =>
    el(
      'tr',
      {},
      el('td', { class: 'text' }, entry.label),
      el('td', {}, entry.recall === null || entry.recall === undefined ? '–' : share(entry.recall)),
      el('td', {}, entry.precision === null || entry.precision === undefined ? '–' : percent(entry.precision)),
      el('td', {}, number(entry.examples)),
    ));
  return el(
    'section',
    { class: 'panel' },
    el('h2', { id: 'recall-title' }, t('models.recall')),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-labelledby': 'recall-title' },
      el('table', {}, header('models.label', 'models.recall-column', 'models.precision', 'models.support'), el('tbody', {}, ...rows)),
    ),
  );
}

function confusion({ labels, cells }) {
  const errors = new Map(labels.map(({ label }) => [label, 0]));
  for (const { truth, said, count } of cells.filter((cell) => cell.truth !== cell.said)) {
    errors.set(truth, (errors.get(truth) ?? 0) + count);
    errors.set(said, (errors.get(said) ?? 0) + count);
  }
  const shown = [...errors.entries()].sort((one, other) => other[1] - one[1]).slice(0, MOST_IN_MATRIX).map(([label]) => label).sort();
  const counts = new Map(cells.map(({ truth, said, count }) => [`${truth}\n${said}`, count]));
  const rows = shown.map((truth) => {
    const total = cells.filter((cell) => cell.truth === truth).reduce((sum, cell) => sum + cell.count, 0);
    return el(
      'tr',
      {},
      el('th', { scope: 'row', title: truth }, truth),
      ...shown.map((said) => cell(counts.get(`${truth}\n${said}`) ?? 0, total, truth === said)),
    );
  });
  const corner = el('th', { scope: 'col' }, t('models.truth'));
  return el(
    'section',
    { class: 'panel' },
    el('h2', { id: 'confusion-title' }, t('models.confusion')),
    el('p', { class: 'about' }, t('models.confusion-about'), ' ', errors.size > shown.length ? t('models.worst', { count: shown.length }) : ''),
    el(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-labelledby': 'confusion-title' },
      el(
        'table',
        { class: 'matrix' },
        el('thead', {}, el('tr', {}, corner, ...shown.map((label) => el('th', { scope: 'col', title: label }, label)))),
        el('tbody', {}, ...rows),
      ),
    ),
  );
}

function cell(count, total, right) {
  const kind = right ? 'right' : 'wrong-cell';
  const element = el('td', { class: count > 0 ? kind : null }, count > 0 ? number(count) : '·');
  element.style.setProperty('--share', total > 0 ? count / total : 0);
  return element;
}

// ---- what may be done -----------------------------------------------------------------------------------------------

function ask(title, about, yes, action) {
  const dialog = $('#dialog');
  $('#dialog-title').textContent = title;
  $('#dialog-about').textContent = about;
  $('#dialog-yes').textContent = yes;
  $('#why').value = '';
  dialog.returnValue = '';
  dialog.showModal();
  $('#why').focus();
  dialog.onclose = async () => {
    if (dialog.returnValue !== 'yes') {
      return;
    }
    try {
      await action($('#why').value);
      toast(t('models.done'));
      setTimeout(() => load().catch(() => {}), 1000);
    } catch (problem) {
      toast(problem.message, 'bad');
    }
  };
}

$('#why').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') {
    event.preventDefault();
    $('#dialog').close('yes');
  }
});
$('#rollback').addEventListener('click', () =>
  ask(t('models.rollback'), t('models.rollback-about'), t('models.rollback'), (why) => call('POST', '/api/models/rollback', { why })));

let known = null;
new EventSource('/api/events').addEventListener('board', (event) => {
  const board = JSON.parse(event.data);
  const newest = `${board.champion?.version} ${board.versions.at(-1)?.card.version}`;
  if (known !== newest && !$('#dialog').open) {
    known = newest;
    load().catch((problem) => toast(problem.message, 'bad'));
  }
});
