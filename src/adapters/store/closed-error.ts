import { GranskaError } from '../../errors.ts';

/** Makes the error of a line that would follow the last one of its key. */
export function closedError(): GranskaError {
  return new GranskaError('REFUSED', 'what this line belongs to was signed: nothing can be added to it', {
    hint: 'what comes later belongs into the next review',
  });
}
