import { userInfo } from 'node:os';

/** Names the account of the operating system that runs the program; its number where it has no name. */
export function osAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
