// A small municipality for tests: every rule of the policy has somebody whom it concerns.

/** Files of a configuration folder `config/`, to be written into a place. */
export const TOWN: Readonly<Record<string, string>> = {
  'config/granska.yaml': `version: 1
organization: Provby
timezone: Europe/Stockholm
policy: policy.yaml
policyTests: policy.tests.yaml
directory: directory.csv
networks: networks.csv
lists: [lists]
taxonomy: taxonomy.yaml
identity:
  stripDomains: [PROVBY]
`,
  'config/policy.yaml': `version: 1
live:
  from: 2020-01-01
  notice: { date: 2019-12-02, reference: PS 2019/2 }
  negotiation: { date: 2019-11-04, reference: PS 2019/1 }
reviewed: [staff]
categories:
  gambling: { lists: [casino], announcedFrom: 2020-01-01 }
  weapons: { lists: [weapons], announcedFrom: 2020-01-01 }
  drugs: { lists: [drugs], announcedFrom: 2025-03-10 }
protected: { lists: [protected] }
roles:
  counsellor: { sv: Behandlare, en: Counsellor }
exemptions:
  - id: E-1
    categories: [gambling]
    roles: [counsellor]
    reason: debts of clients
    caseNumber: SN 2025/1
    approvers: [head]
    validFrom: 2025-01-01
    validThrough: 2025-03-05
`,
  'config/policy.tests.yaml': `version: 1
tests:
  - { user: cecilia, url: "http://casino.example/", at: 2025-03-05T23:59, expect: { verdict: exempt } }
  - { user: cecilia, url: "http://casino.example/", at: 2025-03-06T00:00, expect: { verdict: examine } }
`,
  'config/taxonomy.yaml': `version: 1
categories:
  gambling: { sv: Spel, en: Gambling, class: questionable }
  drugs: { sv: Droger, en: Drugs, class: questionable }
  weapons:
    sv: Vapen
    en: Weapons
    class: forbidden
    statutes:
      - { statute: made up, act: { sv: inneha, en: to possess }, visitIsCrime: false, source: made up }
`,
  'config/directory.csv': `user,roles,department,population,validFrom,validThrough
bo,,Bygg,staff,2020-01-01,
cecilia,counsellor,Social,staff,2020-01-01,
disa,,Nämnden,elected,2020-01-01,
head,,Social,staff,2020-01-01,
`,
  'config/networks.csv': `CIDR,tenant,population,department,shared,persons,validFrom,validThrough
10.20.0.0/16,Provby,staff,Bygg,no,,,
10.30.0.0/16,Provby,pupil,Skolan,yes,,,
`,
  'config/lists/casino/domains': 'casino.example\narmoury.example\n',
  'config/lists/casino/urls': 'kiosk.example/odds\n',
  'config/lists/weapons/domains': 'weapons.example\narmoury.example\n',
  'config/lists/drugs/domains': 'drugs.example\n',
  'config/lists/protected/domains': 'halsa.example\nräddning.example\n',
};
