// The shape of the HR report as `--format json` prints it: what docs/reference/hr-report.schema.json says, and nothing more.
import { z } from 'zod';

const count = z.int().min(0);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const confidence = z.enum(['authenticated', 'lease', 'none']);
const document = z.strictObject({ date: day, reference: z.string() });
const hashes = z.array(sha256);

const measures = z
  .strictObject({
    persons: count.describe('different people; of addresses, those of the busiest day'),
    visits: count.describe('visits; 0 for attempts'),
    records: count.describe('requests'),
    grades: z.strictObject({ A: count, B: count, C: count, D: count }).describe('visits to examine by grade'),
  })
  .nullable()
  .describe('null where it is hidden, so that no small group is given away');

const unit = z.strictObject({
  id: z.string(),
  kind: z.enum(['tenant', 'administration', 'department', 'own']),
  name: z.string(),
  parent: z.string().nullable(),
});

const cell = z.strictObject({
  unit: z.string().describe('id of a unit'),
  category: z.string(),
  examine: measures.describe('visits that remain to be examined'),
  exempt: measures.describe('visits of which decisions exempt all'),
  attempts: measures.describe('requests that the proxy stopped'),
  decisions: z
    .array(z.strictObject({ exemptions: z.array(z.string()), visits: count }))
    .nullable()
    .describe('exempt visits by the decisions that cover them'),
});

const category = z.strictObject({
  name: z.string(),
  sv: z.string(),
  en: z.string(),
  class: z.enum(['forbidden', 'questionable']),
  statutes: z.array(z.string()),
  visitIsCrime: z.boolean().describe('whether by the taxonomy a visit alone can be punishable'),
});

const decision = z.strictObject({
  id: z.string(),
  caseNumber: z.string().nullable(),
  reason: z.string().nullable().describe('null too where it names somebody'),
  validFrom: day.nullable(),
  validThrough: day.nullable(),
  visits: count,
});

const opened = z.strictObject({
  id: z.string(),
  subject: z.string().describe('pseudonym'),
  confidence,
  category: z.string(),
  day,
  departments: z.array(z.string()).describe('empty text: the organisation'),
  visits: z
    .array(
      z.strictObject({
        grade: z.enum(['A', 'B']),
        records: count,
        facts: z.array(z.strictObject({ code: z.string(), values: z.record(z.string(), z.number()) })),
      }),
    )
    .describe('those of grade A and B'),
  weaker: z.strictObject({ C: count, D: count }),
  decision: z
    .strictObject({ outcome: z.enum(['confirmed', 'explained', 'falseMatch', 'dismissed']), day })
    .nullable(),
});

const coverage = z.strictObject({
  from: day,
  through: day,
  completeThrough: day.nullable(),
  isComplete: z.boolean(),
  ...Object.fromEntries(
    [
      ...[
        'records',
        'deniedPerMille',
        'tunnels',
        'named',
        'rejected',
        'refused',
        'rejectedStreams',
        'protected',
      ],
      ...['unreviewed', 'unannounced', 'tooOld', 'authChallenges', 'withoutSubject', 'withdrawn'],
      'sharedNetworks',
    ].map(name => [name, count]),
  ),
  daysWithoutLines: z.array(day),
  departmentsWithoutLines: z.array(z.string()),
  longestGap: z.strictObject({ fromMs: z.int(), toMs: z.int(), hours: count }).nullable(),
});

/** The printed report. */
export const HR_REPORT_SCHEMA = z.strictObject({
  schema: z.literal('granska.hr-report-issue/1'),
  issue: z.strictObject({
    number: z.int().min(1),
    sha256: sha256.describe('of `report` as JSON with sorted keys and no blanks'),
    day: day.describe('on which it was issued'),
    corrects: z.strictObject({ number: z.int().min(1), sha256, reason: z.string() }).nullable(),
  }),
  report: z.strictObject({
    schema: z.literal('granska.hr-report/1'),
    organization: z.string(),
    department: z.string().nullable().describe('null for the whole organisation'),
    month: z.string().regex(/^\d{4}-\d{2}$/),
    timezone: z.string(),
    smallGroup: z.int().min(1),
    policy: z.strictObject({
      from: day,
      notice: document,
      negotiation: document,
      minimumConfidence: confidence,
      reviewed: z.array(z.string()),
    }),
    versions: z.strictObject({ policy: hashes, lists: hashes, directory: hashes }),
    categories: z.array(category),
    units: z.array(unit).min(1).describe('the unit of the report first, then those below it'),
    cells: z.array(cell).describe('what is not there is zero'),
    decisions: z.array(decision),
    cases: z.array(opened).describe('cases that two people opened'),
    coverage,
  }),
});
