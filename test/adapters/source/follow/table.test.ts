import { rmSync } from 'node:fs';
import { expect } from 'chai';
import { failuresOf } from '../../../../src/adapters/source/follow/failures.ts';
import type { OpenFiles } from '../../../../src/adapters/source/follow/open-files.ts';
import type { FollowEvent } from '../../../../src/adapters/source/follow/options.ts';
import { createFollowTable } from '../../../../src/adapters/source/follow/table.ts';
import { createFollowBench } from './kit.ts';

describe('the table of followed files', () => {
  const bench = createFollowBench();
  after(() => bench.dispose());

  it('lets a deleted file go that its file system no longer gives, as a network’s does', () => {
    // A descriptor that nothing is behind any more fails as a stale one does.
    const stale = 1 << 29;
    const open: OpenFiles = { open: () => stale, peek: () => stale, close() {}, closeAll() {} };
    const told: FollowEvent['kind'][] = [];
    const table = createFollowTable({
      ...{ paths: [bench.path('access.log')], open, lingerWaits: 600, onGone() {} },
      tell: event => told.push(event.kind),
    });
    bench.write('access.log', 'a line\n');
    table.look(0);
    rmSync(bench.path('access.log'));
    table.look(1);
    expect(told).to.deep.equal(['found', 'unreadable', 'gone']);
    expect([...table.files()]).to.deep.equal([]);
  });

  it('tells an archive that is damaged from one of which the rest cannot be read', () => {
    const table = { files: () => [], missing: () => [], troubles: () => new Map<string, string>() };
    const damaged = new Map([
      ['a.gz', 'damaged'],
      ['b.gz', 'unreadable'],
    ]);
    expect(failuresOf(table, { paths: [], damaged }).map(({ code }) => code)).to.deep.equal([
      'damaged',
      'unreadable',
    ]);
  });
});
