// A seat in a group while the client is not running: it has crashed and comes back, or is stopped for new topics.
import { expect } from 'chai';
import { Group } from '../../../../src/adapters/source/kafka/group.ts';

describe('a seat in a consumer group', () => {
  it('§9.1 is not taken anew while the client has stopped: whoever joins again asks the store by itself', () => {
    const group = new Group({
      ...{ brokers: ['127.0.0.1:1'], group: 'g', topics: ['t'], source: 'default', known: null },
      ...{ start: 'earliest', until: 'stopped', tls: null, sasl: null },
    });
    expect(() => group.reread()).not.to.throw();
    expect(group.inbox.isEmpty).to.equal(true);
  });
});
