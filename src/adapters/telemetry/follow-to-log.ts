// What the source of followed files tells → lines of the log. Pure.
// Example: { kind: 'rotated', path: '/var/log/squid/access.log', newPath: '/var/log/squid/access.log.1' } → info file-rotated
import type { LogEntry, LogLevel } from '../../ports/telemetry.ts';
import type { FollowEvent } from '../source/follow/options.ts';
import { isReason } from './vocabulary.ts';

/** Makes the lines that an event is worth. */
export function followToLog(event: FollowEvent): LogEntry[] {
  switch (event.kind) {
    case 'found':
      return [entry('info', 'file-found', event.path)];
    case 'missing':
      return [entry('warn', 'file-missing', event.path)];
    case 'rotated':
      return [entry('info', 'file-rotated', event.newPath)];
    case 'truncated':
      // What copytruncate does every night.
      return [entry('info', 'file-shrunk', event.path)];
    case 'replaced':
      return [entry('warn', 'file-replaced', event.path)];
    case 'gone':
      return [entry('info', 'file-gone', event.path)];
    case 'unfinished':
      return [entry('warn', 'file-unfinished', event.path)];
    case 'unreadable':
      return [fault('file-unreadable', event.path, event.reason)];
    case 'damaged':
      return [fault('file-damaged', event.path, event.reason)];
    default:
      return event satisfies never;
  }
}

function entry(level: LogLevel, event: LogEntry['event'], file: string): LogEntry {
  return { level, event, fields: { file } };
}

function fault(event: LogEntry['event'], file: string, reason: string): LogEntry {
  return { level: 'error', event, fields: { file, reason: isReason(reason) ? reason : 'other' } };
}
