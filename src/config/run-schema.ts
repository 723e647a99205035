// The `run` and `log` sections of `granska.yaml`: how `granska run` goes on, and what it tells of itself.
import { z } from 'zod';
import type { RunConfig } from './config.ts';

const NO_LISTENER = 'off';

/** The schema of the `run` section. */
export const runSchema = z.strictObject({
  listen: z
    .string()
    .refine(value => value === NO_LISTENER || readListen(value) !== null, {
      message: 'must be host:port such as 127.0.0.1:9464, or off',
    })
    .default('127.0.0.1:9464')
    .describe(
      '`host:port` where health and metrics are asked for, or `off`; they hold no names, but know no password',
    ),
  flushSeconds: z
    .number()
    .min(1)
    .max(300)
    .default(5)
    .describe('how long what was read may wait before it is stored'),
  threads: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe(
      'threads that read lines for Elasticsearch, each with the lists in memory; more than one where there are cores to spare',
    ),
  parseRate: z
    .strictObject({
      minimum: z
        .number()
        .min(0)
        .max(1)
        .default(0.9)
        .describe('share of lines that must be readable, from 0 to 1; below it, an alarm is raised'),
      lines: z
        .int()
        .min(1)
        .max(10_000_000)
        .default(1000)
        .describe('number of the last lines that the share is of'),
    })
    .prefault({})
    .describe('when so many lines cannot be read that something must be wrong'),
  reloadSeconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(5)
    .describe('how often configuration, lists and directory are looked at for changes; 0 for on SIGHUP only'),
  schedule: z
    .enum(['on', 'off'])
    .default('off')
    .describe('`on`: carry out review plans and deliveries too, in place of a `granska schedule` of its own'),
});

/** The schema of the `log` section. */
export const logSchema = z.strictObject({
  level: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('the least that is told'),
  format: z.enum(['json', 'text']).default('json').describe('one JSON object a line, or a line for people'),
});

/** Makes the typed settings of a valid `run` section. */
export function toRun(run: z.output<typeof runSchema>): RunConfig {
  return {
    listen: readListen(run.listen),
    flushMs: run.flushSeconds * 1000,
    threads: run.threads,
    parseRate: run.parseRate,
    schedule: run.schedule,
    reloadMs: run.reloadSeconds === 0 ? null : run.reloadSeconds * 1000,
  };
}

/** Reads `host:port`; null for what is none. */
function readListen(value: string): { host: string; port: number } | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@[\]]{1,253})):(\d{1,5})$/i.exec(value);
  const port = Number(match?.[3] ?? Number.NaN);
  return match === null || port > 65_535 ? null : { host: (match[1] ?? match[2])!, port };
}
