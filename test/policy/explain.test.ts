import { expect } from 'chai';
import { decide } from '../../src/policy/decide.ts';
import { explainDecision } from '../../src/policy/explain.ts';
import { exemption, policy, subject, target, visit } from './support.ts';

const exemptions = [
  exemption({ id: 'E-old', validThrough: '2026-03-31' }),
  exemption({ id: 'E-new', validFrom: '2026-12-01' }),
  exemption({ id: 'E-night', hours: '22:00-06:00' }),
  exemption({ id: 'E-friday', weekdays: ['friday'] }),
  exemption({ id: 'E-site', sites: ['poker.example'] }),
  exemption({ id: 'E-role', users: [], roles: ['investigator'] }),
  exemption({ id: 'E-else', tenant: 'region' }),
  exemption({ id: 'E-fits', users: [], departments: ['Omsorg'] }),
];

describe('policy/explain', () => {
  it('says of every exemption why it did or did not apply', () => {
    const { lines } = explainDecision(policy({ exemptions }), visit());
    expect(lines).to.deep.equal([
      'population staff is reviewed',
      'category gambling (questionable), announced to staff from 1970-01-01',
      '  exemption E-fits (case KS 1) applies: it covers the department Omsorg, valid from 2026-01-01 through 2026-12-31',
      '  exemption E-old (case KS 1) does not apply: it was no longer valid (valid from 2026-01-01 through 2026-03-31)',
      '  exemption E-new (case KS 1) does not apply: it was not yet valid (valid from 2026-12-01 through 2026-12-31)',
      '  exemption E-night (case KS 1) does not apply: it is limited to 22:00-06:00, and it was 10:00',
      '  exemption E-friday (case KS 1) does not apply: it is limited to friday, and it was monday 10:00',
      '  exemption E-site (case KS 1) does not apply: it is limited to 1 site, and the visit was not there',
      '  exemption E-role (case KS 1) does not apply: it covers the role investigator, and the subject had none of that then',
      '  exemption E-else (case KS 1) does not apply: it is a decision of another organization',
      '  gambling: exempt under E-fits',
    ]);
  });

  it('says why there is no verdict', () => {
    const attempt = explainDecision(policy({ exemptions }), visit({ access: 'denied' }));
    expect(attempt.lines.at(-1)).to.contain('attempt without verdict (§2.4)');
    const untold = explainDecision(policy({ categories: { gambling: { lists: ['casino'] } } }), visit());
    expect(untold.lines.slice(-2)).to.deep.equal([
      'category gambling (questionable), never announced to staff',
      '  gambling: not announced then, so it is only counted (§5.6)',
    ]);
    const pupil = explainDecision(policy(), visit({ subject: subject({ population: 'pupil' }) }));
    expect(pupil.lines[0]).to.equal('population pupil is not reviewed: the visit is only counted (§3.3)');
    expect(pupil.reviewed).to.equal(false);
    expect(explainDecision(policy(), visit()).lines.at(-1)).to.contain('no exemption names the category');
  });

  it('names no user', () => {
    const text = explainDecision(policy({ exemptions }), visit()).lines.join('\n');
    expect(text).to.not.match(/anna|chief/);
  });

  it('tells the same as decide does', () => {
    const categories = ['gambling', 'drugs'].map(category => ({
      category,
      targets: [target('poker.example')],
    }));
    const made = policy({ exemptions });
    const judged = decide(made, visit({ categories })).judgements;
    const told = explainDecision(made, visit({ categories })).categories;
    expect(told.map(item => item.verdict)).to.deep.equal(judged.map(item => item.verdict));
    expect(told.map(item => item.exemptions.filter(one => one.applied).map(one => one.id))).to.deep.equal(
      judged.map(item => item.exemptions),
    );
    expect(told[0]!.exemptions.filter(one => one.shown).map(one => one.id)).to.deep.equal(['E-site']);
  });
});
