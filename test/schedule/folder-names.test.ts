import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { folderNames } from '../../src/schedule/folder-names.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const namesOf = (departments: readonly string[]) => folderNames(departments, hash);

describe('names of folders', () => {
  it('are the departments’ own in plain letters', () => {
    const names = namesOf(['Socialförvaltningen', 'Barn & utbildning', 'IT', 'Åre/Östra']);
    expect([...names.values()]).to.deep.equal(['socialforvaltningen', 'barn-utbildning', 'it', 'are-ostra']);
  });

  it('tell apart what only marks, case or signs tell apart', () => {
    const names = namesOf(['Vård', 'Vard', 'VÅRD!', 'Skola']);
    expect(names.get('Skola')).to.equal('skola');
    expect(new Set(names.values()).size).to.equal(4);
    expect(names.get('Vård')).to.match(/^vard-[0-9a-f]{12}$/);
  });

  it('are safe for every name that somebody gives a department', () => {
    const department = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('..', '/', 'con', 'NUL', '…'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(department, { maxLength: 8 }), departments => {
        const names = [...namesOf(departments).values()];
        expect(new Set(names).size).to.equal(departments.length);
        for (const name of names) {
          expect(name).to.match(/^[a-z0-9](?:[a-z0-9-]{0,80}[a-z0-9])?$/);
          expect(['con', 'nul', 'prn', 'aux']).not.to.include(name);
        }
      }),
    );
  });

  it('move nobody whose neighbours are other ones', () => {
    const few = namesOf(['Vård', 'VÅRD']);
    const more = namesOf(['Skola', 'VÅRD', 'Vård']);
    expect(few.get('Vård')).to.equal(more.get('Vård'));
  });
});
