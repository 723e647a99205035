// Where the real servers of the tests live, and how they are fetched: as ordinary Maven artifacts, into a folder
// outside the checkout. Nothing of them is committed or shipped.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Names the folder that holds all servers; makes it where it is missing. */
export function enginesFolder(): string {
  const folder = process.env.GRANSKA_ENGINES_DIR ?? join(homedir(), '.cache', 'granska-engines');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Tells whether a server that cannot be had is a failure. */
export function areEnginesRequired(): boolean {
  return process.env.GRANSKA_REQUIRE_ENGINES === '1';
}

/** Copies one Maven artifact (`group:name:version:packaging`) into a folder. */
export async function fetchArtifact(artifact: string, folder: string): Promise<void> {
  await run(
    'mvn',
    [
      '-q',
      '-B',
      'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${folder}`,
    ],
    { cwd: folder, timeout: 300_000 },
  );
}

/** Finds an installed Java of a range of major versions, the oldest that fits. */
export function findJava(range: { from: number; to: number }): string {
  const found: { major: number; home: string }[] = [];
  for (const home of javaHomes()) {
    const major = javaMajor(home);
    if (major !== null && major >= range.from && major <= range.to) found.push({ major, home });
  }
  found.sort((a, b) => a.major - b.major);
  if (found.length === 0) throw new Error(`no Java ${range.from} to ${range.to} is installed`);
  return found[0]!.home;
}

/** Gives a free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

const JVM_FOLDER = '/usr/lib/jvm';

function javaHomes(): string[] {
  const homes = existsSync(JVM_FOLDER) ? readdirSync(JVM_FOLDER).map(name => join(JVM_FOLDER, name)) : [];
  return process.env.JAVA_HOME === undefined ? homes : [...homes, process.env.JAVA_HOME];
}

function javaMajor(home: string): number | null {
  const release = join(home, 'release');
  if (!existsSync(release)) return null;
  const version = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, 'utf8'));
  return version === null ? null : Number(version[1]);
}
