// Small numbers for "whose counts are these": tenant, counted department and subject kind. The fast scan keeps
// its counters by slot, so that a line that is let go costs no string.
import type { Subject, SubjectKind } from '../model/subject.ts';

export interface Slot {
  tenant: string;
  department: string;
  kind: SubjectKind;
}

export interface Slots {
  /** Gives the slot of a subject, the same for every subject that is counted alike. */
  of(subject: Subject): number;
  get(slot: number): Slot;
}

/** Creates an empty table of slots. */
export function createSlots(): Slots {
  const byKey = new Map<string, number>();
  const slots: Slot[] = [];
  return {
    of(subject) {
      const key = `${subject.kind}\u0000${subject.countedIn}\u0000${subject.tenant}`;
      const known = byKey.get(key);
      if (known !== undefined) return known;
      slots.push({ tenant: subject.tenant, department: subject.countedIn, kind: subject.kind });
      byKey.set(key, slots.length - 1);
      return slots.length - 1;
    },
    get: slot => slots[slot]!,
  };
}
