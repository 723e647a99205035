import { expect } from 'chai';
import { holdHangups } from '../../src/compose/hold-hangups.ts';

describe('hangups before there is a listener', () => {
  const listeners = new Set<() => void>();
  const onHangup = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const come = () => {
    for (const listener of [...listeners]) listener();
  };
  beforeEach(() => listeners.clear());

  it('§10 are told once, when there is one, and each one after that', () => {
    const held = holdHangups(onHangup);
    let told = 0;
    come();
    come();
    const end = held.onHangup(() => told++);
    expect(told).to.equal(1);
    come();
    expect(told).to.equal(2);
    end();
    come();
    expect(told).to.equal(2);
    expect(listeners.size).to.equal(0);
  });

  it('§10 are not made up where none came', () => {
    const held = holdHangups(onHangup);
    let told = 0;
    held.onHangup(() => told++);
    expect(told).to.equal(0);
  });
});
