import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { openDirectory } from '../../../src/adapters/directory/csv.ts';
import { createZone } from '../../../src/calendar/zone.ts';
import { formatProblems } from '../../../src/config/problem.ts';
import { DEFAULT_IDENTITY_RULES } from '../../../src/subject/identity.ts';

const zone = createZone('Europe/Stockholm');
const NOON = Date.parse('2026-11-25T11:00Z');

interface Files {
  directory?: string | Uint8Array;
  networks?: string;
  departments?: string;
}

describe('the directory files', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-directory-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function open(files: Files) {
    const at = (name: keyof Files) => {
      const content = files[name];
      if (content === undefined) return null;
      const path = join(folder, `${name}.csv`);
      writeFileSync(path, content);
      return path;
    };
    return openDirectory({
      ...{ directoryFile: at('directory'), networksFile: at('networks'), departmentsFile: at('departments') },
      ...{ tenant: 'kommun', zone, shown: path => path.slice(folder.length + 1) },
      identity: { ...DEFAULT_IDENTITY_RULES, stripDomains: ['KOMMUN'] },
    });
  }

  it('§1.3 take both days as inclusive and local', async () => {
    const { directory, problems } = await open({
      directory: 'user,roles,validFrom,validThrough\nbo,teacher,2026-03-29,2026-10-25\n',
    });
    expect(problems).to.deep.equal([]);
    expect(directory!.entries('kommun', 'bo')).to.have.length(1);
    expect(directory!.entries('kommun', 'bo')[0]).to.include({
      fromMs: Date.parse('2026-03-28T23:00Z'),
      toMs: Date.parse('2026-10-25T23:00Z'),
    });
  });

  const HEADER = 'user;roles;department;population;validFrom;validThrough';
  const AASA = 'KOMMUN\\Åsa;"b;a";Barn och utbildning;staff;;';
  const utf16 = Buffer.from(`\ufeff${HEADER}\r\n${AASA}\r\n`, 'utf16le');
  const SAVED: Record<string, string | Uint8Array> = {
    'with commas': `${HEADER}\n${AASA}\n`.replaceAll(';', ',').replace('"b,a"', '"b;a"'),
    'with semicolons, a byte order mark and CRLF': `\ufeff${HEADER}\r\n${AASA}\r\n`,
    'in Windows-1252': Buffer.from(`${HEADER}\r\n${AASA}\r\n`, 'latin1'),
    'in UTF-16': utf16,
    'with tabs and no line end': `${HEADER}\n${AASA}`.replaceAll(';', '\t').replace('"b\ta"', 'b;a'),
    'with a sep line': `sep=;\r\n${HEADER}\r\n${AASA}\r\n`,
    'with comments, empty lines and other case': `# our "people\n\n${HEADER.toUpperCase()}\n\n;;;;;\n # more\n${AASA}\n`,
    'with names decomposed': `${HEADER}\n${AASA}\n`.normalize('NFD'),
  };
  for (const [title, directory] of Object.entries(SAVED)) {
    it(`read what a spreadsheet saves ${title}`, async () => {
      const opened = await open({ directory });
      expect(opened.problems).to.deep.equal([]);
      expect(opened.directory!.entries('kommun', 'åsa')).to.have.length(1);
      expect(opened.directory!.entries('kommun', 'åsa')[0]).to.deep.include({
        ...{ roles: ['a', 'b'], department: 'Barn och utbildning', population: 'staff' },
        ...{ fromMs: -Infinity, toMs: Infinity },
      });
    });
  }

  const MISTAKES: readonly [string, Files, string][] = [
    [
      'an unknown column, with the nearest known one',
      { directory: 'user,rolls\nbo,x\n' },
      'directory.csv:1:6: error: rolls: is no known column (did you mean roles?)',
    ],
    [
      '§1.3 a column `to`',
      { directory: 'user,to\nbo,2026-01-01\n' },
      'directory.csv:1:6: error: to: is refused: it does not say whether that day counts (write validThrough: the last day, inclusive)',
    ],
    [
      'a column that is there twice',
      { directory: 'user,roles,User\n' },
      'directory.csv:1:12: error: user: the column is there twice (keep one of them)',
    ],
    [
      'a missing column',
      { networks: 'department,shared\nx,yes\n' },
      'networks.csv:1:1: error: cidr: the column is missing (add it to the first line)',
    ],
    [
      'a missing header, without repeating the names in its place',
      { directory: 'bo.lindqvist,teacher\n' },
      'directory.csv:1:1: error: the first line does not name the columns (begin with a line such as user,roles,department,population,tenant,validFrom,validThrough)',
    ],
    [
      'an empty file',
      { departments: '' },
      'departments.csv:1:1: error: the first line does not name the columns (begin with a line such as department,parent,tenant)',
    ],
    [
      'quotes that do not fit together',
      { directory: 'user,roles\n"a\nb",x\nbo,"teacher\neva,\n' },
      'directory.csv:4:4: error: a quoted cell is not closed, or goes on behind its closing quote (write a quote inside a quoted cell twice)',
    ],
    [
      'a cell too many',
      { directory: 'user,roles\nbo,a,b\n' },
      'directory.csv:2:6: error: the line has more cells than the header names (put quotes around a cell that holds the separator)',
    ],
    [
      'a day that the calendar does not have, behind a cell of two lines',
      { directory: 'user,roles,validFrom\n"bo\n",x,\n\neva,x,2026-02-30\n' },
      'directory.csv:5:7: error: validFrom: is no day of the calendar (write it as 2026-11-25)',
    ],
    [
      'a last day before the first',
      { directory: 'user,validFrom,validThrough\nbo,2026-02-02,2026-02-01\n' },
      'directory.csv:2:15: error: validThrough: the last day is before the first (both days are inclusive)',
    ],
    [
      'nobody as a user',
      { directory: 'user,roles\n-,x\n' },
      'directory.csv:2:1: error: user: names nobody (write the name as it is in the log)',
    ],
    [
      '§3.4 two spellings of one person at the same time',
      { directory: 'user,validFrom\nKOMMUN\\Bo,2026-01-01\neva,\nbo,\n' },
      'directory.csv:4:1: error: user: is the same person as in line 2, at the same time (one row per person and time: join roles by ; and part times by validFrom and validThrough)',
    ],
    [
      'an unknown population',
      { directory: 'user,population\nbo,stff\n' },
      'directory.csv:2:4: error: population: is no population (did you mean staff?)',
    ],
    [
      'an empty population among others, which leaves it open',
      { directory: 'user,population\nbo,\n' },
      'directory.csv:2:4: warning: population: is empty: the person counts as unknown (write staff, elected or pupil)',
    ],
    [
      'a department that is not in the departments file',
      { directory: 'user,department\nbo,Skola\n', departments: 'department,parent\nSkolan,\n' },
      'directory.csv:2:4: error: department: is not in the departments file (did you mean Skolan?)',
    ],
    [
      'a department that is in several tenants',
      {
        directory: 'user,department\nbo,Skolan\n',
        departments: 'department,tenant\nSkolan,kommun\nSkolan,energi\n',
      },
      'directory.csv:2:4: error: department: is in several tenants (add a column tenant that says which)',
    ],
    [
      'a parent that is not there',
      { departments: 'department,parent\nSkolan,Utbildning\nUtbildningen,\n' },
      'departments.csv:2:8: error: parent: is no department of this file and tenant (did you mean Utbildningen?)',
    ],
    [
      'a department under itself',
      { departments: 'department,parent\na,a\n' },
      'departments.csv:2:3: error: parent: the department would stand under itself (leave the highest parent empty)',
    ],
    [
      'a department that is there twice',
      { departments: 'department\na\na\n' },
      'departments.csv:3:1: error: department: is in line 2 already (keep one of them)',
    ],
    [
      'an address that is no network',
      { networks: 'cidr\n10.2.0/16\n' },
      'networks.csv:2:1: error: cidr: is no network (write it as 10.2.0.0/16 or 2001:db8::/32)',
    ],
    [
      'host bits behind a prefix',
      { networks: 'cidr\n10.2.0.1/16\n' },
      'networks.csv:2:1: error: cidr: is no network: its address goes on behind the prefix (end the address in zeros, as in 10.2.0.0/16)',
    ],
    [
      'one network twice at the same time',
      { networks: 'cidr,validFrom\n2001:db8::/32,\n2001:DB8:0::/32,2026-01-01\n' },
      'networks.csv:3:1: error: cidr: is the same network as in line 2, at the same time (part the times by validFrom and validThrough)',
    ],
    [
      'neither yes nor no',
      { networks: 'cidr,shared\n10.0.0.0/8,perhaps\n' },
      'networks.csv:2:12: error: shared: is neither yes nor no, nor a kind of sharing (write yes, no, kiosk, terminal-server or guest)',
    ],
    [
      'no number of persons',
      { networks: 'cidr,persons\n10.0.0.0/8,-4\n' },
      'networks.csv:2:12: error: persons: is no number of persons (write a whole number)',
    ],
    [
      '§8.2 a department of which nothing tells the size',
      { networks: 'cidr,department\n10.0.0.0/8,Office\n' },
      'networks.csv:2:12: warning: department: nothing says how many persons it has: its counts go to its parent or the tenant (give persons for its networks, or a directory)',
    ],
  ];
  for (const [title, files, expected] of MISTAKES) {
    it(`point at ${title}`, async () => {
      expect(formatProblems((await open(files)).problems)).to.equal(expected);
    });
  }

  it('report every mistake of all three files, in order', async () => {
    const { problems } = await open({
      directory: 'user,population,validFrom\n-,stff,x\nbo,staff,x\n',
      networks: 'cidr,shared\nx,x\n',
      departments: 'department\na\na\n',
    });
    expect(problems.map(problem => `${problem.file}:${problem.line}:${problem.key}`)).to.deep.equal([
      'departments.csv:3:department',
      'directory.csv:2:user',
      'directory.csv:2:population',
      'directory.csv:2:validFrom',
      'directory.csv:3:validFrom',
      'networks.csv:2:cidr',
      'networks.csv:2:shared',
    ]);
  });

  it('report a file that is not there', async () => {
    const { problems } = await openDirectory({
      ...{ directoryFile: join(folder, 'none.csv'), networksFile: null, departmentsFile: null },
      ...{ tenant: 'kommun', zone, identity: DEFAULT_IDENTITY_RULES, shown: () => 'none.csv' },
    });
    expect(formatProblems(problems)).to.equal(
      'none.csv: error: there is no such file (paths are relative to the configuration file)',
    );
  });

  it('give nothing, and no hash, where the configuration names no file', async () => {
    expect(await open({})).to.deep.equal({
      ...{ directory: null, networks: null, departmentTree: [], departments: [], tenants: ['kommun'] },
      ...{ content: null, hash: null, problems: [] },
    });
  });

  it('§3.1 take the tenant from the row, else the department, else the configuration', async () => {
    const { directory, tenants } = await open({
      directory: 'user,department,tenant\nbo,Plant,\nbo,School,\nbo,School,vatten\n',
      departments: 'department,tenant\nPlant,energi\nSchool,kommun\nSchool,vatten\n',
    });
    // School is in two tenants, so that the second row is in error; the other two stand.
    expect(directory!.entries('energi', 'bo')[0]!.department).to.equal('Plant');
    expect(directory!.entries('vatten', 'bo')[0]!.department).to.equal('School');
    expect(tenants).to.have.members(['kommun', 'energi', 'vatten']);
  });

  it('§8.2 count persons at an instant; persons of networks are not added to people who are listed', async () => {
    const { directory } = await open({
      directory: 'user,department,validThrough\na,School,\nb,School,2026-10-31\nc,Office,\n',
      networks: 'cidr,department,persons\n10.2.0.0/16,School,1\n10.3.0.0/16,Office,7\n10.4.0.0/16,Office,2\n',
    });
    expect(directory!.size('kommun', 'School', zone.startOfDayMs('2026-10-31'))).to.equal(2);
    expect(directory!.size('kommun', 'School', zone.startOfDayMs('2026-11-01'))).to.equal(1);
    expect(directory!.size('kommun', 'Office', NOON)).to.equal(9);
    expect(directory!.size('energi', 'School', NOON)).to.equal(0);
  });

  it('§5.7 hash what the files say, not how they say it', async () => {
    const hashOf = async (directory: string) => (await open({ directory })).hash;
    const one = await hashOf('user,roles,population\nbo,"a;b",staff\neva,,elected\n');
    expect(one).to.match(/^[0-9a-f]{64}$/);
    expect(await hashOf('# x\nPopulation;USER;roles\nelected;Eva;\nstaff;KOMMUN\\bo;"b;a"\n')).to.equal(one);
    expect(await hashOf('user,roles,population\nbo,"a;b",staff\neva,,pupil\n')).not.to.equal(one);
    expect(await hashOf('user,roles,population\nbo,"a;b",staff\n')).not.to.equal(one);
  });

  it('find the cell of a quote that does not fit in any length of file', async () => {
    const rows = 'bo,teacher\n'.repeat(200_000);
    const { problems } = await open({ directory: `user,roles\n${rows}eva,"x\n${rows}` });
    expect(problems.map(problem => [problem.line, problem.column])).to.deep.equal([[200_002, 5]]);
  });

  it('read back any cells that were quoted as CSV has it', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'Å', '"', ',', ';', '\n', '#', '\t', "'"),
      maxLength: 6,
    });
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 6 }), async departments => {
        const lines = departments.map((department, index) => `u${index},${quote(department)}`);
        const { directory } = await open({ directory: ['user,department', ...lines].join('\n') });
        for (const [index, department] of departments.entries()) {
          // A comment sign at the beginning of a line is a comment, even inside a quoted cell.
          if (/(^|\n)\s*#/.test(departments.join('\n'))) continue;
          const read = directory!.entries('kommun', `u${index}`)[0]?.department;
          expect(read).to.equal(department.trim() || 'unassigned');
        }
      }),
      { numRuns: 150 },
    );
  });
});
