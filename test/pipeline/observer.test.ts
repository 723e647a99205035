// The pipeline alone, with a judge that flags everything: what of a line's place comes into its finding.
import { expect } from 'chai';
import { formatNamed } from '../../src/format/formats.ts';
import { blankBatch } from '../../src/pipeline/batch.ts';
import type { Judged } from '../../src/pipeline/judge.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { createSlots } from '../../src/pipeline/slots.ts';
import { blankSummary } from '../../src/pipeline/summary.ts';
import { createUsageTable } from '../../src/pipeline/usage.ts';
import { stockholm, subject, target } from '../policy/support.ts';

const LINE =
  '1790000000.123 106 192.0.2.7 TCP_MISS/200 38470 GET http://casino.example/ anna HIER_DIRECT/- -';
const versions = { lists: null, policy: null, directory: null };
const flagged: Judged = {
  ...{ kind: 'flagged', subject: subject(), target: target('casino.example'), wrapped: [], matches: [] },
  categories: new Map([
    [
      'gambling',
      [
        {
          ...{ list: 'casino', version: 'v', entry: 'casino.example', file: 'domains', line: 1 },
          ...{ matchedBy: 'host', target: target('casino.example'), via: null },
        },
      ],
    ],
  ]),
  decision: {
    unannounced: [],
    judgements: [
      {
        ...{ category: 'gambling', class: 'questionable', statutes: [], verdict: 'examine' },
        ...{ exemptions: [], otherExemptions: [] },
      },
    ],
  },
};

function observerOf(observer: string | null): string | null {
  const pipeline = createPipeline(
    {
      zone: stockholm,
      judge: { judge: () => flagged, isProtected: ({ host }) => host === 'halsa.example' },
      limits: { maxLineBytes: 4096, latestStampMs: Infinity },
      versions,
      slots: createSlots(),
      usage: createUsageTable(),
      summary: blankSummary(versions),
      ids: { record: () => 'r', finding: () => 'f' },
      pseudonyms: { user: () => 'u', client: () => 'c' },
      storedPath: text => (text.includes('bo') ? null : text),
      nowMs: () => 0,
    },
    blankBatch,
  );
  const bytes = new TextEncoder().encode(LINE);
  const origin = { tenant: null, format: null, proxy: observer };
  const place = { format: formatNamed('squid')!, stream: 's', path: null, origin, offset: 0 };
  pipeline.line(bytes, { start: 0, end: bytes.length }, place);
  const { findings } = pipeline.take();
  expect(findings).to.have.length(1);
  return findings[0]!.observerName;
}

describe('the pipeline', () => {
  it('hands on which proxy a line is of, where its source names it', () => {
    expect(observerOf('proxy-1')).to.equal('proxy-1');
    expect(observerOf(null)).to.equal(null);
  });

  it('§3.6 §6.2 drops the name of a proxy that names somebody or a protected site', () => {
    expect(observerOf('pc-bo')).to.equal(null);
    expect(observerOf('pc-anna')).to.equal(null);
    expect(observerOf('halsa.example')).to.equal(null);
  });
});
