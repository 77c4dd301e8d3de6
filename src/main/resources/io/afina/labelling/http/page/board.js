// The side panel: what the server sends of itself, as it happens.

import { call } from '/page/api.js';
import { VersionChart } from '/page/chart.js';
import { $ } from '/page/dom.js';
import { number, percent, t, when } from '/page/text.js';

const AGAIN_MILLIS = 3000;

/** Calls with all that is known after every event, which has what is different only. */
export function followEvents(onState) {
  let state = {};
  const open = () => {
    const events = new EventSource('/api/events');
    events.addEventListener('board', (event) => {
      state = { ...state, ...JSON.parse(event.data) };
      onState(state);
    });
    events.addEventListener('open', () => ($('#lost').hidden = true));
    events.addEventListener('error', () => {
      $('#lost').hidden = false;
      if (events.readyState === EventSource.CLOSED) {
        // A browser gives up where it was refused: a server that starts, or a login that is over.
        setTimeout(() => call('GET', '/api/labels').then(open, open), AGAIN_MILLIS);
      }
    });
  };
  open();
}

export function followBoard(onBoard) {
  const board = new BoardView();
  followEvents((state) => {
    board.show(state);
    onBoard(state);
  });
}

class BoardView {
  constructor() {
    this.version = undefined;
    this.chart = new VersionChart($('#chart'), true);
  }

  show(state) {
    this.champion(state);
    this.accuracy(state.accuracy);
    this.decided(state.decided);
    $('#today').textContent = number(state.today);
    this.mine(state);
    $('#seconds').textContent = state.learnSeconds === null ? '–' : t('seconds', { n: number(state.learnSeconds, 1) });
    $('#unlearned').textContent = t('board.unlearned', { count: state.unlearned });
    $('#open').textContent = t(state.queue.open === 0 ? 'board.open.zero' : 'board.open', { count: state.queue.open });
  }

  mine({ mine, goal }) {
    $('#mine').textContent = t(goal > 0 ? 'board.mine-of' : 'board.mine', { count: mine, goal: number(goal) });
    $('#goal').hidden = goal === 0;
    $('#goal').max = Math.max(1, goal);
    $('#goal').value = Math.min(mine, goal);
  }

  champion(state) {
    const version = state.champion?.version ?? null;
    $('#version').textContent = version === null ? '–' : `v${version}`;
    $('#version').dataset.version = version ?? '';
    $('#champion-about').textContent = state.champion
      ? t('board.champion-about', {
          labels: t('labels', { count: state.champion.labels }),
          examples: t('examples', { count: state.champion.examples }),
        })
      : [t('board.no-champion'), lacking(state.lacking)].filter((text) => text !== '').join('. ');
    $('#untrained').textContent = state.untrained ? t('board.untrained', { why: state.untrained }) : '';
    $('#champion').title = state.champion ? when(state.champion.since) : '';
    if (this.version !== undefined && this.version !== version && version !== null) {
      flash($('#champion'));
      $('#news').textContent = t('board.swapped', { version });
    }
    if (this.version !== version) {
      call('GET', `/api/models/chart?after=${this.chart.points.at(-1)?.version ?? 0}`)
        .then(({ points }) => {
          const last = this.chart.points.at(-1)?.version ?? 0;
          return this.chart.show([...this.chart.points, ...points.filter((point) => point.version > last)]);
        })
        .catch(() => {});
    }
    this.version = version;
    if (state.live) {
      this.chart.live(version, state.live);
    }
  }

  accuracy({ audit, share }) {
    const known = share.total > 0;
    $('#accuracy').textContent = known ? percent(share.right / share.total, 1) : '–';
    $('#accuracy-about').textContent = known
      ? t(audit ? 'board.accuracy-audit' : 'board.accuracy-all', {
          low: percent(share.low),
          high: percent(share.high),
          count: share.total,
        })
      : t('board.no-accuracy');
    const range = $('#interval');
    range.hidden = !known;
    range.style.setProperty('--low', share.low);
    range.style.setProperty('--high', share.high);
    range.style.setProperty('--at', known ? share.right / share.total : 0);
  }

  decided({ precision, automation }) {
    const used = { share: percent(automation.right / automation.total), count: automation.total };
    const right = { right: percent(precision.right / precision.total, 1), low: percent(precision.low), high: percent(precision.high) };
    $('#decided').textContent =
      automation.total === 0 ? '' : t(precision.total === 0 ? 'board.deferred' : 'board.decided', { ...used, ...right });
  }
}

/** What must be labelled before there can be a model. */
function lacking(all) {
  if (all.length === 0) {
    return '';
  }
  const others = all.filter(({ label }) => label === null);
  const parts = all
    .filter(({ label }) => label !== null)
    .map(({ label, images }) => t('board.lacking-label', { count: images, label }));
  if (others.length > 0) {
    const key = others.length === 1 ? 'board.lacking-other' : 'board.lacking-others';
    parts.push(t(key, { count: others[0].images, labels: others.length }));
  }
  return t('board.lacking', { labels: parts.join(', ') });
}

function flash(element) {
  element.classList.remove('flash');
  void element.offsetWidth;
  element.classList.add('flash');
}
