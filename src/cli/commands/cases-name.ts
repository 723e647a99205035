// `granska cases name`: the name behind the subject of one case, for the two who opened it, within 24 hours (§8.4).
// In: a granted request, and the private sealing key; out: one name. Invariant: it is noted before the seal is opened; a name
// that does not belong to the pseudonym is never shown, nor that of one of the two themselves; it goes to stdout only.
import { type AccessRequest, type AccessStanding, standingOf } from '../../case/access.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Person } from '../../model/person.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import { ACCESS_TEXT } from '../../text/access.ts';
import type { Lang } from '../../text/lang.ts';
import type { OpenName } from '../app.ts';
import {
  type AccessDeps,
  aboutSubject,
  notingRefusals,
  type OpenableCase,
  readOpenable,
  refuseOwn,
} from '../case-access.ts';
import { withoutControls } from '../display-width.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';

export interface NameDeps extends AccessDeps {
  /** Reads the private sealing key. */
  openName(identity: string | null): Promise<OpenName>;
}

/** Prints the name. Throws REFUSED, USAGE for the id, NOT_FOUND where there is none, KEYS and DAMAGED for the seal. */
export async function runCasesName(
  options: { id: string; identity: string | null; lang: Lang },
  deps: NameDeps,
  io: Io,
): Promise<ExitCode> {
  const action = 'cases name';
  return notingRefusals({ action, id: options.id }, deps, async () => {
    const person = actingPerson(deps);
    const desk = await deps.openDesk();
    try {
      const opened = await readOpenable(options.id, desk, deps);
      const { request, untilMs } = openRequest(opened, person, deps);
      const { found } = opened;
      for (const one of [person, ...bothOf(request, deps)]) refuseOwn(one, found, deps);
      if (found.subjectKind === 'client')
        throw noName('the subject of this case is an address, and nobody is named');
      const open = await deps.openName(options.identity);
      const audit = await deps.openAudit();
      await audit.append({ action, shown: 1, details: { case: found.id, request: request.number } });
      const name = await readName(opened, { open, desk, deps });
      const { labels, caution } = ACCESS_TEXT[options.lang];
      const rows: [string, string][] = [
        [labels.case, found.id],
        [labels.day, found.day],
        [labels.category, found.category],
        [labels.name, withoutControls(name)],
        [labels.until, localMinute(deps.zone, untilMs)],
      ];
      const width = Math.max(...rows.map(([label]) => label.length)) + 2;
      const lines = [...rows.map(([label, value]) => `${label.padEnd(width)}${value}`), '', ...caution];
      await write(io.stdout, `${lines.join('\n')}\n`);
      return EXIT.done;
    } finally {
      await desk.close();
    }
  });
}

/** Gives whoever acts, with whichever of the two duties. */
function actingPerson({ people, account, signing }: NameDeps): Person {
  const person = people.byAccount(account);
  return signing.acting(person?.duties.includes('granter') === true ? 'granter' : 'analyst');
}

/** Finds the request by which the person may see the name now. */
function openRequest(
  { requests }: OpenableCase,
  person: Person,
  deps: NameDeps,
): { request: AccessRequest; untilMs: number } {
  const own = requests.filter(({ asker, answer }) => asker === person.id || answer?.person === person.id);
  const nowMs = deps.nowMs();
  for (const request of own.toReversed()) {
    const standing = standingOf(request, nowMs);
    if (standing.state === 'granted') return { request, untilMs: standing.untilMs };
  }
  const last = own.at(-1);
  if (last === undefined) {
    throw new GranskaError('REFUSED', 'you are neither who asked to open this case nor who granted it', {
      hint: 'ask with "granska cases open ID --reason TEXT"; another person grants it',
    });
  }
  throw new GranskaError('REFUSED', `the case is not open: ${whyNot(standingOf(last, nowMs))}`, {
    hint: '"granska cases requests" tells how it stands; a case is asked for anew with "granska cases open"',
  });
}

function whyNot(standing: AccessStanding): string {
  return standing.state === 'ended' ? ACCESS_TEXT.en.ended[standing.because] : 'nobody has granted it yet';
}

function bothOf({ asker, answer }: AccessRequest, { people }: NameDeps): Person[] {
  return [asker, answer?.person ?? asker].map(id => people.find(id)).filter(person => person !== null);
}

/** Opens the seal; what comes out is the name only where its pseudonym is that of the case. */
async function readName(
  { found }: OpenableCase,
  { open, desk, deps }: { open: OpenName; desk: DeskStore; deps: NameDeps },
): Promise<string> {
  const name = await open(desk, found.subjectId);
  if (name === null) throw noName('the store keeps no sealed name for the subject of this case');
  if (deps.ownership.isBehind(name, aboutSubject(found, deps.zone))) return name;
  throw new GranskaError('DAMAGED', 'the sealed name is not that of this pseudonym, so nothing is shown', {
    hint: 'somebody changed the store, or the keys folder holds another key of that year: bring the right one back',
  });
}

function noName(message: string): GranskaError {
  return new GranskaError('NOT_FOUND', message, { hint: 'the case can be decided without a name' });
}
