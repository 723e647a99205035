// The question for messages by topic id, byte by byte as Kafka's protocol has it, and what becomes of the answers.
import { expect } from 'chai';
import { packFetchRequest, unpackFetchResponse } from '../../../../src/adapters/source/kafka/fetch-codec.ts';
import { FlexibleWriter } from '../../../../src/adapters/source/kafka/flexible.ts';

const ID = 'AAECAwQFBgcICQoLDA0ODw';
const ID_HEX = '000102030405060708090a0b0c0d0e0f';

describe('the question for messages by topic id', () => {
  it('names topics by their ids alone', () => {
    const question = {
      ...{ maxWaitTime: 250, minBytes: 1, maxBytes: 4096, isolationLevel: 1 },
      topics: [{ topic: 'web', partitions: [{ partition: 5, fetchOffset: '4294967298', maxBytes: 1024 }] }],
    };
    expect(packFetchRequest(question, () => ID).buffer.toString('hex')).to.equal(
      [
        ...['00', 'ffffffff', '000000fa', '00000001', '00001000', '01', '00000000', 'ffffffff'],
        ...['02', ID_HEX, '02'],
        ...['00000005', 'ffffffff', '0000000100000002', 'ffffffff', 'ffffffffffffffff', '00000400', '00'],
        ...['00', '01', '01', '00'],
      ].join(''),
    );
  });

  it('has its answer read as kafkajs reads its own', async () => {
    expect(await unpackFetchResponse(answer(0), id => (id === ID ? 'web' : undefined))).to.deep.equal({
      clientSideThrottleTime: 7,
      errorCode: 0,
      responses: [
        {
          topicName: 'web',
          partitions: [
            {
              ...{ partition: 5, errorCode: 0, highWatermark: '9', preferredReadReplica: -1, messages: [] },
              abortedTransactions: [{ producerId: '11', firstOffset: '3' }],
            },
          ],
        },
      ],
    });
  });

  for (const [what, code] of [
    ['no topic of that id', 100],
    ['another topic of that name', 103],
  ] as const) {
    it(`takes an answer that there is ${what} for one that it is not there, which kafkajs knows`, async () => {
      const { responses } = await unpackFetchResponse(answer(code), () => 'web');
      expect(responses[0]!.partitions[0]!.errorCode).to.equal(3);
    });
  }

  it('refuses an answer of another topic, and one that is cut off', async () => {
    expect(await failure(unpackFetchResponse(answer(0), () => undefined))).to.be.instanceOf(RangeError);
    const whole = answer(0);
    for (let length = 0; length < whole.length - 1; length++) {
      const cut = unpackFetchResponse(whole.subarray(0, length), () => 'web');
      expect(await failure(cut), `${length} bytes`).to.be.instanceOf(RangeError);
    }
  });
});

/** An answer of one partition without messages, with a field that nobody knows. */
function answer(code: number): Buffer {
  const writer = new FlexibleWriter().noTags().int32(7).int8(0).int8(0).int32(0).count(1).id(ID).count(1);
  writer.int32(5).int8(0).int8(code).int64(9n).int64(9n).int64(0n);
  writer.count(1).int64(11n).int64(3n).noTags();
  writer.int32(-1).count(0);
  writer.int8(1).int8(1).int8(8).int32(1).int32(2).noTags();
  return writer.noTags().done().buffer;
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => null,
    (error: unknown) => error,
  );
}
