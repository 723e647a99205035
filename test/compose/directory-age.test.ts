import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createDeliveries } from '../../src/adapters/directory/deliveries.ts';
import { createZone } from '../../src/calendar/zone.ts';
import { createAgeTeller } from '../../src/compose/directory-age.ts';
import type { Config } from '../../src/config/config.ts';
import { DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';

const zone = createZone('Europe/Stockholm');
const DAY_MS = 86_400_000;

describe('the age of the directory', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-age-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('§3.3 is told always, and an old one raises an alarm once, until a new delivery comes', async () => {
    const directoryFile = join(folder, 'directory.csv');
    const delivery = { maxVanished: 0.1, maxAgeDays: 35 };
    let nowMs = Date.parse('2026-11-25T11:00Z');
    const told: unknown[] = [];
    const tell = createAgeTeller({
      config: () => ({ directoryFile, zone, delivery }) as unknown as Config,
      clock: { nowMs: () => nowMs },
      telemetry: {
        directoryAge: ageMs => told.push(ageMs),
        log: (level, event, fields) => told.push([level, event, fields]),
      },
      health: { raise: sign => told.push(`raise ${sign}`), clear: sign => told.push(`clear ${sign}`) },
    });
    const said = () => {
      tell();
      return told.splice(0);
    };
    expect(said(), 'kept by hand').to.deep.equal([null, 'clear directory-old']);
    const bring = async () => {
      writeFileSync(join(folder, 'hr.csv'), 'user\nbo\n');
      const rest = { tenant: 'kommun', zone, identity: DEFAULT_IDENTITY_RULES, departmentsFile: null };
      const by = { account: 'registrar', nowMs: () => nowMs, shown: (path: string) => path };
      const deliveries = createDeliveries({ directoryFile, ...rest, ...delivery, ...by });
      await deliveries.import({ file: join(folder, 'hr.csv'), asOf: null, mode: 'import' });
    };
    await bring();
    expect(said()).to.deep.equal([12 * 3_600_000, 'clear directory-old']);
    nowMs = zone.startOfDayMs('2026-12-30') + DAY_MS;
    const old = [36 * DAY_MS, 'raise directory-old', ['warn', 'directory-old', { days: 36 }]];
    expect(said()).to.deep.equal(old);
    expect(said()).to.deep.equal([36 * DAY_MS]);
    await bring();
    expect(said()).to.deep.equal([0, 'clear directory-old']);
  });
});
