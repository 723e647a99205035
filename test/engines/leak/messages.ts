// Messages of a topic that hold what must leak nowhere: in their lines, in their keys and in the names and values of their
// headers. Out: messages, and how many lines there are in them.
import { squidLine } from '../../cli/squid-log.ts';
import {
  brokenLog,
  combinedLog,
  IDN,
  NAME,
  nativeLog,
  PASSWORD,
  PROTECTED,
  V4,
} from '../../faults/leak-material.ts';
import type { ProducedMessage } from '../kafka.ts';

/** What a message may say of itself, where the source reads it or not. */
const TOLD = [NAME, `${NAME}@provby.example`, PROTECTED, `proxy.${PROTECTED}`, IDN, V4, PASSWORD];
/** An address is the proxy's own, but for lines of that client. */
const PROXIES = ['proxy-1', ...TOLD.filter(text => text !== PASSWORD && text !== V4)];

/** The parts that a source reads, by `names`. */
export const NAMES = 'names: { tenant: key, format: "header:format", proxy: "header:proxy" }';

/** Makes the messages. */
export function leakyMessages(): { messages: ProducedMessage[]; lines: number } {
  const formats = [
    ['squid', nativeLog()],
    ['squid', brokenLog()],
    ['combined', combinedLog()],
  ] as const;
  const messages: ProducedMessage[] = formats.flatMap(([format, log]) =>
    pieces(log).map((value, at) => ({
      value,
      key: at % 2 === 0 ? null : 'Provby',
      partition: at % 2,
      headers: {
        format,
        proxy: PROXIES[at % PROXIES.length]!,
        user: TOLD[at % TOLD.length]!,
        [TOLD[at % TOLD.length]!]: 'a header of that name',
      },
    })),
  );
  // Of class forbidden, which lies apart.
  const url = `http://weapons.example/users/${NAME}/from/${V4}`;
  const line = squidLine({ url, user: NAME, client: V4 });
  messages.push({ value: line, partition: 0, headers: { format: 'squid', proxy: V4 } });
  // Of an organization or a format that there is none of: all lines are rejected, and lie sealed with what was told.
  const [some] = pieces(nativeLog());
  for (const told of TOLD) {
    messages.push({ value: some!, key: told, partition: 0, headers: { format: 'squid' } });
    messages.push({ value: some!, key: null, partition: 1, headers: { format: told } });
  }
  return { messages, lines: messages.reduce((sum, { value }) => sum + linesIn(String(value)), 0) };
}

const LINES = 40;

function pieces(log: string): string[] {
  const lines = log.split('\n').slice(0, -1);
  return Array.from({ length: Math.ceil(lines.length / LINES) }, (_, at) =>
    lines.slice(at * LINES, (at + 1) * LINES).join('\n'),
  );
}

function linesIn(text: string): number {
  return text.split('\n').length;
}
