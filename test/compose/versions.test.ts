// What is in force while a worker runs: a change of who is who must be taken up, also where no version changes by it.
import { expect } from 'chai';
import type { Parts } from '../../src/compose/installation.ts';
import { createVersions } from '../../src/compose/versions.ts';
import { DEFAULT_IDENTITY_RULES } from '../../src/subject/identity.ts';

interface Over {
  leases?: string | null;
  policy?: string;
  sharedAccounts?: string[];
  organization?: string;
  maxLineBytes?: number;
}

function parts(over: Over = {}): Parts {
  const {
    leases = null,
    policy = 'p',
    sharedAccounts = [],
    organization = 'Provby',
    maxLineBytes = 8,
  } = over;
  const some = {
    config: { identity: { ...DEFAULT_IDENTITY_RULES, sharedAccounts }, organization, maxLineBytes },
    policy: { hash: policy },
    opened: { hash: 'd', leases: leases === null ? null : { hash: leases } },
    image: { version: 'l' },
  };
  return some as unknown as Parts;
}

describe('what is in force', () => {
  for (const [title, first, then, isTaken] of [
    ['a policy', {}, { policy: 'q' }, true],
    ['leases, which are part of no version', { leases: 'a' }, { leases: 'b' }, true],
    ['the first leases', {}, { leases: 'a' }, true],
    ['no leases any more', { leases: 'a' }, {}, true],
    ['an account that several people use', {}, { sharedAccounts: ['kassa'] }, true],
    ['another organisation', {}, { organization: 'Annanby' }, true],
    ['a longer line', {}, { maxLineBytes: 9 }, true],
    ['nothing', { leases: 'a' }, { leases: 'a' }, false],
  ] as const) {
    it(`§9.4 ${isTaken ? 'takes up' : 'stays where there is'} ${title}`, async () => {
      const [old, loaded] = [parts(first as object), parts(then as object)];
      let told = 0;
      const versions = createVersions({
        first: old,
        load: async () => loaded,
        fingerprint: () => 'same',
        onLoaded() {
          told++;
        },
        onRefused(error) {
          throw error;
        },
      });
      const before = versions.wanted();
      await versions.reload();
      expect(versions.parts()).to.equal(loaded);
      expect(versions.wanted().judging !== before.judging).to.equal(isTaken);
      expect(told).to.equal(1);
    });
  }
});
