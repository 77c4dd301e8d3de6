// The labelling page: a picture, a key, the next picture.

import { call } from '/page/api.js';
import { followBoard } from '/page/board.js';
import { $, el } from '/page/dom.js';
import { digits, fix, fixed, numbered, store } from '/page/numbers.js';
import { key as nameKey, meant } from '/page/names.js';
import { openPage, toast } from '/page/shell.js';
import { openStrip, said } from '/page/strip.js';
import { percent, t } from '/page/text.js';
import { Zoom } from '/page/zoom.js';

const AHEAD = 4;
/** Nothing is said of a picture that was not seen: a held key, the second click of a double one. */
const UNSEEN_MILLIS = 250;
/** Of a lease, after which it is renewed if somebody has acted meanwhile. */
const RENEW_SHARE = 1 / 3;
const ACTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];
const MOST_FOUND = 8;
const GUESSES = 5;
/** From here on nobody would say that it hesitates, though it is surer of most others. */
const SURE = 0.9;

/** This page among those of one labeller; a reload keeps it, and with it its pictures. */
const page = sessionStorage.getItem('afina.page') || crypto.randomUUID?.() || String(Math.random()).slice(2);
sessionStorage.setItem('afina.page', page);

const waiting = [];
/** Pictures whose answers are on their way, which the server must not hand out again, with their arrival. */
const settling = new Map();
let current = null;
let labels = [];
/** Labels that the champion knows from few examples, and how many are enough. */
let young = {};
let enough = 0;
let given = 0;
let zoom = null;
/** The numbers of the labels that are guessed. */
let numbers = new Map();
let filling = null;
let undoing = false;
let lease = { millis: 120_000, since: 0 };
let acted = true;
/** Whether another model is in use, or labels are called otherwise, than when the pictures that are held were given out. */
let stale = false;
let lastAct = Date.now();
/** When the picture and its guesses became what they are. */
const changed = { picture: 0, guesses: 0 };

// ---- pictures -------------------------------------------------------------------------------------------------------

function picture(item) {
  const image = el('img', { class: 'picture', draggable: 'false' });
  image.decoding = 'sync';
  image.src = item.picture;
  image.addEventListener('error', () => gone(item));
  image.decode().catch(() => {});
  return image;
}

async function fill() {
  filling ??= take().finally(() => {
    filling = null;
  });
  return filling;
}

const held = () => [current, ...waiting].filter((item) => item && !item.past);
const ids = (items) => items.map((item) => item.item);

async function take() {
  const before = stale ? held() : [];
  const keep = stale ? [] : ids(held());
  stale = false;
  const since = Date.now();
  try {
    const answer = await call('POST', '/api/items', {
      page,
      count: Math.max(0, AHEAD - keep.length),
      have: [...keep, ...settling.keys()],
    });
    lease = { millis: answer.leaseSeconds * 1000, since };
    const given = new Map(answer.items.map((item) => [item.item, item]));
    drop([...answer.lost, ...ids(before).filter((id) => !given.has(id))]);
    renewed(given);
    $('#empty-about').textContent = elsewhere(answer);
    $('#again').hidden = answer.passed === 0;
    $('#again').textContent = t('label.again', { count: answer.passed });
    const known = new Set([...ids(held()), ...settling.keys()]);
    if (answer.undo) {
      $('#undo').disabled = false;
    }
    for (const item of answer.items) {
      if (!known.has(item.item)) {
        item.image_ = picture(item);
        waiting.push(item);
      }
    }
    if (!current && waiting.length > 0) {
      next();
    } else if (!current) {
      show(null);
    }
  } catch (problem) {
    stale ||= before.length > 0;
    toast(problem.message, 'bad');
  }
}

/** What is held, with the guesses of the model in use now. */
function renewed(given) {
  for (const item of held()) {
    const fresh = given.get(item.item);
    const another = fresh && (fresh.head !== item.head || JSON.stringify(fresh.top) !== JSON.stringify(item.top));
    Object.assign(item, fresh);
    if (another && item === current) {
      unseen('guesses');
      describe(item);
    }
  }
}

function next() {
  current = waiting.shift() ?? null;
  show(current);
  fill();
}

/** What is another's now is not shown any longer. */
function drop(lost) {
  for (let i = waiting.length - 1; i >= 0; i--) {
    if (lost.includes(waiting[i].item)) {
      waiting.splice(i, 1);
    }
  }
  if (current && lost.includes(current.item)) {
    toast(t('label.lost'));
    current = waiting.shift() ?? null;
    show(current);
  }
}

