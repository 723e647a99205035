// Writes config/elasticsearch/kibana-dashboard.ndjson: what Kibana needs to look at findings, one saved object a line.
// In: nothing; out: a data view, a saved search and a dashboard. Invariant: no panel splits by subject, host or path, so
// that the dashboard shows counts; single findings, under pseudonyms, are in the saved search alone.
// Example: `node scripts/kibana-dashboard.ts`; test/deploy/kibana-dashboard.test.ts sees that the file is current.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A reference from one saved object to another. */
export interface Reference {
  type: string;
  id: string;
  name: string;
}

/** One line of an export of Kibana. */
export interface SavedObject {
  type: 'index-pattern' | 'search' | 'dashboard';
  id: string;
  attributes: Record<string, unknown>;
  references: Reference[];
  coreMigrationVersion: string;
  typeMigrationVersion: string;
  managed: boolean;
}

// Patterns that fit the aliases of the classes alone, not the months behind them: aliases leave out what is on a site that is
// protected by now (§6.2). And patterns, not names: whoever may not read a class is given the others, not a refusal.
const ALIASES = 'granska-findings-*questionable,granska-findings-*forbidden';
const DATA_VIEW = { id: 'granska-findings', title: ALIASES, timeField: 'event.start' };
const SEARCH_ID = 'granska-findings-list';
const DASHBOARD_ID = 'granska-overview';
/** What Kibana 8.9 writes; every later one of 8 and 9 takes it and brings it up to date. */
const PANEL_VERSION = '8.9.0';
const LAYER = 'findings';
const NO_QUERY = { query: '', language: 'kuery' };

const NOTE = `**To examine** means that a person has to look; it says nothing of guilt. **Exempt** visits are covered by
a decision. An **attempt** was stopped by the proxy and has no verdict. Subjects are pseudonyms. Addresses are shown as
they were: do not open them.`;

/** Gives the objects of the file, those that are referred to first. */
export function kibanaObjects(): SavedObject[] {
  return [dataView(), savedSearch(), dashboard()];
}

/** Gives the text of the file. */
export function kibanaNdjson(): string {
  return kibanaObjects()
    .map(object => `${JSON.stringify(object)}\n`)
    .join('');
}

function dataView(): SavedObject {
  const { id, title, timeField } = DATA_VIEW;
  return {
    ...stamped('index-pattern', '8.0.0'),
    id,
    attributes: { title, name: 'Granska findings', timeFieldName: timeField, allowHidden: false },
    references: [],
  };
}

function savedSearch(): SavedObject {
  const indexRefName = 'kibanaSavedObjectMeta.searchSourceJSON.index';
  return {
    ...stamped('search', '8.0.0'),
    id: SEARCH_ID,
    attributes: {
      title: 'Granska: findings',
      description: 'Single findings, newest first, under pseudonyms',
      columns: [
        'granska.category',
        'granska.class',
        'granska.verdict',
        'event.type',
        'granska.department',
        'granska.subject.id',
        'url.domain',
        'rule.ruleset',
        'granska.exemptions',
      ],
      sort: [[DATA_VIEW.timeField, 'desc']],
      grid: {},
      hideChart: false,
      isTextBasedQuery: false,
      timeRestore: false,
      kibanaSavedObjectMeta: { searchSourceJSON: json({ query: NO_QUERY, filter: [], indexRefName }) },
    },
    references: [{ type: 'index-pattern', id: DATA_VIEW.id, name: indexRefName }],
  };
}

function dashboard(): SavedObject {
  const verdicts = filters([
    ['to examine', 'granska.verdict : "examine"'],
    ['exempt', 'granska.verdict : "exempt"'],
    ['attempt', 'event.type : "denied"'],
  ]);
  const panels: Panel[] = [
    note(NOTE, { x: 0, y: 0, w: 48, h: 4 }),
    lens('Findings per day, by class', chart('bar_stacked', perDay(), terms('granska.class', 2)), {
      ...{ x: 0, y: 4, w: 32, h: 12 },
    }),
    lens('Verdicts', donut(verdicts), { x: 32, y: 4, w: 16, h: 12 }),
    lens('Categories', chart('bar_horizontal_stacked', terms('granska.category', 15), verdicts), {
      ...{ x: 0, y: 16, w: 24, h: 16 },
    }),
    lens('Departments', chart('bar_horizontal_stacked', terms('granska.department', 20), verdicts), {
      ...{ x: 24, y: 16, w: 24, h: 16 },
    }),
    lens(
      'Attempts per day, by category',
      { ...chart('bar_stacked', perDay(), terms('granska.category', 10)), query: 'event.type : "denied"' },
      { x: 0, y: 32, w: 48, h: 10 },
    ),
    bySearch('Findings', { x: 0, y: 42, w: 48, h: 20 }),
  ];
  return {
    ...stamped('dashboard', PANEL_VERSION),
    id: DASHBOARD_ID,
    attributes: {
      title: 'Granska: overview',
      description: 'Findings by day, class, verdict, category and department',
      panelsJSON: json(panels.map(({ panel }, place) => panel(indexOf(place)))),
      optionsJSON: json({ useMargins: true, syncColors: false, syncCursor: true, hidePanelTitles: false }),
      kibanaSavedObjectMeta: { searchSourceJSON: json({ query: NO_QUERY, filter: [] }) },
      timeRestore: true,
      timeFrom: 'now-30d/d',
      timeTo: 'now',
      version: 1,
    },
    references: panels.flatMap(({ references }, place) =>
      references(indexOf(place)).map(reference => ({
        ...reference,
        name: `${indexOf(place)}:${reference.name}`,
      })),
    ),
  };
}

