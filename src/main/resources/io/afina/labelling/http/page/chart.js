// How models that were in use did, by the examples that they learned: with intervals, and a break where the method
// changes. Drawn by Apache ECharts on a canvas; the library comes only when a chart does.

import { percent, number, t } from '/page/text.js';

const LIVE_LEAST = 5;
let library;

function echarts() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/page/echarts.js';
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error('no charts'));
    document.head.append(script);
  });
  return library;
}

const shareOf = (interval) => interval.right / interval.total;

const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** A colour as the canvas needs it: light-dark() resolved. */
function resolved(name) {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value || colour(name);
}

/** Points of one method after the other: those of another are not comparable, so no line joins them. */
export function pieces(points) {
  const all = [];
  for (const point of points.filter(({ measured }) => measured)) {
    const last = all.at(-1);
    if (last?.method === point.measured.method) {
      last.points.push(point);
    } else {
      all.push({ method: point.measured.method, points: [point] });
    }
  }
  return all;
}

export class VersionChart {
  constructor(element, compact) {
    this.element = element;
    this.compact = compact;
    this.points = [];
    new ResizeObserver(() => this.chart?.resize()).observe(element);
    document.addEventListener('afina-theme', () => this.draw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
  }

  async show(points) {
    this.points = points;
    const measured = points.filter((point) => point.measured);
    this.element.hidden = measured.length === 0;
    this.note(points, measured);
    if (measured.length === 0) {
      return;
    }
    const [first, last] = [measured[0], measured.at(-1)];
    this.element.setAttribute('role', 'img');
    this.element.setAttribute(
      'aria-label',
      t('chart.summary', {
        first: first.version,
        last: last.version,
        from: percent(shareOf(first.measured.share)),
        to: percent(shareOf(last.measured.share)),
      }),
    );
    this.chart ??= (await echarts()).init(this.element, null, { renderer: 'canvas' });
    this.draw();
  }

  /** What a model in use turned out to be right in, as people label. */
  live(version, interval) {
    const point = this.points.find((each) => each.version === version);
    if (point && JSON.stringify(point.live) !== JSON.stringify(interval)) {
      point.live = interval;
      this.draw();
    }
  }

  /** What the chart does not show, in words. */
  note(points, measured) {
    const note = this.element.parentElement.querySelector('.chart-note');
    if (!note) {
      return;
    }
    const parts = [];
    if (points.length > measured.length) {
      parts.push(t('chart.unmeasured', { count: points.length - measured.length }));
    }
    if (pieces(points).length > 1) {
      parts.push(t('chart.break'));
    }
    note.textContent = parts.join(' ');
  }

  draw() {
    if (!this.chart) {
      return;
    }
    const [accent, ink, line, live] = ['--accent', '--ink-2', '--line', '--amber'].map(resolved);
    const seen = this.points.filter((point) => point.live && point.live.total >= LIVE_LEAST);
    const lows = [
      ...this.points.filter(({ measured }) => measured).map(({ measured }) => measured.share.low),
      ...seen.map((point) => shareOf(point.live)),
    ];
    const floor = [0.9, 0.8, 0.5].find((value) => Math.min(...lows) >= value) ?? 0;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.chart.setOption(
      {
        animation: !still,
        animationDuration: 300,
        textStyle: { fontFamily: 'inherit', color: ink },
        grid: { left: 38, right: 14, top: 14, bottom: this.compact ? 34 : 64 },
        legend: this.compact ? undefined : { bottom: 0, textStyle: { color: ink }, itemHeight: 8 },
        tooltip: { trigger: 'item', renderMode: 'richText', formatter: ({ data }) => this.about(data) },
        xAxis: {
          type: 'value',
          scale: true,
          minInterval: 1,
          name: t('chart.examples'),
          nameLocation: 'middle',
          nameGap: 20,
          axisLine: { lineStyle: { color: line } },
          axisTick: { show: false },
          splitLine: { show: false },
          splitNumber: this.compact ? 3 : 6,
          axisLabel: { color: ink, hideOverlap: true, formatter: (value) => number(value) },
        },
        yAxis: {
          type: 'value',
          max: 1,
          min: floor,
          interval: (1 - floor) / 2,
          splitLine: { lineStyle: { color: line } },
          axisLabel: { color: ink, formatter: (value) => percent(value) },
        },
        series: [...this.lines(accent), ...this.dots(seen, live)],
      },
      { notMerge: true },
    );
  }

  about(data) {
    const point = this.points.find(({ version }) => version === data?.[2]);
    if (!point) {
      return '';
    }
    const interval = (each) => t('chart.of', { share: percent(shareOf(each), 1), low: percent(each.low), high: percent(each.high), count: each.total });
    const lines = [`v${point.version}, ${t('examples', { count: point.examples })}`];
    if (point.measured) {
      lines.push(`${t(`method.${point.measured.method}`)}: ${interval(point.measured.share)}`);
    }
    if (point.live?.total > 0) {
      lines.push(`${t('chart.live')}: ${interval(point.live)}`);
    }
    return lines.join('\n');
  }

  /** A line a method, with a bar from the lower to the upper end of each interval. */
  lines(accent) {
    return pieces(this.points).flatMap(({ method, points }) => {
      const data = points.map(({ examples, version, measured: { share } }) => [examples, shareOf(share), version]);
      const bars = points.flatMap(({ examples, measured: { share } }) => [[examples, share.low], [examples, share.high], ['-', '-']]);
      const name = t(`method.${method}`);
      const type = method === 'cross-validation' ? 'dashed' : 'solid';
      return [
        {
          name,
          type: 'line',
          symbolSize: this.compact ? 4 : 7,
          showSymbol: data.length < 30,
          lineStyle: { width: 2.5, color: accent, type },
          itemStyle: { color: accent },
          data,
        },
        {
          name,
          type: 'line',
          silent: true,
          showSymbol: false,
          lineStyle: { width: 1.5, color: accent, opacity: 0.4, type: 'solid' },
          itemStyle: { color: accent },
          data: bars,
        },
      ];
    });
  }

  dots(seen, live) {
    return [
      {
        name: t('chart.live'),
        type: 'scatter',
        symbolSize: (value, { dataIndex }) => Math.min(14, 4 + Math.sqrt(seen[dataIndex]?.live.total ?? 0)),
        itemStyle: { color: live, opacity: 0.85 },
        data: seen.map((point) => [point.examples, shareOf(point.live), point.version]),
      },
    ];
  }
}
