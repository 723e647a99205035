// ecs-rows: lines of JSON → rows, by our own names or by those of ECS, nested or dotted. Keys that are not asked for are
// passed over: a log-on event has many. Example: `{"user":{"name":"bo"},"source.ip":"10.1.2.3","event":{"start":…,"end":…}}`.
import type { IntervalColumn, Reported, RowLines, TakeRow } from './rows.ts';

const KEYS: Readonly<Record<IntervalColumn, readonly string[]>> = {
  user: ['user', 'user.name'],
  client: ['client', 'source.ip', 'client.ip'],
  start: ['start', 'event.start'],
  end: ['end', 'event.end'],
  tenant: ['tenant', 'organization.name'],
};

/** Creates the reader of one file of JSON lines. */
export function createEcsRows(take: TakeRow, report: Reported): RowLines {
  return {
    line(text, line) {
      if (text.trim() === '') return 'more';
      const object = parse(text);
      if (object === null) {
        report({ line, column: 1, key: '', message: 'is no JSON object', hint: 'write one object a line' });
        return 'more';
      }
      return take({
        line,
        cell(column) {
          for (const key of KEYS[column]) {
            const value = valueAt(object, key);
            if (typeof value === 'string') return value.trim().normalize('NFC');
          }
          return '';
        },
        report: (column, message, hint) => report({ line, column: 1, key: column, message, hint }),
      });
    },
    async end() {},
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Finds `a.b` as a key of that name, or as `b` in `a`. */
function valueAt(object: Record<string, unknown>, key: string): unknown {
  if (Object.hasOwn(object, key)) return object[key];
  const [outer, inner] = key.split('.');
  const within = inner === undefined || !Object.hasOwn(object, outer!) ? undefined : object[outer!];
  return isObject(within) && Object.hasOwn(within, inner!) ? within[inner!] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
