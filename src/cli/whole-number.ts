import { InvalidArgumentError } from 'commander';

/** Reads a whole number that was typed; throws what commander tells as a value that cannot be. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}