/** Why there is nothing to ask although there is something to label. */
function elsewhere({ others, passed }) {
  const parts = [];
  if (others > 0) {
    parts.push(t('label.others', { count: others }));
  }
  if (passed > 0) {
    parts.push(t('label.passed', { count: passed }));
  }
  return [...parts, t('label.empty-about')].join(' ');
}

/** Somebody is there: only then leases are renewed, and what is over is asked for at once. */
function act(event) {
  if (event.type === 'pointermove' && event.movementX === 0 && event.movementY === 0) {
    return;
  }
  acted = true;
  lastAct = Date.now();
  if (stale || Date.now() - lease.since > lease.millis) {
    lease.since = Date.now();
    fill();
  }
}

function renew() {
  if (acted) {
    acted = false;
    fill();
  }
  setTimeout(renew, Math.max(100, lease.millis * RENEW_SHARE));
}

/** A picture that is not kept any more is nobody's question. */
function gone(item) {
  if (item.past) {
    return;
  }
  const index = waiting.indexOf(item);
  if (index >= 0) {
    waiting.splice(index, 1);
  } else if (current === item) {
    next();
  }
  call('POST', '/api/passes', { item: item.item, unsure: true, missing: true }).catch(() => {});
}

// ---- what is shown --------------------------------------------------------------------------------------------------

function show(item) {
  const frame = $('#frame');
  $('#empty').hidden = item !== null;
  zoom.reset();
  unseen('picture');
  frame.querySelector('.picture')?.remove();
  for (const button of ['#skip', '#unsure', '#zoom', '#find']) {
    $(button).disabled = item === null;
  }
  $('#unsure').disabled ||= Boolean(item?.past);
  document.body.classList.toggle('idle', item === null);
  $('#reason').hidden = item === null;
  alike(item?.suspect);
  if (item === null) {
    $('#reason-about').textContent = '';
    $('#image-id').textContent = '';
    guesses([]);
    return;
  }
  frame.append(item.image_);
  describe(item);
  requestAnimationFrame(() => {
    if (show.since) {
      performance.measure('next-picture', { start: show.since, end: performance.now() });
      show.since = null;
    }
  });
}

function describe(item) {
  const best = item.top[0];
  item.image_.alt = best ? t('label.alt', { label: best.label, share: percent(best.confidence) }) : t('label.alt-none');
  if (item.past) {
    item.image_.alt = t('strip.alt', { label: item.label });
  }
  const reason = item.past ? t('strip.said', { label: item.label }) : t(`reason.${item.reason}`);
  $('#reason').textContent = reason;
  $('#reason').dataset.reason = item.past ? 'past' : item.reason;
  $('#reason-about').textContent = item.past ? t('strip.about') : about(item);
  $('#like-this').href = '/grid?like=' + encodeURIComponent(item.image);
  $('#image-id').textContent = item.image;
  $('#image-id').title = item.image;
  guesses(offered(item));
  $('#said').textContent = `${item.image_.alt} ${reason}.`;
}

/** The most alike pictures with what people said of them. */
function alike(suspect) {
  const shown = (suspect?.alike ?? []).map(({ image, label, picture }) =>
    el('li', {}, el('img', { src: picture, alt: '', title: image, loading: 'lazy' }), el('span', {}, label)),
  );
  $('#alike').replaceChildren(...shown);
  $('#alike').hidden = shown.length === 0;
}

/** What is guessed; what was said is always among it. */
function offered({ top, suspect }) {
  const first = top.slice(0, GUESSES);
  if (!suspect || first.some(({ label }) => label === suspect.label)) {
    return top;
  }
  const said = top.find(({ label }) => label === suspect.label) ?? { label: suspect.label, confidence: 0 };
  return [...first.slice(0, GUESSES - 1), said];
}

function about(item) {
  if (item.suspect) {
    return t('reason.suspect-about', { label: item.suspect.label });
  }
  if (item.reason === 'uncertain' && item.top.length > 1 && item.top[0].confidence < SURE) {
    return t('reason.uncertain-between', { first: item.top[0].label, second: item.top[1].label });
  }
  return t(`reason.${item.reason}-about`);
}

