import { expect } from 'chai';
import fc from 'fast-check';
import { fromEcs, toEcs } from '../../src/finding/ecs.ts';
import { aFinding, arbitraryFinding } from './arbitrary.ts';

describe('a finding as an ECS document', () => {
  it('is read back as the finding that it was, through JSON', () => {
    fc.assert(
      fc.property(arbitraryFinding, finding => {
        expect(fromEcs(JSON.parse(JSON.stringify(toEcs(finding))))).to.deep.equal(finding);
      }),
    );
  });

  it('has the field names of ECS', () => {
    const document = toEcs(aFinding({ verdict: 'exempt', exemptions: ['U-1'], observerName: 'proxy-1' }));
    expect(document).to.deep.equal({
      '@timestamp': '2026-10-01T00:00:00.120Z',
      event: {
        id: '0'.repeat(32),
        kind: 'event',
        category: ['web'],
        start: '2026-10-01T00:00:00.000Z',
        end: '2026-10-01T00:00:00.120Z',
        duration: 120_000_000,
        type: 'allowed',
        outcome: 'success',
        ingested: '2026-10-01T00:01:00.000Z',
      },
      organization: { name: 'kommun' },
      user: { id: 'u26-abcdefghijklmnopqrstuvwxyz', roles: ['lärare'] },
      url: {
        scheme: 'https',
        domain: 'www.casino.example',
        registered_domain: 'casino.example',
        port: 443,
        path: '/lobby',
      },
      http: {
        request: { method: 'GET' },
        response: { status_code: 200, bytes: 5120, mime_type: 'text/html' },
      },
      user_agent: { original: 'Mozilla/5.0' },
      observer: { name: 'proxy-1', vendor: 'Squid', product: 'Squid' },
      log: { file: { path: 'access.log' }, offset: 0 },
      rule: { name: 'casino.example', ruleset: 'gambling', version: '1'.repeat(64) },
      granska: {
        record: { id: 'f'.repeat(32) },
        stream: { id: 'a'.repeat(64) },
        subject_kind: 'user',
        subject: { id: 'u26-abcdefghijklmnopqrstuvwxyz' },
        client: { id: 'c261001-abcdefghijklmnopqrstuvwxyz' },
        confidence: 'authenticated',
        population: 'staff',
        department: 'Barn och utbildning',
        category: 'gambling',
        class: 'questionable',
        verdict: 'exempt',
        exemptions: ['U-1'],
        referrer: 'none',
        facts: { document: true, tunnel: false, matched_by: 'host', agent: 'browser' },
        versions: { lists: '2'.repeat(64), policy: '3'.repeat(64) },
        revision: 0,
        rule: { file: 'domains', line: 7 },
      },
    });
  });

  it('§2.4 has no verdict for an attempt, and no user for a client', () => {
    const document = toEcs(
      aFinding({
        verdict: null,
        access: 'denied',
        subjectKind: 'client',
        subjectId: 'c261001-abc',
        roles: [],
      }),
    );
    expect(document.granska).to.not.have.property('verdict');
    expect(document).to.not.have.property('user');
    expect(document.granska.subject).to.deep.equal({ id: 'c261001-abc' });
  });

  it('holds no null and no empty list', () => {
    fc.assert(
      fc.property(arbitraryFinding, finding => {
        expect(JSON.stringify(toEcs(finding))).to.not.match(/:null|:\[\]|:\{\}(?!,"revision")/);
      }),
    );
  });

  it('never throws, whatever the times are', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), startMs => {
        expect(toEcs(aFinding({ startMs })).event.start).to.match(/Z$/);
      }),
    );
  });
});
