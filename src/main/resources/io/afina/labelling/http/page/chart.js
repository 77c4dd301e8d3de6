// Accuracy over versions, drawn by Apache ECharts on a canvas. The library comes only when a chart does.

import { percent, t } from '/page/text.js';

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

/** The best that is known of a head: on the holdout, else of its own examples. */
export function accuracyOf(card) {
  const measured = card.measures?.accuracy ?? card.measures?.holdoutAccuracy;
  return measured === undefined || measured === null
    ? { value: card.training.accuracy, measured: false }
    : { value: measured, measured: true };
}

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
    this.element.hidden = points.length === 0;
    if (points.length === 0) {
      return;
    }
    const first = points[0].card;
    const last = points[points.length - 1].card;
    this.element.setAttribute('role', 'img');
    this.element.setAttribute(
      'aria-label',
      t('chart.summary', {
        first: first.version,
        last: last.version,
        from: percent(accuracyOf(first).value),
        to: percent(accuracyOf(last).value),
      }),
    );
    this.chart ??= (await echarts()).init(this.element, null, { renderer: 'canvas' });
    this.draw();
  }

  draw() {
    if (!this.chart) {
      return;
    }
    const [accent, ink, line, live] = ['--accent', '--ink-2', '--line', '--amber'].map(resolved);
    const versions = this.points.map((point) => String(point.card.version));
    const shares = this.points.flatMap(({ card, live: seen }) =>
      [accuracyOf(card).value, ...(seen?.total > 0 ? [seen.right / seen.total] : [])]);
    const floor = [0.9, 0.8, 0.5].find((value) => Math.min(...shares) >= value) ?? 0;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.chart.setOption({
      animation: !still,
      animationDuration: 300,
      textStyle: { fontFamily: 'inherit', color: ink },
      grid: { left: 38, right: 12, top: 14, bottom: this.compact ? 22 : 48 },
      legend: this.compact ? undefined : { bottom: 0, textStyle: { color: ink }, itemHeight: 8 },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        valueFormatter: (value) => (value === null || value === undefined ? '–' : percent(value, 1)),
      },
      xAxis: {
        type: 'category',
        data: versions,
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false },
        axisLabel: { color: ink, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        max: 1,
        min: floor,
        interval: (1 - floor) / 2,
        splitLine: { lineStyle: { color: line } },
        axisLabel: { color: ink, formatter: (value) => percent(value) },
      },
      series: [
        {
          name: t('chart.head'),
          type: 'line',
          smooth: 0.2,
          symbolSize: this.compact ? 4 : 7,
          showSymbol: versions.length < 30,
          lineStyle: { width: 2.5, color: accent },
          itemStyle: { color: accent },
          areaStyle: { color: accent, opacity: 0.09 },
          data: this.points.map((point) => accuracyOf(point.card).value),
        },
        {
          name: t('chart.live'),
          type: 'scatter',
          symbolSize: (value, info) => {
            const total = this.points[info.dataIndex]?.live?.total ?? 0;
            return Math.min(14, 4 + Math.sqrt(total));
          },
          itemStyle: { color: live, opacity: 0.85 },
          data: this.points.map((point) =>
            point.live && point.live.total > 0 ? point.live.right / point.live.total : null),
        },
      ],
    });
  }
}
