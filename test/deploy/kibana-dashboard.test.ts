// What Kibana is given fits together, and shows fields that findings have. No running Kibana is asked here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { kibanaNdjson, type Reference, type SavedObject } from '../../scripts/kibana-dashboard.ts';
import { createIndexNames } from '../../src/adapters/store/elasticsearch/index-names.ts';
import { ECS_PROPERTIES, GRANSKA_PROPERTIES } from '../../src/adapters/store/elasticsearch/mappings.ts';
import type { CategoryClass } from '../../src/model/verdict.ts';
import { aFinding } from '../finding/arbitrary.ts';

const FILE = join(import.meta.dirname, '..', '..', 'config', 'elasticsearch', 'kibana-dashboard.ndjson');
const TEXT = readFileSync(FILE, 'utf8');
const OBJECTS = TEXT.trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as SavedObject);
const FIELDS = fieldsOf({ ...ECS_PROPERTIES, ...GRANSKA_PROPERTIES });

interface Panel {
  type: string;
  panelIndex: string;
  panelRefName?: string;
  gridData: { x: number; y: number; w: number; h: number; i: string };
  embeddableConfig: { attributes?: LensAttributes };
}

interface LensAttributes {
  references: Reference[];
  state: {
    query: { query: string };
    visualization: object;
    datasourceStates: {
      formBased: { layers: Record<string, { columns: Record<string, LensColumn>; columnOrder: string[] }> };
    };
  };
}

interface LensColumn {
  sourceField?: string;
  params?: { orderBy?: { columnId: string }; filters?: { input: { query: string } }[] };
}

describe('the dashboard for Kibana', () => {
  it('is what its script writes', () => {
    expect(TEXT).to.equal(kibanaNdjson());
  });

  it('bears the stamps by which Kibana 8.9 to 9 takes and brings it up to date', () => {
    for (const { type, coreMigrationVersion, typeMigrationVersion } of OBJECTS) {
      expect(coreMigrationVersion, type).to.equal('8.8.0');
      expect(typeMigrationVersion, type).to.match(/^8\.[0-9]\.0$/);
    }
  });

  it('refers to objects of the file only, and to each by a name that is used', () => {
    for (const { id, attributes, references } of OBJECTS) {
      const text = JSON.stringify(attributes);
      for (const { type, id: target, name } of references) {
        expect(
          OBJECTS.some(one => one.type === type && one.id === target),
          `${id}: ${target}`,
        ).to.equal(true);
        expect(text, `${id}: ${name}`).to.include(name.replace(/^panel-\d+:/, ''));
      }
    }
    expect(referencesOf('dashboard')).to.have.members(panels().flatMap(referencesOfPanel));
  });

  it('looks at all findings by the pattern, by the time that decides', () => {
    const { title, timeFieldName } = attributesOf('index-pattern');
    // The aliases of the classes, which leave out what no reading shows (§6.2), and no month behind them.
    const { classAlias, alias, month } = createIndexNames('granska');
    const patterns = String(title).split(',');
    const fits = (name: string) =>
      patterns.some(pattern => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
    expect(['questionable', 'forbidden'].map(name => fits(classAlias(name as CategoryClass)))).to.not.include(
      false,
    );
    expect([alias, month(aFinding()), month(aFinding({ class: 'forbidden' }))].some(fits)).to.equal(false);
    expect(timeFieldName).to.equal('event.start');
  });

  it('names only fields that findings have', () => {
    const columns = panels().flatMap(panel =>
      layersOf(panel).flatMap(({ columns }) => Object.values(columns)),
    );
    const sources = columns.flatMap(({ sourceField }) => sourceField ?? []);
    const queries = [
      ...columns.flatMap(({ params }) => params?.filters?.map(({ input }) => input.query) ?? []),
      ...panels().map(({ embeddableConfig }) => embeddableConfig.attributes?.state.query.query ?? ''),
    ].filter(query => query !== '');
    const named = [
      ...sources.filter(field => field !== '___records___'),
      ...queries.map(query => /^([\w.]+) : "\w+"$/.exec(query)?.[1] ?? `no field in ${query}`),
      ...(attributesOf('search').columns as string[]),
      attributesOf('index-pattern').timeFieldName as string,
    ];
    expect(named.length).to.be.greaterThan(20);
    expect(named.filter(field => !FIELDS.has(field))).to.deep.equal([]);
  });

  it('draws columns that its layers have', () => {
    const lenses = panels().filter(({ type }) => type === 'lens');
    expect(lenses).to.have.length(5);
    for (const panel of lenses) {
      const [layer] = layersOf(panel);
      const ids = Object.keys(layer!.columns);
      expect(layer!.columnOrder).to.have.members(ids);
      for (const id of ids) {
        expect(JSON.stringify(panel.embeddableConfig.attributes!.state.visualization)).to.include(`"${id}"`);
      }
      for (const { params } of Object.values(layer!.columns)) {
        if (params?.orderBy !== undefined) expect(ids).to.include(params.orderBy.columnId);
      }
    }
  });

  it('counts, and splits by nothing that leads to a person', () => {
    const split = panels().flatMap(panel =>
      layersOf(panel).flatMap(({ columns }) =>
        Object.values(columns).flatMap(({ sourceField }) => sourceField ?? []),
      ),
    );
    const shown = ['___records___', 'event.start', 'granska.class', 'granska.category', 'granska.department'];
    expect(new Set(split)).to.deep.equal(new Set(shown));
  });

  it('lays its panels side by side, none over another', () => {
    const cells = new Set<string>();
    for (const { gridData, panelIndex } of panels()) {
      expect(gridData.i).to.equal(panelIndex);
      expect(gridData.x + gridData.w).to.be.at.most(48);
      for (let x = gridData.x; x < gridData.x + gridData.w; x++) {
        for (let y = gridData.y; y < gridData.y + gridData.h; y++) {
          expect(cells.has(`${x},${y}`), panelIndex).to.equal(false);
          cells.add(`${x},${y}`);
        }
      }
    }
  });
});

function attributesOf(type: SavedObject['type']): Record<string, unknown> {
  return OBJECTS.find(object => object.type === type)!.attributes;
}

function referencesOf(type: SavedObject['type']): string[] {
  return OBJECTS.find(object => object.type === type)!.references.map(({ name }) => name);
}

function panels(): Panel[] {
  return JSON.parse(attributesOf('dashboard').panelsJSON as string) as Panel[];
}

function layersOf({ embeddableConfig }: Panel) {
  return Object.values(embeddableConfig.attributes?.state.datasourceStates.formBased.layers ?? {});
}

/** Gives the names under which the dashboard must hold what a panel refers to. */
function referencesOfPanel({ panelIndex, panelRefName, embeddableConfig }: Panel): string[] {
  const own = embeddableConfig.attributes?.references.map(({ name }) => name) ?? [];
  return [...own, ...(panelRefName === undefined ? [] : [panelRefName])].map(name => `${panelIndex}:${name}`);
}

function fieldsOf(properties: object, prefix = ''): Set<string> {
  const fields = new Set<string>();
  for (const [name, property] of Object.entries(properties) as [string, { properties?: object }][]) {
    if (property.properties === undefined) fields.add(prefix + name);
    else for (const field of fieldsOf(property.properties, `${prefix}${name}.`)) fields.add(field);
  }
  return fields;
}
