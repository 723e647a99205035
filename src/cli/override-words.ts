import type { ListOverride } from '../model/override.ts';
import { defang } from '../url/defang.ts';

/** Says what an override does, its host defanged. */
export function describeOverride({ action, list, what }: ListOverride): string {
  switch (action) {
    case 'remove':
      return `remove ${defang(what)} from the list ${list}`;
    case 'never':
      return `never match ${defang(what)}, nor what is under it, in the list ${list}`;
    default:
      return action satisfies never;
  }
}
