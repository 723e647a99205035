import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { createAnswerSocket } from '../../../../src/adapters/source/kafka/answer-socket.ts';

describe('the socket of answers', () => {
  let server: Server;
  let port: number;
  let send: (socket: Socket) => Promise<void>;
  beforeEach(async () => {
    server = createServer(socket => void send(socket).finally(() => socket.end()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => server.close());

  /** Gathers what the socket emits until its end. */
  async function gather(): Promise<{ answers: Buffer[]; error: Error | null }> {
    const answers: Buffer[] = [];
    let error: Error | null = null;
    const socket = createAnswerSocket({ host: '127.0.0.1', port }, () => undefined);
    socket.on('data', (bytes: Buffer) => answers.push(bytes));
    socket.on('error', failed => {
      error = failed;
    });
    await new Promise(resolve => socket.once('close', resolve));
    return { answers, error };
  }

  it('emits each answer once, whole and in order, however the network cuts them', async () => {
    const answer = fc.uint8Array({ minLength: 1, maxLength: 300 });
    const drawn = fc.tuple(
      fc.array(answer, { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([bodies, cuts]) => {
        const framed = bodies.map(framedAnswer);
        const bytes = Buffer.concat(framed);
        send = async socket => {
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const next = at + cuts[i % cuts.length]!;
            await new Promise(resolve => socket.write(bytes.subarray(at, next), resolve));
            at = next;
          }
        };
        const { answers, error } = await gather();
        expect(error).to.equal(null);
        expect(answers.map(hex)).to.deep.equal(framed.map(hex));
      }),
      { numRuns: 50 },
    );
  });

  it('emits an answer of megabytes in one piece', async () => {
    const framed = framedAnswer(new Uint8Array(5_000_000).map((_, i) => i * 7));
    send = async socket => void socket.write(framed);
    const { answers } = await gather();
    expect(answers).to.have.length(1);
    expect(answers[0]!.equals(framed)).to.equal(true);
  });

  for (const length of [-1, 0, 0x7fffffff]) {
    it(`ends the connection at a length of ${length}, which no broker sends`, async () => {
      const framed = Buffer.alloc(4);
      framed.writeInt32BE(length);
      send = async socket => void socket.write(framed);
      const { answers, error } = await gather();
      expect(answers).to.deep.equal([]);
      expect(error?.message).to.match(/length that cannot be/);
    });
  }
});

function framedAnswer(body: Uint8Array): Buffer {
  const framed = Buffer.alloc(4 + body.length);
  framed.writeInt32BE(body.length);
  framed.set(body, 4);
  return framed;
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}
