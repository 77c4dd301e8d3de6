// Models: how good each is, which is in use, and how that came about.

import { call } from '/page/api.js';
import { followEvents } from '/page/board.js';
import { VersionChart } from '/page/chart.js';
import { $, el } from '/page/dom.js';
import { openPage, toast } from '/page/shell.js';
import { number, percent, t, when } from '/page/text.js';

const MOST_IN_MATRIX = 20;
/** A label with fewer pictures that judged is hardly measured. */
const FEW = 5;
const TELLING = ['champion', 'challenger', 'previous', 'pinned', 'untrained'];

let heads = [];
let aliases = {};
let moves = [];
let chosen = null;
const next = { heads: null, moves: null };
const chart = new VersionChart($('#chart'), false);
const who = await openPage();

// ---- the list -------------------------------------------------------------------------------------------------------

async function load() {
  const [models, past, curve] = await Promise.all([
    call('GET', '/api/models'),
    call('GET', '/api/moves'),
    call('GET', '/api/models/chart'),
  ]);
  heads = models.heads;
  aliases = models.aliases;
  moves = past.moves;
  next.heads = models.next;
  next.moves = past.next;
  $('#none').hidden = heads.length > 0;
  for (const id of ['#chart-panel', '#versions-panel', '#history-panel']) {
    $(id).hidden = heads.length === 0;
  }
  $('#rollback').hidden = !who.actions || !aliases.previous?.version;
  pinned();
  if (heads.length === 0) {
    return;
  }
  versions();
  history();
  chosen ??= aliases.champion?.version ?? heads[0].version;
  details().catch(() => {});
  await chart.show(curve.points);
}

function pinned() {
  const pin = aliases.pinned;
  $('#pinned').hidden = !pin?.version;
  $('#unpin').hidden = !who.actions;
  if (pin?.version) {
    $('#pinned-about').textContent = t('models.pinned', { version: pin.version, who: pin.who, when: when(pin.at), why: pin.why });
  }
}

async function older() {
  const page = await call('GET', `/api/models?before=${next.heads}`);
  heads = [...heads, ...page.heads];
  next.heads = page.next;
  versions();
}

async function earlier() {
  const page = await call('GET', `/api/moves?from=${next.moves}`);
  moves = [...moves, ...page.moves];
  next.moves = page.next;
  history();
}

const header = (...keys) =>
  el('thead', {}, el('tr', {}, ...keys.map((key) => el('th', { scope: 'col' }, key === '' ? el('span', { class: 'unseen' }, t('models.promote')) : t(key)))));

function versions() {
  const keys = ['version', 'verdict', 'measured', 'live', 'training', 'labels', 'examples', 'seconds', 'created'];
  const columns = keys.map((key) => `models.${key}`);
  $('#versions').replaceChildren(
    header(...columns, ...(who.actions ? [''] : [])),
    el('tbody', {}, ...heads.map(row)),
  );
  $('#older').hidden = next.heads === null;
}

function row(head) {
  const champion = aliases.champion?.version === head.version;
  const name = el(
    'button',
    { type: 'button', class: 'link', 'aria-label': t('models.show', { version: head.version }), onclick: () => choose(head.version) },
    `v${head.version}`,
  );
  const { decision, why } = head.verdict;
  const cells = [
    el('td', {}, name, champion ? el('span', { class: 'chip' }, t('models.champion')) : null),
    el('td', {}, el('span', { class: `verdict ${decision}`, title: why }, t(`verdict.${decision}`))),
    el('td', {}, head.measured ? share(head.measured.share.right / head.measured.share.total) : t('models.unmeasured')),
    el('td', {}, interval(head.live)),
    el('td', {}, percent(head.accuracy, 1)),
    el('td', {}, number(head.labels)),
    el('td', {}, number(head.examples)),
    el('td', {}, t('seconds', { n: number(head.seconds, 2) })),
    el('td', {}, when(head.created)),
  ];
  if (who.actions) {
    cells.push(el('td', {}, champion ? '' : promoteButton(head)));
  }
  const kinds = [champion ? 'champion' : '', chosen === head.version ? 'chosen' : ''];
  return el('tr', { class: kinds.join(' ').trim() || null }, ...cells);
}

/** What a move would do: which model answers then, and whether it stays. */
function consequences(version) {
  const now = aliases.champion?.version;
  return now
    ? t('models.instead', { version, now })
    : t('models.answers', { version });
}

function promoteButton({ version, verdict }) {
  const label = t('models.promote-head', { version });
  const about = () =>
    [
      consequences(version),
      verdict.decision === 'rejected' ? t('models.was-rejected', { why: verdict.why }) : '',
      t(aliases.pinned?.version ? 'models.stays-pinned' : 'models.not-pinned'),
    ].filter(Boolean).join(' ');
  return el(
    'button',
    { type: 'button', class: 'small', 'aria-label': label, onclick: () => ask(label, about(), t('models.promote'), (why) => call('POST', '/api/models/promote', { version, why })) },
    t('models.promote'),
  );
}

