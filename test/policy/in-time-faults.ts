// What is changed in the configuration of test/policy/in-time, so that its rows fail or its policy is refused.

/** Faults of the configuration that the rows must notice: file, what it says, what it then says. */
export const PLANTED: readonly [name: string, file: string, from: string, to: string][] = [
  ['§1.3 night hours belong to another weekday', 'policy.yaml', 'weekdays: [friday]', 'weekdays: [saturday]'],
  ['§1.3 hours end an hour later', 'policy.yaml', '22:00-06:00', '22:00-07:00'],
  ['§1.2 days are those of UTC', 'granska.yaml', 'Europe/Stockholm', 'UTC'],
  ['§1.2 no hour is skipped or shown twice', 'granska.yaml', 'Europe/Stockholm', 'Africa/Lagos'],
  ['§5.3 a retroactive decision is not', 'policy.yaml', 'retroactive: { reason: The order', '# {'],
  ['§5.3 a late decision was made in time', 'policy.yaml', 'decided: 2026-05-11', 'decided: 2026-05-04'],
  ['§5.4 no decision is limited to a site', 'policy.yaml', '    sites: [casino.example]\n', ''],
  ['§5.4 no decision is limited to hours', 'policy.yaml', '    hours: "08:00-17:00"\n', ''],
  ['§5.6 a population was told a day earlier', 'policy.yaml', 'elected: 2026-10-26', 'elected: 2026-10-25'],
  ['§5.6 all were told at once', 'policy.yaml', '{ staff: 2026-03-29, elected: 2026-10-26 }', '2026-03-29'],
  ['§3.3 elected members are not reviewed', 'policy.yaml', '[staff, elected]', '[staff]'],
  ['§3.3 pupils are reviewed', 'policy.yaml', '[staff, elected]', '[staff, elected, pupil]'],
  ['§3.2 an address may be a case', 'policy.yaml', 'version: 1\n', 'version: 1\nminimumConfidence: none\n'],
  ['§3.2 a lease may not', 'policy.yaml', 'version: 1\n', 'version: 1\nminimumConfidence: authenticated\n'],
  ['§6.2 nothing is protected', 'policy.yaml', 'lists: [protected]', 'lists: []'],
  [
    '§3.3 a role lasts a day longer',
    'directory.csv',
    'staff,2020-01-01,2026-06-30',
    'staff,2020-01-01,2026-07-01',
  ],
  ['§3.2 a shared network is not shared', 'networks.csv', 'Bygg,yes', 'Bygg,no'],
  ['§3.2 a kiosk is shared in some way', 'networks.csv', 'kiosk', 'yes'],
  ['§3.2 a terminal server is a kiosk', 'networks.csv', 'terminal-server', 'kiosk'],
  ['§3.2 a lease ends a minute later', 'leases.csv', '16:00+02:00\n', '16:01+02:00\n'],
  ['§3.2 a log-on ends a minute later', 'logons.jsonl', 'T01:30:00Z', 'T01:31:00Z'],
  ['§3.4 an account of several is a person', 'granska.yaml', '[reception]', '[]'],
  ['§3.4 a domain is part of the name', 'granska.yaml', 'stripDomains: [TIDBY]', 'stripDomains: []'],
  [
    '§7.1 visits last longer',
    'policy.yaml',
    'version: 1\n',
    'version: 1\nthresholds: { visitGapMinutes: 31 }\n',
  ],
  [
    '§7.3 fewer records are sustained',
    'policy.yaml',
    'version: 1\n',
    'version: 1\nthresholds: { minutes: 1.9 }\n',
  ],
  ['§7.3 fewer bytes are', 'policy.yaml', 'version: 1\n', 'version: 1\nthresholds: { bytes: 300000 }\n'],
  [
    '§7.3 pages are nearer each other',
    'policy.yaml',
    'version: 1\n',
    'version: 1\nthresholds: { documentGapSeconds: 9 }\n',
  ],
];

const COVERED = 'is covered by the exemption';
const LATER = 'at some time of its validity';

/** Policies that must be refused: what stands there, what is put there, key and message. */
export const REFUSED: readonly [name: string, from: string, to: string, key: string, message: string][] = [
  [
    '§5.3 an approver whom the scope covers through a role',
    'caseNumber: SN 2026/1\n    approvers: [head]',
    'caseNumber: SN 2026/1\n    approvers: [nova]',
    'exemptions[0].approvers[0]',
    `${COVERED} by role ${LATER}`,
  ],
  [
    '§5.3 one who had the role for a part of it',
    'caseNumber: SN 2026/1\n    approvers: [head]',
    'caseNumber: SN 2026/1\n    approvers: [gone]',
    'exemptions[0].approvers[0]',
    `${COVERED} by role ${LATER}`,
  ],
  [
    '§5.3 one who came to the department later',
    'caseNumber: TN 2026/3\n    approvers: [head]',
    'caseNumber: TN 2026/3\n    approvers: [mika]',
    'exemptions[2].approvers[0]',
    `${COVERED} by department ${LATER}`,
  ],
  [
    '§5.3 one whom it names in another spelling',
    'caseNumber: TN 2026/4\n    approvers: [head]',
    "caseNumber: TN 2026/4\n    approvers: ['TIDBY\\ULF']",
    'exemptions[3].approvers[0]',
    `${COVERED} by name ${LATER}`,
  ],
  [
    '§5.3 one approver for class forbidden',
    'caseNumber: TN 2026/13\n    approvers: [head, second]',
    'caseNumber: TN 2026/13\n    approvers: [head]',
    'exemptions[12].approvers',
    'the category weapons is of class forbidden: two different approvers are needed',
  ],
  [
    '§5.3 no end date',
    '  - id: E-SPRING # ends with the day of 23 hours\n',
    '  - id: E-SPRING-2\n    categories: [drugs]\n    users: [vera]\n    reason: r\n    caseNumber: c\n    approvers: [head]\n    validFrom: 2026-03-29\n  - id: E-SPRING\n',
    'exemptions[10].validThrough',
    'is missing',
  ],
  [
    '§1.3 a last day that is called to',
    'validThrough: 2026-03-29\n',
    'validThrough: 2026-03-29\n    to: 2026-03-30\n',
    'exemptions[10].to',
    'is not a known key',
  ],
  [
    '§5.3 a retroactive approval by whom it covers',
    'approvers: [second] }\n    validFrom: 2026-06-01',
    'approvers: [bo] }\n    validFrom: 2026-06-01',
    'exemptions[14].retroactive.approvers[0]',
    `${COVERED} by name ${LATER}`,
  ],
  [
    '§5.3 one retroactive approver for class forbidden',
    'approvers: [second, head] }',
    'approvers: [second] }',
    'exemptions[15].retroactive.approvers',
    'the category weapons is of class forbidden: two different approvers are needed',
  ],
];
