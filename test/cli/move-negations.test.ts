import { expect } from 'chai';
import { moveNegations } from '../../src/cli/move-negations.ts';

const takesValue = (flag: string) => ['--sort', '--limit', '--config'].includes(flag);
const move = (line: string) => moveNegations(line.split(' '), takesValue).join(' ');

describe('the negations of a query', () => {
  it('go behind the options, in their order', () => {
    expect(move('search -verdict:exempt casino -hotel --limit 5 -"a')).to.equal(
      'search casino --limit 5 -- -verdict:exempt -hotel -"a',
    );
    expect(move('--config x search -Vaping')).to.equal('--config x search -- -Vaping');
    expect(move('search -a:b -- -c:d')).to.equal('search -- -a:b -c:d');
  });

  it('are not the values of options, nor options', () => {
    for (const line of [
      'search --sort -start',
      'search -h',
      'search --help',
      'search casino',
      'search --limit',
    ]) {
      expect(move(line)).to.equal(line);
    }
  });

  it('go the same way for visits', () => {
    expect(move('visits -grade:D --limit 5 -verdict:exempt')).to.equal(
      'visits --limit 5 -- -grade:D -verdict:exempt',
    );
  });

  it('are those of a query only', () => {
    for (const line of ['lists compile dir -oimage', '--config search scan -x:y', 'scan search -x:y']) {
      expect(move(line)).to.equal(line);
    }
  });
});
