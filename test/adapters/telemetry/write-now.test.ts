import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { createWriteNow } from '../../../src/adapters/telemetry/write-now.ts';

describe('what writes to a descriptor at once', () => {
  it('begins a new line after one that was lost half-way', async () => {
    const module = join(resolve(import.meta.dirname, '../../..'), 'src/adapters/telemetry/write-now.ts');
    const script = `
      import { createWriteNow } from ${JSON.stringify(module)};
      let lost = 0;
      const write = createWriteNow(process.stderr.fd, () => lost++);
      write('x'.repeat(4 << 20) + '\\n');
      process.stdout.write(String(lost));
      // There is room as soon as the reader has read.
      const next = () => {
        const before = lost;
        write('next\\n');
        if (lost > before) setTimeout(next, 5);
        else process.exit(0);
      };
      process.stdin.once('data', next);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
    const [lost] = await once(child.stdout, 'data');
    expect(String(lost)).to.equal('1');
    let stderr = '';
    child.stderr.on('data', chunk => (stderr += chunk));
    await once(child.stderr, 'data');
    child.stdin.end('go');
    await once(child, 'close');
    const lines = stderr.split('\n');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^x+$/);
    expect(lines.slice(1)).to.deep.equal(['next', '']);
  });

  it('counts a line as lost where the descriptor is none', () => {
    let lost = 0;
    const write = createWriteNow(1_000_000, () => lost++);
    write('a line\n');
    expect(lost).to.equal(1);
  });
});
