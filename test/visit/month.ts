// A month of findings, the same at every run, and orders in which four partitions can bring them into a store.
import type { Finding } from '../../src/model/finding.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { at } from './support.ts';

/** How the partitions are taken: one after the other, turned round, in turn, or by a chance that repeats. */
export type Order = 'one by one' | 'turned round' | 'in turn' | 'shuffled';

const MONTH_MS = 31 * 86_400_000;
const PARTITIONS = 4;

/** Makes findings of October 2026, the night of the clock change included, many of which begin together. */
export function aMonth(count: number): Finding[] {
  const chance = createChance(20261001);
  const firstMs = at('2026-10-01', 0);
  const findings: Finding[] = [];
  while (findings.length < count) {
    const who = Math.floor(chance() * 40);
    const site = `site${Math.floor(chance() * 3)}.example`;
    let startMs = firstMs + Math.floor(chance() * MONTH_MS);
    const more = 1 + Math.floor(chance() * chance() * 20);
    for (let n = 0; n < more && findings.length < count; n++) {
      findings.push(oneOf({ n: findings.length, who, site, startMs, chance }));
      if (chance() < 0.7) startMs += Math.floor(chance() * chance() * 45 * 60_000);
    }
  }
  return findings;
}

/** Gives the batches of each order. */
export function ordersOf(findings: readonly Finding[]): [Order, Finding[][]][] {
  const parts = Array.from({ length: PARTITIONS }, (_, part) =>
    findings.filter((_, n) => n % PARTITIONS === part),
  );
  const halves = parts.flatMap(part => [part.slice(0, part.length >> 1), part.slice(part.length >> 1)]);
  const chance = createChance(7);
  const shuffled = findings
    .map(finding => ({ finding, rank: chance() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ finding }) => finding);
  return [
    ['one by one', parts],
    ['turned round', parts.map(part => [...part].reverse()).reverse()],
    ['in turn', [1, 6, 3, 0, 7, 2, 5, 4].map(half => halves[half]!)],
    ['shuffled', [shuffled.slice(0, 100), shuffled.slice(100)]],
  ];
}

interface Asked {
  n: number;
  who: number;
  site: string;
  startMs: number;
  chance(): number;
}

function oneOf({ n, who, site, startMs, chance }: Asked): Finding {
  const isTunnel = chance() < 0.2;
  const isPage = !isTunnel && chance() < 0.4;
  const verdict = chance() < 0.05 ? null : chance() < 0.3 ? 'exempt' : 'examine';
  return aFinding({
    ...{
      id: idOf(n * 7919 + 1),
      recordId: idOf(n),
      startMs,
      stampMs: startMs,
      endMs: startMs,
      durationMs: 0,
    },
    ...{ stream: 'abcd'[n % PARTITIONS]!.repeat(64), offset: n },
    ...{ subjectId: `u26-person${who}`, department: who % 2 === 0 ? 'Bygg' : 'Social' },
    ...{ domain: `www.${site}`, registeredDomain: site, bytes: Math.floor(chance() * 300_000) },
    ...{ method: isTunnel ? 'CONNECT' : 'GET', mime: isTunnel ? null : isPage ? 'text/html' : 'image/png' },
    ...{
      verdict,
      access: verdict === null ? 'denied' : 'allowed',
      exemptions: verdict === 'exempt' ? ['U-1'] : [],
    },
    class: who % 10 === 0 ? 'forbidden' : 'questionable',
    category: who % 10 === 0 ? 'weapons' : 'gambling',
    referrer: chance() < 0.3 ? 'none' : chance() < 0.5 ? 'foreign' : 'same',
    facts: {
      ...{ document: isTunnel ? null : isPage, tunnel: isTunnel, matchedBy: 'host' },
      agent: chance() < 0.1 ? 'background' : 'browser',
    },
  });
}

/** Chance that is the same at every run: a linear congruential generator, good enough to mix with. */
function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