function guesses(top) {
  $('#no-guess').hidden = top.length > 0 || current === null || Boolean(current.past);
  $('#guesses').hidden = top.length === 0;
  numbers = numbered(top.slice(0, GUESSES).map(({ label }) => label));
  for (let i = 0; i < GUESSES; i++) {
    const button = $(`#guess-${i + 1}`);
    const guess = top[i];
    button.parentElement.hidden = !guess;
    button.dataset.label = guess?.label ?? '';
    if (guess) {
      $('.name', button).textContent = guess.label;
      $('.young', button).textContent = youth(guess.label);
      $('.share', button).textContent = percent(guess.confidence);
      $('kbd', button).textContent = numbers.get(guess.label) ?? '';
      button.setAttribute('aria-keyshortcuts', numbers.get(guess.label) ?? '');
      button.style.setProperty('--share', guess.confidence);
    }
  }
  others();
}

/** The labels that have a number and are not guessed. */
function others() {
  $('#others').replaceChildren(
    ...fixed()
      .filter(([, label]) => !numbers.has(label))
      .map(([digit, label]) =>
        el(
          'li',
          {},
          el(
            'button',
            { type: 'button', 'aria-keyshortcuts': digit, disabled: current === null, onclick: () => say(label) },
            el('kbd', { 'aria-hidden': 'true' }, digit),
            el('span', {}, label),
          ),
        )),
  );
}

/** How many of the examples a young label has that it takes to be trusted; nothing for others. */
function youth(label) {
  const examples = Object.hasOwn(young, label) ? young[label] : 0;
  return examples > 0 ? t('label.young', { examples, enough }) : '';
}

function buildGuesses() {
  for (let i = 1; i <= GUESSES; i++) {
    const button = el(
      'button',
      { type: 'button', id: `guess-${i}`, onclick: () => say(button.dataset.label) },
      el('kbd', { 'aria-hidden': 'true' }),
      el('span', { class: 'name' }),
      el('span', { class: 'young' }),
      el('span', { class: 'share' }),
    );
    $('#guesses').append(el('li', { hidden: true }, button));
  }
}

// ---- what is said ---------------------------------------------------------------------------------------------------

/** For a moment nothing that is said can be of the picture, or the guess, that is shown now. */
function unseen(what) {
  changed[what] = performance.now();
  document.body.classList.remove('seen');
  clearTimeout(unseen.timer);
  unseen.timer = setTimeout(() => document.body.classList.add('seen'), UNSEEN_MILLIS);
}

const isSeen = (...what) => what.every((each) => performance.now() - changed[each] >= UNSEEN_MILLIS);

/** Says what the picture is; what was typed cannot have been meant for the picture, or the guess, before. */
async function say(label, typed = false) {
  const item = current;
  const wanted = label.trim();
  if (!item || wanted === '' || !(typed || isSeen('picture', 'guesses'))) {
    return;
  }
  show.since = performance.now();
  fix(wanted, numbers.get(wanted));
  if (!known(wanted)) {
    labels.push(wanted);
    labels.sort((one, other) => one.localeCompare(other));
  }
  if (item.past) {
    await change(item, wanted);
    return;
  }
  try {
    await settle(item, call('POST', '/api/answers', { page, item: item.item, label: wanted }));
    given++;
    document.body.dataset.given = given;
    said(item, wanted);
  } catch (problem) {
    refused(item, problem);
  }
}

/** Shows a picture again that one has labelled; what was shown comes after it. */
function reopen(entry) {
  if (current && !current.past) {
    waiting.unshift(current);
  }
  current = { ...entry, past: true };
  current.image_ = picture(current);
  show(current);
}

async function change(item, label) {
  next();
  try {
    await call('POST', '/api/answers/change', { image: item.image, label });
    said(item, label);
    $('#undo').disabled = false;
    toast(t('strip.changed', { before: item.label, label }));
  } catch (problem) {
    toast(problem.message, 'bad');
  }
}

async function pass(unsure) {
  const item = current;
  if (!item || !isSeen('picture')) {
    return;
  }
  if (item.past) {
    next();
    return;
  }
  show.since = performance.now();
  try {
    await settle(item, call('POST', '/api/passes', { item: item.item, unsure }));
  } catch (problem) {
    refused(item, problem);
  }
}

/** Shows the next picture at once, while the answer is on its way. */
async function settle(item, answer) {
  settling.set(item.item, answer);
  next();
  try {
    await answer;
    $('#undo').disabled = false;
  } finally {
    settling.delete(item.item);
  }
}

