// What `doctor` found out, in words for a terminal.
import type { RejectCode } from '../../model/record.ts';
import { counted, formatCount } from '../numbers.ts';
import type { Diagnosis } from './diagnosis.ts';

/** What each reject code means, for people. */
export const REJECT_MEANINGS: Record<RejectCode, string> = {
  'too-long': 'longer than the longest line that is read',
  'nul-bytes': 'holds NUL bytes, as after a crash of the disk',
  truncated: 'cut short, or glued to the next line',
  fields: 'its columns are not those of the format, or can be read in two ways',
  'time-invalid': 'its stamp names no time',
  'time-future': 'its stamp lies ahead of this machine’s clock',
  status: 'its status is no number of three digits',
  bytes: 'its byte count is no number',
  elapsed: 'its elapsed time is no number',
  client: 'its client is no address or host name',
  quotes: 'its quotes do not pair up',
  'unknown-format': 'a line of another format',
  'tenant-unknown': 'its message names an organization that is not configured, or that cannot be read',
  'format-unknown': 'its message names a format that there is none of, or should name one and does not',
  continued: 'the rest of a line that was taken before it was whole',
};

/** Describes all logs, one after the other. */
export function describeDiagnoses(diagnoses: readonly Diagnosis[]): string {
  return diagnoses.map(diagnosis => `${describe(diagnosis).join('\n')}\n`).join('\n');
}

function describe(diagnosis: Diagnosis): string[] {
  const lines = [diagnosis.path ?? 'stdin'];
  if (diagnosis.failure !== null) lines.push(`  problem   ${diagnosis.failure.message}`);
  if (diagnosis.format === null) {
    if (diagnosis.failure === null) lines.push('  empty     it holds no whole line');
    return lines;
  }
  lines.push(`  format    ${formatWords(diagnosis)}`, `  parsed    ${parsedWords(diagnosis)}`);
  for (const reject of diagnosis.rejects) {
    const where = `line ${formatCount(reject.example.line)}, byte ${formatCount(reject.example.offset)}`;
    lines.push(
      `            ${counted(reject.count, reject.code, reject.code)}: ${REJECT_MEANINGS[reject.code]} (first: ${where})`,
    );
  }
  for (const [code, count] of Object.entries(diagnosis.skips))
    lines.push(`            ${formatCount(count)} skipped: ${code}`);
  if (diagnosis.pending > 0)
    lines.push('            a last line without its line feed waits for its other half');
  return [...lines, ...shareWords(diagnosis), ...timeWords(diagnosis), ...adviceWords(diagnosis)];
}

function formatWords(diagnosis: Diagnosis): string {
  const sure = diagnosis.sure ? '' : ', not sure';
  const fit =
    diagnosis.confidence === null
      ? 'as asked for'
      : `${percent(diagnosis.confidence)} of its first lines fit`;
  return `${diagnosis.format}: ${diagnosis.title}${sure} (${fit})`;
}

function parsedWords(diagnosis: Diagnosis): string {
  const counts = `${counted(diagnosis.lines, 'line')}, ${counted(diagnosis.records, 'record')}, ${formatCount(diagnosis.rejected)} rejected, ${formatCount(diagnosis.skipped)} skipped`;
  return diagnosis.parsed === null
    ? `nothing to parse (${counts})`
    : `${percent(diagnosis.parsed)} (${counts})`;
}

function shareWords(diagnosis: Diagnosis): string[] {
  const { shares } = diagnosis;
  if (shares === null) return [];
  return [
    `  has       user names ${percent(shares.users)}, referrers ${percent(shares.referrers)}, user agents ${percent(shares.userAgents)}, mime types ${percent(shares.mimeTypes)}`,
    `  traffic   tunnels ${percent(shares.tunnels)}, denied ${percent(shares.denied)}, sign-in challenges ${percent(shares.authChallenges)}`,
  ];
}

function timeWords(diagnosis: Diagnosis): string[] {
  if (diagnosis.first === null || diagnosis.last === null) return [];
  const busiest = diagnosis.hours.indexOf(Math.max(...diagnosis.hours));
  const used = diagnosis.hours.flatMap((count, hour) => (count > 0 ? [hour] : []));
  return [
    `  time      ${diagnosis.first} to ${diagnosis.last}`,
    `  hours     ${clock(used[0]!)}–${clock(used.at(-1)! + 1)} ${diagnosis.timezone}, busiest ${clock(busiest)}–${clock(busiest + 1)}`,
    `            ${histogram(diagnosis.hours)}  (00 to 23)`,
  ];
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function histogram(hours: readonly number[]): string {
  const most = Math.max(...hours);
  return hours.map(count => BARS[count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * 8))]).join('');
}

const BARS = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function adviceWords(diagnosis: Diagnosis): string[] {
  if (diagnosis.advice.length === 0)
    return ['  advice    nothing to change: this log tells all that Granska can use'];
  const lines = ['  advice    what to change in the proxy (squid.conf):'];
  for (const advice of diagnosis.advice) {
    lines.push(
      ...wrap(advice.text, 96).map((text, index) =>
        index === 0 ? `          - ${text}` : `            ${text}`,
      ),
    );
    lines.push(...advice.config.map(config => `              ${config}`));
  }
  return lines;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

// Rounded towards zero, so that 100 % means all.
function percent(share: number): string {
  const tenths = Math.floor(share * 1000 + 1e-9) / 10;
  return `${tenths} %`;
}
