// Whether an account reads findings of both classes (§6.5). A search passes over what its role leaves out, as it should for
// whoever looks around; figures, reports and samples that are frozen so would say "none" of what they could not see (§8.2).
// In: the account of the connection; out: nothing, or REFUSED. It asks for a month that never is: who may read a class is
// told that there is none (404), and who may not is told that (403).
// Example: granska_reader and granska_ledger without granska_reader_forbidden → REFUSED.
import { GranskaError } from '../../../errors.ts';
import { CATEGORY_CLASSES, type CategoryClass } from '../../../model/verdict.ts';
import type { Connection } from './connection.ts';
import type { IndexNames } from './index-names.ts';

const NEVER = '0000.00';
const FORBIDDEN = 403;

/** Throws REFUSED where the account may not read a class of findings. */
export async function requireAllClasses(connection: Connection, names: IndexNames): Promise<void> {
  for (const category of CATEGORY_CLASSES) {
    const index = `${names.classAlias(category)}-${NEVER}`;
    const { statusCode } = await connection.attempt(index, () =>
      connection.client.count({ index }, { ignore: [FORBIDDEN, 404], meta: true }),
    );
    if (statusCode === FORBIDDEN) throw unseen(category);
  }
}

function unseen(category: CategoryClass): GranskaError {
  const role = category === 'forbidden' ? 'granska_reader_forbidden' : 'granska_reader';
  return new GranskaError(
    'REFUSED',
    `the account of the store may not read findings of class ${category}: what is issued or reviewed would be without them`,
    { hint: `give the account ${role} too (config/elasticsearch/roles.yml)` },
  );
}