function stamped(type: SavedObject['type'], typeMigrationVersion: string) {
  return { type, coreMigrationVersion: '8.8.0', typeMigrationVersion, managed: false };
}

interface Grid {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A panel and what it refers to, both told the panel's own index. */
interface Panel {
  panel(index: string): object;
  references(index: string): Reference[];
}

/** One column of a Lens layer. */
interface Column {
  id: string;
  column: Record<string, unknown>;
}

interface Chart {
  visualizationType: 'lnsXY' | 'lnsPie';
  visualization: object;
  columns: Column[];
  query: string;
}

function indexOf(place: number): string {
  return `panel-${place + 1}`;
}

function lens(title: string, { visualizationType, visualization, columns, query }: Chart, grid: Grid): Panel {
  const references = [
    { type: 'index-pattern', id: DATA_VIEW.id, name: `indexpattern-datasource-layer-${LAYER}` },
  ];
  const layer = {
    columns: Object.fromEntries(columns.map(({ id, column }) => [id, column])),
    columnOrder: columns.map(({ id }) => id),
    incompleteColumns: {},
  };
  const state = {
    visualization,
    query: { query, language: 'kuery' },
    filters: [],
    datasourceStates: { formBased: { layers: { [LAYER]: layer } } },
    internalReferences: [],
    adHocDataViews: {},
  };
  const attributes = { title, visualizationType, type: 'lens', references, state };
  return {
    panel: index => ({ ...framed('lens', index, grid), title, embeddableConfig: { attributes } }),
    references: () => references,
  };
}

function note(markdown: string, grid: Grid): Panel {
  const params = { markdown: markdown.replaceAll('\n', ' '), fontSize: 12, openLinksInNewTab: false };
  const savedVis = { title: '', type: 'markdown', params, uiState: {}, data: { aggs: [], searchSource: {} } };
  return {
    panel: index => ({ ...framed('visualization', index, grid), title: '', embeddableConfig: { savedVis } }),
    references: () => [],
  };
}

function bySearch(title: string, grid: Grid): Panel {
  return {
    panel: index => ({
      ...framed('search', index, grid),
      title,
      panelRefName: `panel_${index}`,
      embeddableConfig: {},
    }),
    references: index => [{ type: 'search', id: SEARCH_ID, name: `panel_${index}` }],
  };
}

function framed(type: string, index: string, grid: Grid) {
  return { type, panelIndex: index, gridData: { ...grid, i: index }, version: PANEL_VERSION };
}

/** Bars along one column, split by another. */
function chart(seriesType: string, along: Column, split: Column): Chart {
  const layer = { layerId: LAYER, layerType: 'data', seriesType };
  const layers = [{ ...layer, xAccessor: along.id, splitAccessor: split.id, accessors: [count().id] }];
  return {
    visualizationType: 'lnsXY',
    visualization: {
      preferredSeriesType: seriesType,
      layers,
      legend: { isVisible: true, position: 'right' },
      valueLabels: 'hide',
    },
    columns: [along, split, count()],
    query: '',
  };
}

function donut(split: Column): Chart {
  const display = { numberDisplay: 'value', categoryDisplay: 'default', legendDisplay: 'show' };
  const layer = { layerId: LAYER, layerType: 'data', primaryGroups: [split.id], metrics: [count().id] };
  return {
    visualizationType: 'lnsPie',
    visualization: { shape: 'donut', layers: [{ ...layer, ...display, nestedLegend: false }] },
    columns: [split, count()],
    query: '',
  };
}

function count(): Column {
  const column = { label: 'Findings', customLabel: true, dataType: 'number', operationType: 'count' };
  return {
    id: 'count',
    column: {
      ...column,
      isBucketed: false,
      scale: 'ratio',
      sourceField: '___records___',
      params: { emptyAsNull: true },
    },
  };
}

function perDay(): Column {
  const params = { interval: 'd', includeEmptyRows: true, dropPartials: false };
  const column = { label: 'Day', customLabel: true, dataType: 'date', operationType: 'date_histogram' };
  return {
    id: 'day',
    column: { ...column, isBucketed: true, scale: 'interval', sourceField: DATA_VIEW.timeField, params },
  };
}

function terms(field: string, size: number): Column {
  const order = { orderBy: { type: 'column', columnId: count().id }, orderDirection: 'desc' };
  const params = { size, ...order, otherBucket: true, missingBucket: false, parentFormat: { id: 'terms' } };
  const column = { label: field, dataType: 'string', operationType: 'terms', isBucketed: true };
  return {
    id: `by-${field.replaceAll('.', '-')}`,
    column: { ...column, scale: 'ordinal', sourceField: field, params },
  };
}

function filters(named: readonly (readonly [string, string])[]): Column {
  const params = { filters: named.map(([label, query]) => ({ label, input: { query, language: 'kuery' } })) };
  const column = { label: 'Verdict', customLabel: true, dataType: 'string', operationType: 'filters' };
  return { id: 'verdict', column: { ...column, isBucketed: true, scale: 'ordinal', params } };
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '..', 'config', 'elasticsearch', 'kibana-dashboard.ndjson');
  writeFileSync(file, kibanaNdjson());
}
