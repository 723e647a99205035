// Which topics a source reads: names, and patterns in which `*` stands for any run of characters.
import type { Admin } from 'kafkajs';
import { GranskaError } from '../../../errors.ts';

/** Finds the topics that are there; a name that is missing is an error, a pattern that fits none is not. */
export async function findTopics(admin: Admin, wanted: readonly string[]): Promise<string[]> {
  const there = await admin.listTopics();
  const known = new Set(there);
  const found = new Set<string>();
  for (const name of wanted) {
    if (isPattern(name)) {
      for (const topic of there) if (!topic.startsWith('__') && fits(topic, name)) found.add(topic);
    } else if (known.has(name)) found.add(name);
    else {
      throw new GranskaError('SOURCE', `Kafka has no topic ${name}, or does not show it to this user`, {
        hint: 'check the name, make the topic, or ask for DESCRIBE on it',
      });
    }
  }
  return [...found].sort();
}

/** Tells a pattern from a name. */
export function isPattern(name: string): boolean {
  return name.includes('*');
}

/** Tells whether a topic fits a pattern, in time linear in both (no expression is built from what a user writes). */
export function fits(topic: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const last = parts.pop()!;
  const first = parts.shift();
  if (first === undefined) return topic === last;
  if (!topic.startsWith(first) || topic.length < first.length + last.length) return false;
  if (!topic.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = topic.indexOf(part, at);
    if (found < 0 || found + part.length > topic.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
