// A running worker and decisions: what it looks at changes when somebody decides, and what it reads then holds it (§5.3).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { decideExemption, readExemptions } from '../../src/compose/exemptions.ts';
import { fingerprintOf } from '../../src/compose/fingerprint.ts';
import { createPartsLoader } from '../../src/compose/load-parts.ts';
import { createVersions } from '../../src/compose/versions.ts';
import type { DecisionBody } from '../../src/policy/decisions.ts';
import { makeFolder, removeFolders, VALID } from '../config/support.ts';

const NOW_MS = Date.parse('2026-03-01T10:00:00Z');

describe('compose: decisions while a worker runs', () => {
  afterEach(removeFolders);

  function makeInstallation() {
    const settings = `${VALID['granska.yaml']}exemptions: exemptions.ndjson\n`;
    const cwd = makeFolder({ ...VALID, 'granska.yaml': settings });
    const clock = { nowMs: () => NOW_MS };
    const loader = createPartsLoader({
      ...{ flags: { config: cwd }, env: {}, cwd, packageRoot: cwd, clock, tell: () => {} },
    });
    return { cwd, loader, deps: { load: loader.load, clock, cwd } };
  }

  const grant =
    (over: object = {}) =>
    (): DecisionBody => ({
      kind: 'grant',
      exemption: {
        ...{ id: 'B-1', categories: ['gambling'], users: ['anna'], reason: 'duties', caseNumber: 'KS 2' },
        ...{
          approvers: ['chief'],
          decided: '2026-03-01',
          validFrom: '2026-03-01',
          validThrough: '2026-12-31',
        },
        ...over,
      },
    });

  async function startWorker({ loader }: ReturnType<typeof makeInstallation>) {
    const refused: unknown[] = [];
    const versions = createVersions({
      ...{ first: await loader.makeParts('look'), load: () => loader.makeParts('look') },
      fingerprint: ({ config }) => fingerprintOf(config),
      ...{ onLoaded: () => {}, onRefused: error => refused.push(error) },
    });
    return { versions, refused, exempting: () => [...versions.parts().policy.exemptions.keys()] };
  }

  it('§5.3 takes up the first decision, and later ones, at the next look', async () => {
    const made = makeInstallation();
    const { versions, exempting } = await startWorker(made);
    const { config } = versions.parts();
    await decideExemption(grant(), config, made.deps);
    expect(exempting()).to.deep.equal([]);
    await versions.look();
    expect(exempting()).to.deep.equal(['B-1']);
    await decideExemption(grant({ id: 'B-2' }), config, made.deps);
    await versions.look();
    expect(exempting()).to.deep.equal(['B-1', 'B-2']);
  });

  it('§9.4 keeps what is in force where the file was damaged, and says at which line', async () => {
    const made = makeInstallation();
    const { versions, exempting, refused } = await startWorker(made);
    const { config } = versions.parts();
    await decideExemption(grant(), config, made.deps);
    await versions.look();
    const path = join(made.cwd, 'exemptions.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('anna', 'bo'));
    await versions.look();
    expect(exempting()).to.deep.equal(['B-1']);
    expect(String(refused[0])).to.contain('exemptions.ndjson:1:1: error: the file of decisions is broken');
    const error = await readExemptions(config, made.deps).catch(thrown => thrown);
    expect([error.code, error.exit]).to.deep.equal(['DAMAGED', 4]);
  });

  it('§10.2 decides nothing while the configuration has mistakes of its own, and blames them', async () => {
    const made = makeInstallation();
    const { config } = await made.loader.makeParts('look');
    writeFileSync(join(made.cwd, 'policy.yaml'), `${VALID['policy.yaml']}nonsense: 1\n`);
    const error = await decideExemption(grant(), config, made.deps).catch(thrown => thrown);
    expect([error.code, error.exit]).to.deep.equal(['CONFIG', 2]);
    expect(error.message).to.contain('nonsense');
  });

  it('refuses to decide where no file is named', async () => {
    const made = makeInstallation();
    const { config } = await made.loader.makeParts('look');
    const error = await decideExemption(grant(), { ...config, exemptionsFile: null }, made.deps).catch(
      thrown => thrown,
    );
    expect(error.code).to.equal('CONFIG');
  });
});
