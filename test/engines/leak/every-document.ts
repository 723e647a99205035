// All that a cluster holds under a name, as text: each document of each index with its id, the indices' own names, fields
// and aliases. Asked as an administrator, so that nothing is left out because somebody may not see it.
import { expect } from 'chai';
import { type Answer, send } from '../send.ts';

/** Sends a request under an account. */
export type Ask = (account: string, method: string, path: string, body?: object) => Promise<Answer>;

/** Makes what asks a server under any account. */
export function createAsk(
  { url, ca }: { url: string; ca: string },
  passwordOf: (account: string) => string,
): Ask {
  return (account, method, path, body) =>
    send(
      url,
      { method, path, ...(body === undefined ? {} : { body }) },
      { ca, auth: `${account}:${passwordOf(account)}` },
    );
}

/** A document as the search gives it. */
export interface Document {
  index: string;
  id: string;
  source: Readonly<Record<string, unknown>>;
}

const PAGE = 5_000;

/** Reads all documents of all indices that fit a pattern. */
export async function everyDocument(ask: Ask, pattern: string): Promise<Document[]> {
  await ask('elastic', 'POST', `/${pattern}/_refresh?expand_wildcards=all`);
  const found: Document[] = [];
  const first = { size: PAGE, track_total_hits: true };
  let page = await ask('elastic', 'POST', `/${pattern}/_search?scroll=1m&expand_wildcards=all`, first);
  const { value: total } = page.body.hits.total;
  while (page.body.hits.hits.length > 0) {
    for (const { _index, _id, _source } of page.body.hits.hits) {
      found.push({ index: _index, id: _id, source: _source });
    }
    page = await ask('elastic', 'POST', '/_search/scroll', { scroll: '1m', scroll_id: page.body._scroll_id });
  }
  await ask('elastic', 'DELETE', '/_search/scroll', { scroll_id: page.body._scroll_id });
  expect(found.length).to.equal(total);
  return found;
}

/** Writes what the cluster knows of its indices beside their documents: names, fields, settings, aliases, templates. */
export async function everyDescription(ask: Ask): Promise<string> {
  const { body } = await ask('elastic', 'GET', '/_cluster/state/metadata');
  return JSON.stringify(body);
}