/** Somebody else's now, or not stored: then it is shown again. */
function refused(item, problem) {
  toast(problem.message, 'bad');
  if (problem.status === 409 || problem.status === 401 || problem.status === 400) {
    return;
  }
  if (current) {
    waiting.unshift(current);
  }
  current = item;
  show(item);
}

/** Asks for all that one skipped or was not sure of. */
async function again() {
  try {
    await call('DELETE', '/api/passes');
    await filling;
    await fill();
  } catch (problem) {
    toast(problem.message, 'bad');
  }
}

async function undo() {
  if ($('#undo').disabled || undoing || (current && !isSeen('picture'))) {
    return;
  }
  undoing = true;
  try {
    // What is on its way is the last that was said.
    await Promise.allSettled(settling.values());
    const undone = await call('POST', '/api/undo', { page });
    given -= undone.action === 'label' ? 1 : 0;
    document.body.dataset.given = given;
    const done = t(`label.undone-${undone.action}`, { label: undone.label, count: undone.images });
    toast(undone.item || ['change', 'grid'].includes(undone.action) ? done : `${done} ${t('label.not-back')}`);
    if (undone.images === 1) {
      said({ ...undone.item, image: undone.image }, undone.said);
    } else {
      await openStrip(reopen);
    }
    if (undone.item) {
      undone.item.image_ = picture(undone.item);
      if (current && !current.past) {
        waiting.unshift(current);
      }
      current = undone.item;
      show(current);
    }
  } catch (problem) {
    if (problem.type === 'nothing-to-undo') {
      $('#undo').disabled = true;
    }
    toast(problem.message, 'bad');
  } finally {
    undoing = false;
  }
}

// ---- finding a label ------------------------------------------------------------------------------------------------

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** The label that a text is in another spelling, if it is one. */
const known = (text) => labels.find((label) => nameKey(label) === nameKey(text));

function matches(text) {
  const wanted = fold(text.trim());
  const exact = [known(text)].filter(Boolean);
  const starting = labels.filter((label) => !exact.includes(label) && fold(label).startsWith(wanted));
  const within = labels.filter((label) => !exact.includes(label) && !starting.includes(label) && fold(label).includes(wanted));
  return [...exact, ...starting, ...within].slice(0, MOST_FOUND);
}

/** Whether a label that is new is meant, as one letter too many makes one. */
function confirmation(label) {
  const near = meant(label, labels);
  const yes = { label, text: t('label.really', { label }), act: () => choose(label) };
  return near ? [{ label: near, text: t('label.meant', { label: near }), act: () => choose(near) }, yes] : [yes];
}

function find() {
  const field = $('#find');
  const text = field.value.trim();
  const options = text === '' ? [] : matches(text).map((label) => ({ label, text: label, act: () => choose(label) }));
  if (text !== '' && !known(text)) {
    const create = () => offer(confirmation(text));
    options.push({ label: text, text: t('label.new', { label: text }), act: create, fresh: true });
  }
  offer(options);
}

function offer(options) {
  const field = $('#find');
  $('#found').replaceChildren(
    ...options.map(({ label, text, act, fresh }, index) =>
      el(
        'li',
        {
          role: 'option',
          id: `found-${index}`,
          'aria-selected': 'false',
          onmousedown: (event) => event.preventDefault(),
          onclick: act,
        },
        text,
        el('span', { class: 'young' }, fresh ? '' : youth(label)),
      )),
  );
  [...$('#found').children].forEach((option, index) => {
    option.classList.toggle('fresh', Boolean(options[index].fresh));
  });
  $('#found').hidden = options.length === 0;
  field.setAttribute('aria-expanded', String(options.length > 0));
  mark(0);
}

function mark(index) {
  const options = [...$('#found').children];
  if (options.length === 0) {
    $('#find').removeAttribute('aria-activedescendant');
    return;
  }
  const at = (index + options.length) % options.length;
  options.forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
  $('#find').setAttribute('aria-activedescendant', options[at].id);
  options[at].scrollIntoView({ block: 'nearest' });
}

function choose(label) {
  closeFinder();
  say(label, true);
}

function closeFinder() {
  $('#find').value = '';
  find();
  $('#find').blur();
}

function finderKey(event) {
  const options = [...$('#found').children];
  const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  if (event.key === 'ArrowDown') {
    mark(at + 1);
  } else if (event.key === 'ArrowUp') {
    mark(at - 1);
  } else if (event.key === 'Enter' && at >= 0) {
    options[at].click();
  } else if (event.key === 'Escape') {
    closeFinder();
  } else {
    return;
  }
  event.preventDefault();
}

