import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  body: any;
}

/** Sends one request to a server as it is, beside the store; gives status and JSON. */
export function send(
  url: string,
  what: { method: string; path: string; body?: object },
  credentials: { ca?: string; auth?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? secureRequest : plainRequest;
    const headers = { 'content-type': 'application/json' };
    const asked = request(
      `${url}${what.path}`,
      { method: what.method, headers, ...credentials },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode!, body: text === '' ? null : JSON.parse(text) });
        });
      },
    );
    asked.on('error', reject);
    asked.end(what.body === undefined ? undefined : JSON.stringify(what.body));
  });
}

/** Removes all indices and templates under a prefix. */
export async function removeStore(url: string, prefix: string): Promise<void> {
  await send(url, { method: 'DELETE', path: `/${prefix}-*` });
  await send(url, { method: 'DELETE', path: `/_index_template/${prefix}-*` });
  await send(url, { method: 'DELETE', path: `/_component_template/${prefix}-*` });
}
