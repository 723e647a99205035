import { expect } from 'chai';
import { GranskaError } from '../../src/errors.ts';
import { requireLive, standingOf } from '../../src/policy/require-live.ts';
import type { Live } from '../../src/policy/rules.ts';
import { stockholm } from './support.ts';

const live: Live = {
  from: '2026-03-29',
  notice: { date: '2026-03-01', reference: 'KS 2026/1' },
  negotiation: { date: '2026-02-01', reference: 'KS 2026/2' },
};

function refusal(policyLive: Live | null, at?: string): GranskaError | null {
  try {
    requireLive({ live: policyLive, zone: stockholm }, at === undefined ? undefined : Date.parse(at));
    return null;
  } catch (error) {
    if (error instanceof GranskaError) return error;
    throw error;
  }
}

describe('policy/require-live', () => {
  it('refuses a policy on trial, and names what it lacks', () => {
    const error = refusal(null);
    expect(error?.code).to.equal('CONFIG');
    expect(error?.message).to.include('on trial');
    for (const key of ['live.from', 'live.notice', 'live.negotiation', 'MBL'])
      expect(error?.hint).to.include(key);
  });

  it('refuses the instant before the first local day (§1.3), and takes its first instant', () => {
    expect(refusal(live, '2026-03-28T22:59:59.999Z')?.message).to.include('2026-03-29');
    expect(refusal(live, '2026-03-28T23:00:00Z')).to.equal(null);
  });

  it('asks for no instant where none is given', () => {
    expect(refusal(live)).to.equal(null);
  });

  it('tells the three standings apart', () => {
    const standings = [null, live].flatMap(item =>
      ['2026-01-01T00:00Z', '2027-01-01T00:00Z'].map(at =>
        standingOf({ live: item, zone: stockholm }, Date.parse(at)),
      ),
    );
    expect(standings).to.deep.equal(['trial', 'trial', 'coming', 'live']);
  });
});
