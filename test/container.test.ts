// The image holds what the program needs, and nothing of data, keys or logs can slip into it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '..');
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  license: string;
};

describe('the container image', () => {
  it('is sent exactly what it copies, each of which is there', () => {
    const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'));
    expect(rules[0]).to.equal('*');
    const sent = rules.slice(1).map(rule => rule.replace(/^!/, ''));
    expect(rules.slice(1).every(rule => rule.startsWith('!'))).to.equal(true);
    expect(sent).to.have.members([...new Set(copied())]);
    expect(sent.filter(name => !existsSync(join(ROOT, name)))).to.deep.equal([]);
  });

  it('is labelled with the version and licence of the program', () => {
    expect(labelOf('version')).to.equal(MANIFEST.version);
    expect(labelOf('licenses')).to.equal(MANIFEST.license);
  });

  it('runs as a user that is not root, by a Node that strips types', () => {
    expect(DOCKERFILE).to.match(/^USER 10001:10001$/m);
    expect(bases()).to.not.be.empty;
    for (const base of bases()) expect(Number(/^node:(\d+)/.exec(base)?.[1]), base).to.be.at.least(24);
  });

  it('has a health check that lies in it', () => {
    const [, script] = /^HEALTHCHECK .* CMD \["node", "\/app\/([^"]+)"\]$/m.exec(DOCKERFILE)!;
    expect(existsSync(join(ROOT, script!)), script).to.equal(true);
    expect(copied()).to.include(script!.split('/')[0]);
  });
});

/** Gives what is copied from the checkout, not from another stage. */
function copied(): string[] {
  return [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(match => match[1]!.split(' '));
}

function labelOf(name: string): string | undefined {
  return new RegExp(`org\\.opencontainers\\.image\\.${name}="([^"]*)"`).exec(DOCKERFILE)?.[1];
}

function bases(): string[] {
  return [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(match => match[1]!);
}
