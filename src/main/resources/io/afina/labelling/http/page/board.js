// The side panel: what the server sends of itself, as it happens.

import { VersionChart } from '/page/chart.js';
import { $ } from '/page/dom.js';
import { number, percent, t, when } from '/page/text.js';

export function followBoard(onBoard) {
  const board = new BoardView();
  const events = new EventSource('/api/events');
  events.addEventListener('board', (event) => {
    const state = JSON.parse(event.data);
    board.show(state);
    onBoard(state);
  });
  events.addEventListener('open', () => $('#connection').classList.remove('lost'));
  events.addEventListener('error', () => $('#connection').classList.add('lost'));
}

class BoardView {
  constructor() {
    this.version = undefined;
    this.chart = new VersionChart($('#chart'), true);
  }

  show(state) {
    this.champion(state);
    this.accuracy(state.accuracy);
    $('#today').textContent = number(state.today);
    $('#mine').textContent = t('board.mine', { count: state.mine });
    $('#seconds').textContent = state.learnSeconds === null ? '–' : t('seconds', { n: number(state.learnSeconds, 1) });
    $('#unlearned').textContent = t('board.unlearned', { count: state.unlearned });
    $('#open').textContent = t('board.open', { count: state.queue.open });
    this.chart.show(state.versions).catch(() => {});
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
      : t('board.no-champion');
    $('#untrained').textContent = state.untrained ? t('board.untrained', { why: state.untrained }) : '';
    $('#champion').title = state.champion ? when(state.champion.since) : '';
    if (this.version !== undefined && this.version !== version && version !== null) {
      flash($('#champion'));
      $('#news').textContent = t('board.swapped', { version });
    }
    this.version = version;
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
}

function flash(element) {
  element.classList.remove('flash');
  void element.offsetWidth;
  element.classList.add('flash');
}
