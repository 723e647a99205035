// judge-policy-test: one policy test → what the whole chain says of it. The record that a log would have held goes through
// the same judge as every line, what is flagged becomes findings as in a scan, and these the visits that people count.
// Invariant: nothing is stored, and no pseudonym is made: all records of a test are one subject's.
import { buildFinding } from '../finding/build.ts';
import { fillAnswer } from '../format/answer.ts';
import type { Finding } from '../model/finding.ts';
import { blankRecord, type LogRecord } from '../model/record.ts';
import type { Judged } from '../pipeline/judge.ts';
import { mayBeCase } from '../policy/may-be-case.ts';
import type { Policy } from '../policy/policy.ts';
import type { PolicyTest, RecordOutcome, TestOutcome } from '../policy/policy-test.ts';
import { siteOf } from '../url/site.ts';
import { visitsOf } from '../visit/visits-of.ts';
import { visitRulesOf } from './visit-rules.ts';

/** What judges a policy test. */
export interface TestJudge {
  policy: Policy;
  judge(record: LogRecord): Judged;
}

/** Judges a policy test as its records would be judged. */
export async function judgePolicyTest(test: PolicyTest, { policy, judge }: TestJudge): Promise<TestOutcome> {
  const records: RecordOutcome[] = [];
  const findings: Finding[] = [];
  const cases = new Set<string>();
  for (let number = 0; number < test.records; number++) {
    const record = recordOf(test, test.atMs + number * test.gapMs);
    const judged = judge(record);
    const { kind, subject, decision } = judged;
    records.push({ kind, decision, subject });
    const found = findingsOf({ test, record, judged, number });
    findings.push(...found);
    for (const finding of found) {
      if (finding.verdict === 'examine' && mayBeCase(policy, finding)) cases.add(finding.category);
    }
  }
  const visits: TestOutcome['visits'][number][] = [];
  if (test.expect.grade !== null) {
    for await (const { category, grade } of visitsOf(streamOf(findings), visitRulesOf(policy)))
      visits.push({ category, grade });
  }
  return { records, visits, cases: [...cases] };
}

/** Makes the record that a log would have held. */
function recordOf(test: PolicyTest, startMs: number): LogRecord {
  const endMs = startMs + (test.elapsedMs ?? 0);
  const record = Object.assign(blankRecord(), {
    ...{ stampMs: endMs, startMs, endMs, durationMs: test.elapsedMs },
    client: test.client,
    user: test.user,
    method: test.method,
    url: test.url,
    status: test.status,
    bytes: test.bytes,
    mime: test.mime,
    userAgent: test.agent,
  });
  fillAnswer(record, test.denied ? 'denied' : 'allowed');
  return record;
}

function findingsOf(made: {
  test: PolicyTest;
  record: LogRecord;
  judged: Judged;
  number: number;
}): Finding[] {
  const { test, record, judged, number } = made;
  const { subject, decision, categories } = judged;
  return (decision?.judgements ?? []).map(judgement =>
    buildFinding({
      id: `${number}:${judgement.category}`,
      recordId: `${number}`,
      stream: 'test',
      offset: number,
      path: null,
      observer: null,
      ingestedMs: record.endMs,
      record,
      subject,
      subjectId: subject.kind === 'none' ? null : 'subject',
      clientId: null,
      match: categories.get(judgement.category)![0]!,
      judgement,
      referrer: test.referrer,
      versions: { lists: null, policy: null, directory: null },
      siteOf,
      holdsProtected: () => false,
    }),
  );
}

async function* streamOf(findings: readonly Finding[]): AsyncIterable<Finding> {
  yield* findings;
}
