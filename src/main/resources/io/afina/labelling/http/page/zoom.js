// A picture that is looked at closely: wheel, two fingers, a drag, arrow keys, or a key that turns it on and off.

import { t } from '/page/text.js';

const MOST = 8;
const ONCE = 2.5;
const A_STEP = 0.1;
const WHEEL = 0.0015;

export class Zoom {
  constructor(frame, onTurn) {
    this.frame = frame;
    this.onTurn = onTurn;
    this.fingers = new Map();
    this.reset();
    frame.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.down(event));
    frame.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) {
      frame.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    }
    frame.addEventListener('keydown', (event) => this.key(event));
  }

  reset() {
    this.place = { scale: 1, x: 0, y: 0 };
    this.fingers.clear();
    this.show();
  }

  turn() {
    if (this.place.scale > 1) {
      this.reset();
    } else {
      this.to(ONCE, 0, 0);
      this.frame.focus({ preventScroll: true });
    }
  }

  /** Zooms so that what is at a point, seen from the middle of the frame, stays there. */
  to(wanted, x, y) {
    const { scale, x: left, y: top } = this.place;
    const next = Math.min(MOST, Math.max(1, wanted));
    this.place = { scale: next, x: x - ((x - left) * next) / scale, y: y - ((y - top) * next) / scale };
    this.show();
  }

  by(x, y) {
    this.place = { ...this.place, x: this.place.x + x, y: this.place.y + y };
    this.show();
  }

  show() {
    const { frame, place } = this;
    const most = (size) => ((place.scale - 1) * size) / 2;
    place.x = Math.min(most(frame.clientWidth), Math.max(-most(frame.clientWidth), place.x));
    place.y = Math.min(most(frame.clientHeight), Math.max(-most(frame.clientHeight), place.y));
    frame.style.setProperty('--zoom', place.scale);
    frame.style.setProperty('--x', `${place.x}px`);
    frame.style.setProperty('--y', `${place.y}px`);
    const on = place.scale > 1;
    if (on !== frame.classList.contains('zoomed')) {
      frame.classList.toggle('zoomed', on);
      const names = { tabindex: '0', role: 'group', 'aria-label': t('label.zoomed') };
      Object.entries(names).forEach(([name, value]) => (on ? frame.setAttribute(name, value) : frame.removeAttribute(name)));
    }
    this.onTurn(on);
  }

  seen({ clientX, clientY }) {
    const box = this.frame.getBoundingClientRect();
    return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  }

  wheel(event) {
    if (this.frame.querySelector('.picture')) {
      event.preventDefault();
      this.to(this.place.scale * Math.exp(-event.deltaY * WHEEL), ...this.seen(event));
    }
  }

  down(event) {
    this.fingers.set(event.pointerId, this.seen(event));
    if (this.place.scale > 1) {
      this.frame.setPointerCapture(event.pointerId);
    }
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) {
      return;
    }
    const now = this.seen(event);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other) {
      const apart = ([x, y]) => Math.hypot(x - other[0], y - other[1]);
      this.to((this.place.scale * apart(now)) / Math.max(1, apart(before)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else if (this.place.scale > 1) {
      this.by(now[0] - before[0], now[1] - before[1]);
    }
  }

  key(event) {
    const ways = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = ways[event.key];
    if (way && this.place.scale > 1) {
      event.preventDefault();
      this.by(way[0] * A_STEP * this.frame.clientWidth, way[1] * A_STEP * this.frame.clientHeight);
    }
  }
}
