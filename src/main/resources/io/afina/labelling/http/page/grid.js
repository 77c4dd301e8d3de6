// Pictures that look alike: mark the exceptions, label the rest at once.

import { call } from '/page/api.js';
import { $, el } from '/page/dom.js';
import { key as nameKey, meant } from '/page/names.js';
import { openPage, toast } from '/page/shell.js';
import { percent, t } from '/page/text.js';

/** Nothing is said of pictures that were not seen: a held Enter, the second of a double one. */
const UNSEEN_MILLIS = 250;
const MOST_EXCEPT = 1000;
/** After which a picture that did not come is asked for once more. */
const AGAIN_MILLIS = 1500;
const RENEW_MILLIS = 20_000;
/** From one look to the next, while there is nothing to label. */
const FILL_MILLIS = 5000;
const RENEW_SHARE = 1 / 3;
const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/** This page among those of one labeller; a reload keeps it, and with it its pictures. */
const page = sessionStorage.getItem('afina.grid') || crypto.randomUUID?.() || String(Math.random()).slice(2);
sessionStorage.setItem('afina.grid', page);

let tiles = [];
/** Exceptions: they are asked about one by one. */
let except = [];
let labels = [];
/** What the pictures are like: a guess, or a picture. */
let wanted = { guess: null, like: new URLSearchParams(location.search).get('like') };
let focus = 0;
/** Where a range begins, and what a drag makes of the pictures that it comes over. */
let anchor = 0;
let painting = null;
let busy = false;
let changed = 0;
let confirmed = null;
let acted = true;

// ---- what is shown --------------------------------------------------------------------------------------------------

async function load() {
  const { guess, like } = wanted;
  const grid = await call('POST', '/api/grids', { page, guess, like, except });
  tiles = grid.tiles.map((tile, index) => ({ ...tile, chosen: like === null || index === 0 }));
  focus = 0;
  anchor = 0;
  confirmed = null;
  changed = performance.now();
  describe(grid);
  $('#tiles').replaceChildren(...tiles.map(option));
  $('#none').hidden = tiles.length > 0;
  document.body.dataset.grids = 1 + Number(document.body.dataset.grids ?? 0);
  show();
}

const named = (guess) => (guess === '' ? t('grid.no-guess') : guess);

function describe({ guess, guesses }) {
  const like = wanted.like !== null;
  $('#what').textContent = like ? t('grid.like-this') : guess ? t('grid.these', { label: guess }) : t('grid.title');
  $('#about').textContent = t(like ? 'grid.like-about' : guess === '' ? 'grid.no-guess-about' : 'grid.about');
  const first = tiles[0];
  $('#label').value = like ? first?.label ?? first?.top[0]?.label ?? '' : guess ?? '';
  $('#guess').replaceChildren(
    el('option', { value: '*', selected: !like }, t('grid.most')),
    ...guesses.map(({ label, count }) =>
      el('option', { value: `=${label}`, selected: !like && wanted.guess === label }, t('grid.of', { label: named(label), count }))),
  );
}

function option(tile, index) {
  const best = tile.top[0];
  const guess = tile.label ?? (best ? `${best.label} ${percent(best.confidence)}` : '');
  const picture = el('img', { alt: '', draggable: 'false' });
  const sources = [tile.copy, tile.picture].filter(Boolean);
  const again = sources.map((source) => `${source}${source.includes('?') ? '&' : '?'}again`);
  const next = () => {
    if (sources.length > 0) {
      picture.src = sources.shift();
    } else if (again.length > 0) {
      setTimeout(() => (picture.src = again.shift()), AGAIN_MILLIS);
    } else {
      gone(tile);
    }
  };
  picture.addEventListener('error', next);
  next();
  const item = el(
    'li',
    {
      role: 'option',
      id: `tile-${index}`,
      'data-image': tile.image,
      'aria-label': t(tile.label ? 'grid.alt-label' : best ? 'grid.alt' : 'grid.alt-none', { number: index + 1, label: tile.label ?? best?.label }),
      title: tile.image,
      onpointerdown: (event) => event.pointerType === 'mouse' && event.button === 0 && press(event, index),
      onpointerenter: () => painting !== null && choose(index, painting),
      onclick: (event) => event.pointerType !== 'mouse' && toggle(index),
    },
    picture,
    el('span', {}, guess),
  );
  tile.element = item;
  return item;
}

