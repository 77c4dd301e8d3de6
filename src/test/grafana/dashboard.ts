// The dashboards of monitoring/ in Grafana's own types: a panel by its kind, with that kind's options, over Prometheus' queries
// (the types of which are the plugin's and not published).
import type { Dashboard, DataQuery, Panel, AnnotationQuery, GraphFieldConfig } from '@grafana/schema';
import type { Options as BarGauge } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen.d.ts';
import type { Options as Stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type { Options as TimeSeries } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';

interface PrometheusQuery extends DataQuery {
  expr: string;
  legendFormat?: string;
  instant?: boolean;
  range?: boolean;
  interval?: string;
}

interface Swaps extends AnnotationQuery<PrometheusQuery> {
  target: PrometheusQuery;
  titleFormat?: string;
}

type Drawn<Kind extends string, Options, Custom> = Omit<Panel, 'type' | 'options' | 'targets' | 'fieldConfig'> & {
  type: Kind;
  id: number;
  title: string;
  description: string;
  options: Partial<Options>;
  targets: PrometheusQuery[];
  fieldConfig: Omit<NonNullable<Panel['fieldConfig']>, 'defaults'> & {
    defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { custom?: Custom; unit: string };
  };
};

export type AfinaDashboard = Omit<Dashboard, 'panels' | 'annotations'> & {
  uid: string;
  title: string;
  annotations: { list: Swaps[] };
  panels: Array<
    | Drawn<'stat', Stat, {}>
    | Drawn<'bargauge', BarGauge, {}>
    | Drawn<'timeseries', TimeSeries, GraphFieldConfig>
  >;
};
