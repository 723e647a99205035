// What a store tells while it waits → lines of the log. Pure.
// Example: { kind: 'waiting', reason: 'circuit_breaking_exception', tryNo: 1 } → warn; its later tries → debug, so that a
// cluster that is away for a night does not fill the log.
import type { LogEntry } from '../../ports/telemetry.ts';
import type { StoreEvent } from '../store/elasticsearch/connection.ts';
import { isReason } from './vocabulary.ts';

/** A wait that goes on is told again at each power of two of its tries. */
const isTold = (tryNo: number) => Number.isInteger(Math.log2(tryNo));

/** Makes the line that an event is worth. */
export function storeToLog(event: Exclude<StoreEvent, { kind: 'answered' }>): LogEntry {
  switch (event.kind) {
    case 'waiting': {
      const { tryNo } = event;
      const reason = isReason(event.reason) ? event.reason : 'other';
      return { level: isTold(tryNo) ? 'warn' : 'debug', event: 'store-waiting', fields: { reason, tryNo } };
    }
    case 'retry':
      return { level: 'debug', event: 'store-retrying', fields: {} };
    default:
      return event satisfies never;
  }
}
