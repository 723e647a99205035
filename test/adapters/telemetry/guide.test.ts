// The guide of operation says what is told, all of it and nothing else.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { createHealth } from '../../../src/adapters/telemetry/health.ts';
import { SENTENCES } from '../../../src/adapters/telemetry/vocabulary.ts';
import type { Obstacle, Warning } from '../../../src/ports/telemetry.ts';
import { told } from './kit.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const GUIDE = readFileSync(join(ROOT, 'docs', 'guide', 'operating.md'), 'utf8');

/** All signs; complete by its type. */
const SIGNS: Record<Obstacle | Warning, true> = {
  'sources-not-joined': true,
  'store-not-answering': true,
  stopping: true,
  'parse-rate-low': true,
  'configuration-refused': true,
  'directory-old': true,
};

describe('the guide of operation', () => {
  it('has every number that is told, and no other', async () => {
    const types = (await told().telemetry.metrics.text()).matchAll(/^# TYPE (granska_\w+)/gm);
    expect(namesIn('## Numbers', /granska_\w+/g)).to.deep.equal([...types].map(match => match[1]).sort());
  });

  it('has every event of the log, and no other', () => {
    const rows = namesIn('## The log', /(?<=`)[a-z-]+(?=`)/g);
    expect(rows.filter(name => name in SENTENCES)).to.deep.equal(Object.keys(SENTENCES).sort());
  });

  it('has every sign of health', () => {
    const health = createHealth({ nowMs: () => 0 });
    for (const sign of Object.keys(SIGNS) as (Obstacle | Warning)[]) health.raise(sign);
    const { because, warnings } = health.report();
    expect([...because, ...warnings].sort()).to.deep.equal(Object.keys(SIGNS).sort());
    for (const sign of Object.keys(SIGNS)) expect(GUIDE).to.contain(`\`${sign}\``);
  });
});

/** Names in the first column of the first table under a heading. */
function namesIn(heading: string, name: RegExp): string[] {
  const text = GUIDE.slice(GUIDE.indexOf(`\n${heading}\n`) + 1);
  const section = text.slice(0, text.indexOf('\n## ', 1) === -1 ? undefined : text.indexOf('\n## ', 1));
  const rows = section.split('\n').filter(line => line.startsWith('| `'));
  const names = rows.flatMap(row => [...row.split('|')[1]!.matchAll(name)].map(match => match[0]));
  return [...new Set(names)].sort();
}