function show() {
  tiles.forEach((tile, index) => {
    tile.element.setAttribute('aria-selected', String(tile.chosen));
    tile.element.tabIndex = index === focus ? 0 : -1;
  });
  const count = chosen().length;
  $('#send span', document).textContent = count > 0 ? t('grid.send', { count }) : t('grid.send-none');
  $('#send').disabled = count === 0 || busy;
  $('#leave').disabled = tiles.length === 0 || busy;
  $('#like').disabled = tiles.length === 0;
}

const chosen = () => tiles.filter((tile) => tile.chosen);

/** A picture that cannot be shown is left to the page that shows one by one, which finds out why. */
function gone(tile) {
  if (!tiles.includes(tile)) {
    return;
  }
  tiles = tiles.filter((other) => other !== tile);
  tile.element.remove();
  except = [...except, tile.item].filter(Boolean).slice(-MOST_EXCEPT);
  focus = Math.max(0, Math.min(focus, tiles.length - 1));
  show();
}

// ---- which of them --------------------------------------------------------------------------------------------------

function choose(index, on) {
  tiles[index].chosen = on;
  focus = index;
  show();
}

function toggle(index) {
  anchor = index;
  choose(index, !tiles[index].chosen);
}

const indexOf = (element) => tiles.findIndex((tile) => tile.element === element);

function press(event) {
  event.preventDefault();
  const index = indexOf(event.currentTarget);
  if (event.shiftKey) {
    range(index);
  } else {
    toggle(index);
    painting = tiles[index].chosen;
  }
  tiles[index].element.focus();
}

/** All from where the last one was chosen or not to here become like that one. */
function range(index) {
  const on = tiles[anchor].chosen;
  for (let i = Math.min(anchor, index); i <= Math.max(anchor, index); i++) {
    tiles[i].chosen = on;
  }
  choose(index, on);
}

/** How many are in a row. */
function columns() {
  const top = tiles[0].element.offsetTop;
  const second = tiles.findIndex((tile) => tile.element.offsetTop > top);
  return second < 0 ? tiles.length : second;
}

function move(by, extend) {
  const to = focus + by;
  if (to < 0 || to >= tiles.length) {
    return;
  }
  if (extend) {
    range(to);
  }
  focus = to;
  if (!extend) {
    anchor = to;
  }
  show();
  tiles[to].element.focus();
}

// ---- what is said ---------------------------------------------------------------------------------------------------

const guessed = () => tiles.flatMap((tile) => [tile.label, ...tile.top.map(({ label }) => label)]).filter(Boolean);

const known = (text) => [...labels, ...guessed()].some((label) => nameKey(label) === nameKey(text));

/** A label that is new is asked back once, as one letter too many makes one. */
function isMeant(label) {
  if (known(label) || confirmed === label) {
    return true;
  }
  confirmed = label;
  const near = meant(label, labels);
  toast(t(near ? 'grid.meant' : 'grid.new', { label, near }));
  $('#label').focus();
  return false;
}

async function send() {
  const label = $('#label').value.trim();
  const these = chosen();
  if (busy || these.length === 0 || performance.now() - changed < UNSEEN_MILLIS) {
    return;
  }
  if (label === '') {
    toast(t('grid.say'));
    $('#label').focus();
    return;
  }
  if (!isMeant(label)) {
    return;
  }
  await working(async () => {
    const { sent, lost } = await call('POST', '/api/grids/answers', {
      label,
      items: these.filter((tile) => tile.item).map((tile) => tile.item),
      images: these.filter((tile) => !tile.item).map((tile) => tile.image),
    });
    document.body.dataset.sent = sent + Number(document.body.dataset.sent ?? 0);
    toast(`${t('grid.sent', { count: sent, label })} ${lost.length > 0 ? t('grid.lost', { count: lost.length }) : ''}`.trim());
    if (!known(label)) {
      await loadLabels();
    }
    setAside(tiles.filter((tile) => !tile.chosen));
    await load();
  });
}

