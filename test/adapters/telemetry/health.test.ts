import { expect } from 'chai';
import { createHealth } from '../../../src/adapters/telemetry/health.ts';

describe('health', () => {
  it('is not ready before the sources are joined and the store answers', () => {
    const health = createHealth({ nowMs: () => 0 });
    expect(health.report().because).to.deep.equal(['sources-not-joined', 'store-not-answering']);
    health.clear('sources-not-joined');
    expect(health.report().because).to.deep.equal(['store-not-answering']);
    health.clear('store-not-answering');
    expect(health.report()).to.include({ life: 'alive' }).and.deep.include({ because: [], warnings: [] });
  });

  it('stays ready under a warning', () => {
    const health = createHealth({ nowMs: () => 0 });
    health.clear('sources-not-joined');
    health.clear('store-not-answering');
    health.raise('parse-rate-low');
    expect(health.report()).to.deep.include({ because: [], warnings: ['parse-rate-low'] });
    health.clear('parse-rate-low');
    expect(health.report().warnings).to.deep.equal([]);
  });

  it('is silent where work has begun and no beat followed in time', () => {
    let nowMs = 1_000;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    health.beat('files', 'working');
    nowMs += 4_999;
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 4_999 });
    nowMs += 1;
    expect(health.report().life).to.equal('silent');
    health.beat('files', 'working');
    expect(health.report().life).to.equal('alive');
  });

  it('takes a sign of the store for one of the worker that waits for it, and of no other', () => {
    let nowMs = 0;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    health.beat('writes', 'working');
    health.beat('rests', 'waiting');
    for (nowMs = 0; nowMs < 60_000; nowMs += 1_000) {
      for (const source of ['writes', 'rests', 'never heard of']) health.renew(source);
    }
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 1_000 });
    health.beat('hangs', 'working');
    nowMs += 5_000;
    health.renew('writes');
    expect(health.report()).to.include({ life: 'silent', beatAgoMs: 5_000 });
  });

  it('forgets what is over: its last beat is nobody’s, and whoever has not begun is given time', () => {
    let nowMs = 0;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    health.beat('the store', 'waiting');
    nowMs = 3_600_000;
    health.forget('the store');
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 0 });
    nowMs += 5_000;
    expect(health.report().life).to.equal('silent');
    health.beat('files', 'waiting');
    nowMs += 1_000;
    health.forget('the store');
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 1_000 });
  });

  it('is silent where it never began', () => {
    let nowMs = 0;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    nowMs = 5_000;
    expect(health.report().life).to.equal('silent');
  });

  it('is silent where one of its sources hangs while others go on', () => {
    let nowMs = 0;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    health.beat('stuck', 'working');
    nowMs = 4_999;
    health.beat('busy', 'working');
    health.beat('idle', 'waiting');
    expect(health.report().life).to.equal('alive');
    nowMs = 5_000;
    health.beat('busy', 'working');
    expect(health.report()).to.include({ life: 'silent', beatAgoMs: 5_000 });
  });

  it('is alive however long it waits for lines', () => {
    let nowMs = 0;
    const health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    health.beat('files', 'waiting');
    nowMs = 86_400_000;
    expect(health.report().life).to.equal('alive');
  });
});
