// Who decides: the account of the operating system, and the directory that a reason must not name anybody of.
import { osAccount } from '../adapters/audit/os-account.ts';
import type { Decider } from '../cli/decider.ts';
import { createIdentity } from '../subject/identity.ts';
import { namesSomebody } from '../subject/names-somebody.ts';
import type { Parts } from './installation.ts';

/** Gives the person at the command line. */
export function composeDecider({
  config,
  opened,
  clock,
}: Pick<Parts, 'config' | 'opened' | 'clock'>): Decider {
  const { directory } = opened;
  const people = {
    tenants: [...new Set([config.organization, ...opened.tenants])],
    canonicalName: createIdentity(config.identity),
    has: (tenant: string, name: string) => (directory?.entries(tenant, name).length ?? 0) > 0,
  };
  return {
    account: osAccount(),
    nowMs: () => clock.nowMs(),
    namesSomebody: text => (directory === null ? null : namesSomebody(text, people)),
  };
}
