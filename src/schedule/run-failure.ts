// Why a run failed. In: whatever was thrown; out: a code and words that name nobody, to be kept in the ledger and shown.
// Invariant: words of the system are never told, for they may hold a path. Example: ENOTDIR → `the system refused`.
import { ERRORS, faultOf, GranskaError } from '../errors.ts';
import type { RunFailure } from '../model/plan-run.ts';

/** Codes of the system: `EACCES`, `ENOTDIR`. */
const SYSTEM_CODE = /^E[A-Z]{2,20}$/;

/** Tells why something failed. */
export function failureOf(error: unknown): RunFailure {
  if (error instanceof GranskaError) return { code: error.code, message: error.message };
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string' && SYSTEM_CODE.test(code)) return { code, message: 'the system refused' };
  return { code: faultOf(error).kind, message: 'an error of the program itself' };
}

/** Tells whether trying again within seconds can help. */
export function mayPass({ code }: RunFailure): boolean {
  if (Object.hasOwn(ERRORS, code)) return ERRORS[code as keyof typeof ERRORS].retriable;
  return SYSTEM_CODE.test(code);
}
