// The connection that kafkajs reads its answers from: each answer comes as one `data` event, in one piece of memory that
// the system wrote it into. In: bytes of the broker, where every answer begins with its length (four bytes, big-endian).
// Invariant: the bytes are those that a plain socket gives, only cut at answers; a length that cannot be ends the
// connection. What it saves: a plain socket makes 64 KiB of memory for each read, and kafkajs joins the pieces of an answer
// of megabytes by copying them, which took half of the fetching thread (bench/worker.ts). With TLS the system does not
// write into our memory, and the plain socket stays.
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';
import { makeAnswer } from './answer-memory.ts';

/** Length of an answer that no broker sends: the bytes are not Kafka's. */
const MAX_ANSWER_BYTES = 1 << 30;
const LENGTH_BYTES = 4;
const KEEP_ALIVE_MS = 60_000;

/** Makes the plain connections of a client; null where it has TLS, and kafkajs makes its own. */
export function answerSockets(hasTls: boolean): ISocketFactory | null {
  if (hasTls) return null;
  passOverNothing();
  return ({ host, port, onConnect }) => createAnswerSocket({ host, port }, onConnect);
}

/** Connects, and emits each answer as one `data` event. */
export function createAnswerSocket(to: { host: string; port: number }, onConnect: () => void): Socket {
  const answers = createAnswers();
  const socket = connect(
    {
      ...to,
      onread: {
        buffer: answers.room,
        callback(bytes) {
          const answer = answers.take(bytes);
          if (answer === 'impossible') socket.destroy(new Error('an answer has a length that cannot be'));
          else if (answer !== null) socket.emit('data', answer);
          return true;
        },
      },
    },
    onConnect,
  );
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

interface Answers {
  /** Gives the memory that the next bytes belong into, never more than the answer still lacks. */
  room(): Uint8Array;
  /** Takes note of so many bytes in it; gives the answer, its length before it, once it is whole. */
  take(bytes: number): Buffer | 'impossible' | null;
}

function createAnswers(): Answers {
  const length = Buffer.alloc(LENGTH_BYTES);
  let filling: Buffer = length;
  let filled = 0;
  return {
    room: () => filling.subarray(filled),
    take(bytes) {
      filled += bytes;
      if (filled < filling.length) return null;
      const whole = filling;
      if (whole !== length) {
        filling = length;
        filled = 0;
        return whole;
      }
      const size = length.readInt32BE(0);
      if (size <= 0 || size > MAX_ANSWER_BYTES) return 'impossible';
      filling = makeAnswer(LENGTH_BYTES + size);
      length.copy(filling);
      return null;
    },
  };
}

/** What is needed here of kafkajs's connection. */
interface Connection {
  chunks: Buffer[];
  bytesBuffered: number;
  processData(bytes: Buffer): void;
}

let isPassingOver = false;

/** Keeps kafkajs from joining an answer to the nothing that the one before it left behind, which copies it. */
function passOverNothing(): void {
  if (isPassingOver) return;
  isPassingOver = true;
  const load = createRequire(import.meta.url);
  const connection = (load('kafkajs/src/network/connection') as { prototype: Connection }).prototype;
  const process = connection.processData;
  connection.processData = function (this: Connection, bytes) {
    if (this.bytesBuffered === 0) this.chunks = [];
    process.call(this, bytes);
  };
}
