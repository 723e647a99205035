// check-store: what the schema of the `store` section cannot see: who the worker is to the cluster, and the files it names.
// In: the file as written, whether or not the rest of it is valid; out: problems at the place of each mistake.
import { checkNamedFile, checkSecretFile } from './check-files.ts';
import { mapOf, type YamlFile } from './yaml-file.ts';

/** Checks the `store` section, and reports what is wrong in it. */
export function checkStore(file: YamlFile, root: string): void {
  const store = mapOf(mapOf(file.data).store);
  if (store.kind !== 'elasticsearch') return;
  const has = (key: string) => store[key] !== undefined;
  if (has('apiKeyFile') && (has('username') || has('passwordFile'))) {
    file.report(['store', 'apiKeyFile'], 'cannot stand beside username and passwordFile', {
      hint: 'keep one of the two ways to log in',
      at: 'key',
    });
  } else if (has('username') && !has('passwordFile')) {
    file.report(['store', 'passwordFile'], 'is missing', { hint: 'a username needs a passwordFile' });
  } else if (has('passwordFile') && !has('username')) {
    file.report(['store', 'username'], 'is missing', { hint: 'a passwordFile needs a username' });
  }
  if ((has('passwordFile') || has('apiKeyFile')) && isOpenToTheNet(store.url)) {
    file.report(['store', 'url'], 'goes without TLS: the password can be read on the way', {
      hint: 'use https://, and caFile where the authority is your own',
      severity: 'warning',
    });
  }
  for (const key of ['passwordFile', 'apiKeyFile']) checkSecretFile(file, ['store', key], root);
  checkNamedFile(file, ['store', 'caFile'], root);
}

function isOpenToTheNet(url: unknown): boolean {
  return [url].flat().some(one => {
    if (typeof one !== 'string' || !/^http:/i.test(one) || !URL.canParse(one)) return false;
    return !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(one).hostname);
  });
}
