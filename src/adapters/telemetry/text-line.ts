// A line of the log for people: time, level, event, its sentence, and what stands beside it.
// Example: `2026-09-28T06:07:52.123Z warn  store-waiting: the store is busy or away: … (reason=busy try=3)`

const NANOSECONDS_PER_MS = 1_000_000;

/** Makes the text, with its line feed, of a line that was written as JSON. */
export function textLine(line: Record<string, unknown>): string {
  const {
    '@timestamp': time,
    'log.level': level,
    'event.action': event,
    message,
    'ecs.version': _,
    'service.name': __,
    ...fields
  } = line;
  const beside = Object.entries(fields).map(([name, value]) => besideText(name, value));
  const end = beside.length === 0 ? '' : ` (${beside.join(' ')})`;
  return `${time} ${String(level).padEnd(5)} ${event}: ${message}${end}\n`;
}

function besideText(name: string, value: unknown): string {
  if (name === 'event.duration') return `duration_ms=${Number(value) / NANOSECONDS_PER_MS}`;
  return `${name.replace(/^granska\./, '')}=${value}`;
}