// ---- keys -----------------------------------------------------------------------------------------------------------

const KEYS = {
  s: () => pass(false),
  ' ': () => pass(false),
  n: () => pass(true),
  u: undo,
  z: () => current && zoom.turn(),
  '/': () => $('#find').focus(),
};

function key(event) {
  const typing = event.target.closest?.('input:not([type=checkbox]), select, textarea');
  const pressing = event.key === ' ' && event.target.closest?.('button, a, label, input, #frame.zoomed');
  if (typing || pressing || event.ctrlKey || event.metaKey || event.altKey || !$('#keys').checked) {
    return;
  }
  if (event.target.closest?.('dialog')) {
    return;
  }
  const action = KEYS[event.key.toLowerCase()] ?? guessKey(event.key);
  if (action) {
    event.preventDefault();
    if (!event.repeat) {
      action();
    }
  }
}

function guessKey(key) {
  const guessed = [...numbers].find(([, digit]) => digit === key)?.[0];
  const label = guessed ?? fixed().find(([digit]) => digit === key)?.[1];
  return label ? () => say(label) : null;
}

/** Asks which number is which label. */
function askNumbers() {
  const known = Object.fromEntries(fixed());
  $('#numbers-fields').replaceChildren(
    ...digits().map((digit) =>
      el(
        'label',
        {},
        el('kbd', { 'aria-hidden': 'true' }, digit),
        el('input', { name: digit, list: 'known', maxlength: 200, value: known[digit] ?? '', 'aria-label': t('numbers.of', { digit }), autocomplete: 'off' }),
      )),
  );
  $('#known').replaceChildren(...labels.map((label) => el('option', { value: label })));
  $('#numbers').showModal();
}

function setNumbers() {
  const fields = [...$('#numbers-fields').querySelectorAll('input')];
  store(Object.fromEntries(fields.map((field) => [field.name, field.value.trim()])));
  guesses(current?.top ?? []);
}

/** A held Enter presses a button again and again. */
function heldEnter(event) {
  if (event.repeat && event.key === 'Enter' && event.target.closest?.('button')) {
    event.preventDefault();
  }
}

// ---- all together ---------------------------------------------------------------------------------------------------

async function loadLabels() {
  ({ labels, young, enough } = await call('GET', '/api/labels'));
  guesses(current?.top ?? []);
}

await openPage();
buildGuesses();
zoom = new Zoom($('#frame'), (on) => $('#zoom').setAttribute('aria-pressed', String(on)));
$('#keys').checked = localStorage.getItem('afina.keys') !== 'off';
document.body.classList.toggle('no-keys', !$('#keys').checked);
$('#keys').addEventListener('change', (event) => {
  localStorage.setItem('afina.keys', event.target.checked ? 'on' : 'off');
  document.body.classList.toggle('no-keys', !event.target.checked);
});
$('#skip').addEventListener('click', () => pass(false));
$('#unsure').addEventListener('click', () => pass(true));
$('#undo').addEventListener('click', undo);
$('#rebind').addEventListener('click', askNumbers);
$('#numbers').addEventListener('close', (event) => event.target.returnValue === 'set' && setNumbers());
$('#again').addEventListener('click', again);
$('#zoom').addEventListener('click', KEYS.z);
$('#frame').addEventListener('dblclick', KEYS.z);
$('#find').addEventListener('input', find);
$('#find').addEventListener('keydown', finderKey);
$('#find').addEventListener('blur', () => {
  $('#found').hidden = true;
  $('#find').setAttribute('aria-expanded', 'false');
});
document.addEventListener('keydown', heldEnter);
document.addEventListener('keydown', key);
for (const kind of ACTS) {
  document.addEventListener(kind, act, { capture: true, passive: true });
}
let seen = null;
followBoard((state) => {
  const now = `${state.champion?.version} ${state.labels}`;
  if (now !== seen) {
    stale = seen !== null && held().length > 0;
    seen = now;
    if (stale && Date.now() - lastAct < lease.millis) {
      fill();
    }
    loadLabels().catch(() => {});
  }
  if (!current && state.queue.open > state.queue.leased) {
    fill();
  }
});
await loadLabels();
renew();
openStrip(reopen).catch((problem) => toast(problem.message, 'bad'));