function share(value) {
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', value);
  return el('span', {}, bar, percent(value, 1));
}

const interval = (known) =>
  known ? `${percent(known.right / known.total)} (${percent(known.low)} – ${percent(known.high)})` : '–';

function history() {
  $('#earlier').hidden = next.moves === null;
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
          el('td', {}, TELLING.includes(alias) ? t(`alias.${alias}`) : alias),
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
  versions();
  details()
    .then(() => $('#details').scrollIntoView({ block: 'nearest', behavior: 'smooth' }))
    .catch((problem) => toast(problem.message, 'bad'));
}

async function details() {
  const version = chosen;
  const card = await call('GET', `/api/models/${version}`).catch(() => null);
  if (version !== chosen) {
    return;
  }
  if (!card) {
    $('#details').replaceChildren();
    return;
  }
  $('#details').replaceChildren(facts(card), ...(card.measures ? [measured(card)] : []));
}

/** How it was judged, on how many pictures, and what that leaves out. */
function judged({ measures, labels }) {
  if (!measures) {
    return t('models.no-measures');
  }
  const seen = new Map(measures.labels.map((entry) => [entry.label, entry.examples]));
  const missing = labels.filter((label) => !seen.get(label));
  const few = labels.filter((label) => seen.get(label) > 0 && seen.get(label) < FEW);
  const parts = [t(`models.by-${measures.method}`, { count: measures.examples })];
  if (missing.length > 0) {
    parts.push(t('models.missing', { count: missing.length, labels: some(missing) }));
  }
  if (few.length > 0) {
    parts.push(t('models.few', { count: few.length, labels: some(few), few: FEW }));
  }
  return parts.join(' ');
}

const some = (labels) => labels.slice(0, 8).join(', ') + (labels.length > 8 ? ' …' : '');

function facts(card) {
  const { measures } = card;
  const of = measures?.labels.filter(({ examples }) => examples > 0).length;
  const pairs = [
    ['models.verdict', `${t(`verdict.${card.verdict.decision}`)}: ${card.verdict.why}`],
    ['models.measured', measures ? percent(measures.accuracy, 1) : null],
    ['models.balanced', measures ? t('models.over', { share: percent(measures.balancedAccuracy, 1), count: of, all: card.labels.length }) : null],
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
    el('p', { class: 'about' }, judged(card)),
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

function measured({ measures, labels }) {
  const cells = measures.confusion.map((cell) => ({ truth: cell.actual, said: cell.answered, count: cell.count }));
  const known = new Set(measures.labels.map(({ label }) => label));
  const unseen = labels.filter((label) => !known.has(label)).map((label) => ({ label, examples: 0 }));
  return el('div', { class: 'two' }, byLabel([...measures.labels, ...unseen]), confusion({ labels: measures.labels, cells }));
}

function byLabel(labels) {
  const worstFirst = [...labels].sort((one, other) => order(one) - order(other));
  const rows = worstFirst.map((entry) => {
    const seen = entry.examples > 0;
    return el(
      'tr',
      {},
      el('td', { class: 'text' }, entry.label),
      el('td', {}, seen ? share(entry.recall) : t('models.unmeasured')),
      el('td', {}, seen ? percent(entry.precision) : '–'),
      el('td', {}, number(entry.examples)),
    );
  });
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

/** The worst first, what was not measured last. */
const order = ({ examples, recall }) => (examples > 0 ? recall : 2);

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
      ...shown.map((said) => cell(counts.get(`${truth}\n${said}`) ?? 0, total, truth, said)),
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

function cell(count, total, truth, said) {
  const kind = truth === said ? 'right' : 'wrong-cell';
  const element = el('td', { class: count > 0 ? kind : null }, count > 0 ? pictures(count, truth, said) : '·');
  element.style.setProperty('--share', total > 0 ? count / total : 0);
  return element;
}

/** A count that leads to the pictures which people call one label and the model called the other. */
const pictures = (count, truth, said) =>
  el(
    'a',
    { href: '/images?' + new URLSearchParams({ label: truth, said }), 'aria-label': t('models.cell', { truth, said, count: number(count) }) },
    number(count),
  );

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
  ask(
    t('models.rollback'),
    `${consequences(aliases.previous.version)} ${t('models.pins')}`,
    t('models.rollback'),
    (why) => call('POST', '/api/models/rollback', { why }),
  ));
$('#unpin').addEventListener('click', () =>
  ask(t('models.unpin'), t('models.unpin-about'), t('models.unpin'), (why) => call('POST', '/api/models/unpin', { why })));
const guarded = (action) => () => action().catch((problem) => toast(problem.message, 'bad'));
$('#older').addEventListener('click', guarded(older));
$('#earlier').addEventListener('click', guarded(earlier));

let known = null;
followEvents((board) => {
  const version = board.champion?.version ?? 0;
  if (known !== version && !$('#dialog').open) {
    known = version;
    load().catch((problem) => toast(problem.message, 'bad'));
  }
});