/** What is set aside is not shown here again, but one by one. */
function setAside(aside) {
  except = [...except, ...aside.filter((tile) => tile.item).map((tile) => tile.item)].slice(-MOST_EXCEPT);
  wanted.like = null;
}

const leave = () =>
  working(async () => {
    setAside(tiles);
    await load();
  });

const like = () =>
  tiles.length > 0 &&
  working(async () => {
    wanted = { guess: null, like: tiles[focus].image };
    await load();
  });

const undo = () =>
  working(async () => {
    const undone = await call('POST', '/api/undo', { page });
    await load();
    toast(t(`label.undone-${undone.action}`, { label: undone.label, count: undone.images }));
  });

async function working(act) {
  if (busy) {
    return;
  }
  busy = true;
  show();
  try {
    await act();
  } catch (problem) {
    toast(problem.message, 'bad');
  } finally {
    busy = false;
    show();
  }
}

async function loadLabels() {
  ({ labels } = await call('GET', '/api/labels'));
  $('#labels').replaceChildren(...labels.map((label) => el('option', { value: label })));
}

// ---- keys and time --------------------------------------------------------------------------------------------------

const KEYS = {
  ArrowRight: (event) => move(1, event.shiftKey),
  ArrowLeft: (event) => move(-1, event.shiftKey),
  ArrowDown: (event) => move(columns(), event.shiftKey),
  ArrowUp: (event) => move(-columns(), event.shiftKey),
  ' ': () => tiles.length > 0 && toggle(focus),
  Enter: send,
  s: leave,
  m: like,
  u: undo,
  '/': () => $('#label').select(),
};

function key(event) {
  const typing = event.target.closest?.('input, select, textarea');
  const pressing = [' ', 'Enter'].includes(event.key) && event.target.closest?.('button, a');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || (pressing && !event.repeat)) {
    return;
  }
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action && (tiles.length > 0 || action === undo)) {
    event.preventDefault();
    if (!event.repeat || event.key.startsWith('Arrow')) {
      action(event);
    }
  }
}

/** Keeps the pictures for as long as somebody does anything here. */
async function renew() {
  let millis = RENEW_MILLIS;
  const have = tiles.filter((tile) => tile.item).map((tile) => tile.item);
  if (acted && !busy && have.length > 0) {
    acted = false;
    const answer = await call('POST', '/api/items', { page, count: 0, have }).catch(() => null);
    millis = answer ? answer.leaseSeconds * 1000 * RENEW_SHARE : millis;
    const lost = tiles.filter((tile) => answer?.lost.includes(tile.item));
    lost.forEach((tile) => tile.element.remove());
    tiles = tiles.filter((tile) => !lost.includes(tile));
    focus = Math.max(0, Math.min(focus, tiles.length - 1));
    show();
  }
  if (tiles.length === 0 && !busy && wanted.like === null && document.activeElement !== $('#label')) {
    millis = FILL_MILLIS;
    await working(load);
  }
  setTimeout(renew, millis);
}

await openPage();
$('#say').addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
$('#leave').addEventListener('click', leave);
$('#like').addEventListener('click', like);
$('#undo').addEventListener('click', undo);
$('#guess').addEventListener('change', ({ target }) => {
  wanted = { guess: target.value === '*' ? null : target.value.slice(1), like: null };
  working(load);
});
document.addEventListener('pointerup', () => {
  painting = null;
});
document.addEventListener('keydown', key);
for (const kind of ACTS) {
  document.addEventListener(kind, () => (acted = true), { capture: true, passive: true });
}
await loadLabels().catch((problem) => toast(problem.message, 'bad'));
await working(load);
renew();
