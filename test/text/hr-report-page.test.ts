// The page of the HR report: the same parts in both languages, calm words, and nothing told of what is hidden.
import { expect } from 'chai';
import { hrReportPage } from '../../src/text/hr-report-page.ts';
import type { Block, Page } from '../../src/text/page.ts';
import { pageHtml } from '../../src/text/page-html.ts';
import { aReport } from '../report/hr-report-support.ts';

const shape = (page: Page) => page.sections.map(({ blocks }) => blocks.map(({ kind }) => kind));
const blocksOf = (page: Page): Block[] => page.sections.flatMap(({ blocks }) => [...blocks]);
const textOf = (page: Page): string => pageHtml(page).replace(/<style>.*?<\/style>/s, '');

describe('the page of the HR report', () => {
  it('has the same parts in both languages, and each chart its table', () => {
    const [sv, en] = [hrReportPage(aReport(), 'sv'), hrReportPage(aReport(), 'en')];
    expect(shape(sv)).to.deep.equal(shape(en));
    expect(blocksOf(sv).filter(({ kind }) => kind === 'chart')).to.have.length(2);
    expect(textOf(sv)).to.contain('oktober 2026').and.to.contain('Den enskildes rätt att yttra sig');
    expect(textOf(en)).to.contain('October 2026').and.to.contain('The right of the person to be heard');
  });

  it('tells what grades mean, what else can explain a visit, and what the figures cannot tell (§7.3, §8.3)', () => {
    const text = textOf(hrReportPage(aReport(), 'sv'));
    for (const words of [
      'En HTML-sida visades',
      'en delad inloggning',
      'Hur länge ett besök varade går inte att se',
    ]) {
      expect(text).to.contain(words);
    }
  });

  it('never says that anybody broke a rule or did wrong (§5.2)', () => {
    for (const lang of ['sv', 'en'] as const) {
      expect(textOf(hrReportPage(aReport(), lang))).to.not.match(
        /överträd|förseelse|skyldig|misskötsam|violation|offen[cd]|guilty|misconduct/i,
      );
    }
  });

  it('writes a word where a figure is hidden, and no number for it (§8.2)', () => {
    const page = hrReportPage(aReport(), 'sv');
    const chart = blocksOf(page).filter(block => block.kind === 'chart')[1]!;
    expect(chart.bars.map(({ parts }) => parts.map(({ value }) => value))).to.deep.equal([[null]]);
    expect(textOf(page)).to.contain('deras beslut är dolda med dem');
  });

  it('withholds the reason of a decision that names somebody (§8.1)', () => {
    const named = aReport({ reason: 'x' });
    const [decision] = named.report.decisions;
    const report = { ...named.report, decisions: [{ ...decision!, reason: null }] };
    expect(textOf(hrReportPage({ ...named, report }, 'sv'))).to.contain('visas inte: det nämner någon');
  });

  it('says that counts of a department’s coverage are those of the whole organisation, and escapes what is hostile', () => {
    const text = textOf(hrReportPage(aReport({ department: '<script>alert(1)</script>' }), 'en'));
    expect(text).to.contain('of which this unit is a part').and.to.not.contain('<script');
  });
});
