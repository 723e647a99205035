import { expect } from 'chai';
import { GranskaError } from '../src/errors.ts';

/** Gives the error that something fails with. */
export async function failureOf(work: Promise<unknown>): Promise<GranskaError> {
  try {
    await work;
  } catch (error) {
    expect(error).to.be.instanceOf(GranskaError);
    return error as GranskaError;
  }
  throw new Error('it did not fail');
}
