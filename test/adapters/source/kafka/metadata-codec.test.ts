// The question for topic ids, byte by byte as Kafka's protocol has it, and answers that brokers give.
import { expect } from 'chai';
import { FlexibleWriter } from '../../../../src/adapters/source/kafka/flexible.ts';
import {
  packMetadataRequest,
  unpackMetadataResponse,
} from '../../../../src/adapters/source/kafka/metadata-codec.ts';

const NO_ID = '00'.repeat(16);
const IDS = ['AAECAwQFBgcICQoLDA0ODw', ''];

describe('the question for topic ids', () => {
  // Tags, number of topics and one, then: make none, and leave out who may do what.
  const topics = `00${'02'}${NO_ID}${'04776562'}00`;

  it('asks for names, and makes no topic', () => {
    expect(packMetadataRequest(['web'], 12).buffer.toString('hex')).to.equal(`${topics}${'00'}${'00'}00`);
  });

  it('has one field more in version 10', () => {
    expect(packMetadataRequest(['web'], 10).buffer.toString('hex')).to.equal(
      `${topics}${'00'}${'00'}${'00'}00`,
    );
  });

  it('has its answer read up to the topics', () => {
    expect(unpackMetadataResponse(answer())).to.deep.equal({
      throttleMs: 7,
      topics: [
        { errorCode: 0, name: 'web', id: IDS[0] },
        { errorCode: 3, name: 'gone', id: '' },
      ],
    });
  });

  it('refuses an answer that is cut off, wherever', () => {
    const whole = answer();
    for (let length = 0; length < whole.length; length++) {
      expect(() => unpackMetadataResponse(whole.subarray(0, length)), `${length} bytes`).to.throw(RangeError);
    }
  });
});

/** An answer with two brokers, one topic of one partition, and one that is not there. */
function answer(): Buffer {
  const writer = new FlexibleWriter().noTags().int32(7).count(2);
  for (const node of [1, 2]) writer.int32(node).text('localhost').int32(9092).text('rack').noTags();
  writer.text('cluster').int32(1).count(2);
  writer.int8(0).int8(0).text('web').id(IDS[0]!).int8(0).count(1);
  writer.int8(0).int8(0).int32(0).int32(1).int32(0);
  writer.count(2).int32(1).int32(2).count(1).int32(1).count(0).noTags();
  writer.int32(-(2 ** 31)).noTags();
  writer.int8(0).int8(3).text('gone').id(IDS[1]!).int8(0).count(0).int32(0).noTags();
  return writer.done().buffer;
}
