import { expect } from 'chai';
import { told } from './kit.ts';

describe('the meters', () => {
  it('§2.1 count lines by what became of them', async () => {
    const { telemetry, value } = told();
    telemetry.linesRead({ records: 90, rejected: 7, skipped: 3, bytes: 16_800 });
    telemetry.linesRead({ records: 10, rejected: 0, skipped: 0, bytes: 1_680 });
    telemetry.rejected('fields', 7);
    expect(await value('granska_lines_total{outcome="records"}')).to.equal(100);
    expect(await value('granska_lines_total{outcome="rejected"}')).to.equal(7);
    expect(await value('granska_lines_total{outcome="skipped"}')).to.equal(3);
    expect(await value('granska_read_bytes_total')).to.equal(18_480);
    expect(await value('granska_rejects_total{code="fields"}')).to.equal(7);
  });

  it('§2.4 count findings by class and verdict, attempts apart, beginning at 0', async () => {
    const { telemetry, value } = told();
    telemetry.found({ class: 'forbidden', verdict: 'attempt', count: 2 });
    expect(await value('granska_findings_total{class="forbidden",verdict="attempt"}')).to.equal(2);
    expect(await value('granska_findings_total{class="questionable",verdict="exempt"}')).to.equal(0);
  });

  it('tell what was written, how long it took and when', async () => {
    const { telemetry, value } = told();
    expect(await value('granska_last_write_timestamp_seconds')).to.equal(0);
    telemetry.written({ durationMs: 250, added: 5, known: 1, bytes: 400 });
    telemetry.storeAnswered(20);
    expect(await value('granska_write_seconds_sum')).to.equal(0.25);
    expect(await value('granska_write_seconds_bucket{le="0.1"}')).to.equal(0);
    expect(await value('granska_write_seconds_bucket{le="0.3"}')).to.equal(1);
    expect(await value('granska_stored_findings_total{result="new"}')).to.equal(5);
    expect(await value('granska_stored_findings_total{result="known"}')).to.equal(1);
    expect(await value('granska_stored_bytes_total')).to.equal(400);
    expect(await value('granska_last_write_timestamp_seconds')).to.equal(1790575672.123);
    expect(await value('granska_store_request_seconds_count')).to.equal(1);
  });

  it('tell what the work stands still for, and that it goes on', async () => {
    const { telemetry, value } = told();
    telemetry.waits('store', 'standing-still');
    telemetry.waits('source', 'going-on');
    expect(await value('granska_waiting{for="store"}')).to.equal(1);
    expect(await value('granska_waiting{for="source"}')).to.equal(0);
    telemetry.waits('source', 'standing-still');
    telemetry.waits('store', 'going-on');
    expect(await value('granska_waiting{for="store"}')).to.equal(0);
    expect(await value('granska_waiting{for="source"}')).to.equal(1);
  });

  it('count retries, fences, reloads and dead letters; an unknown kind of these is `other`', async () => {
    const { telemetry, value, text } = told();
    telemetry.storeRetried();
    telemetry.fenced(2);
    telemetry.reloaded('refused');
    telemetry.deadLettered(3);
    telemetry.deadLettered(1);
    expect(await value('granska_store_retries_total')).to.equal(1);
    expect(await value('granska_fenced_total')).to.equal(2);
    expect(await value('granska_configuration_reloads_total{result="refused"}')).to.equal(1);
    expect(await value('granska_configuration_reloads_total{result="ok"}')).to.equal(0);
    expect(await value('granska_dead_letters_total')).to.equal(4);
    expect(await telemetry.metrics.text()).to.not.contain('casino');
    expect(text()).to.equal('');
  });

  it('forget a partition that is another worker’s', async () => {
    const { telemetry, value } = told();
    telemetry.lag([
      { topic: 'squid', partition: 0, messages: 12 },
      { topic: 'squid', partition: 1, messages: 0 },
    ]);
    expect(await value('granska_lag_messages{topic="squid",partition="0"}')).to.equal(12);
    telemetry.lag([{ topic: 'squid', partition: 1, messages: 4 }]);
    expect(await value('granska_lag_messages{topic="squid",partition="0"}')).to.equal(null);
    expect(await value('granska_lag_messages{topic="squid",partition="1"}')).to.equal(4);
  });

  it('§9.4 name what judges now: one configuration, or those that do not agree yet', async () => {
    const { telemetry } = told();
    const [a, c] = ['a', 'c'].map(digit => ({
      ...{ lists: digit.repeat(64), policy: 'b'.repeat(64), directory: null },
    }));
    const series = async () => (await telemetry.metrics.text()).match(/^granska_configuration_info.*$/gm);
    telemetry.judgedBy([a!, c!]);
    expect((await series())?.length).to.equal(2);
    telemetry.judgedBy([c!, c!]);
    expect(await series()).to.deep.equal([
      'granska_configuration_info{lists="cccccccccccc",policy="bbbbbbbbbbbb",directory=""} 1',
    ]);
  });

  it('are not stopped by a number that is none, or less than none', async () => {
    const { telemetry, value } = told();
    telemetry.linesRead({ records: -1, rejected: Number.NaN, skipped: 1, bytes: Number.POSITIVE_INFINITY });
    expect(await value('granska_lines_total{outcome="records"}')).to.equal(0);
    expect(await value('granska_lines_total{outcome="skipped"}')).to.equal(1);
  });

  it('tell of the process too', async () => {
    const { telemetry, value } = told();
    expect(await value('nodejs_heap_size_used_bytes')).to.be.greaterThan(1_000_000);
    expect(await telemetry.metrics.text()).to.contain('nodejs_eventloop_lag_p99_seconds');
  });

  it('have names as Prometheus wants them: counters end in _total, times in _seconds', async () => {
    const types = [...(await told().telemetry.metrics.text()).matchAll(/^# TYPE (granska_\w+) (\w+)$/gm)];
    expect(types.length).to.be.greaterThan(15);
    for (const [, name, type] of types) {
      expect(name!.endsWith('_total'), name).to.equal(type === 'counter');
      if (type === 'histogram') expect(name).to.match(/_seconds$/);
    }
  });
});
