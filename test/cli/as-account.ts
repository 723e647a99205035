// Runs the program in this process under an account and a clock of the test's own: who somebody is, nothing that they type
// or set decides, so neither a flag nor the environment can.
import { PassThrough, Writable } from 'node:stream';
import type { Io } from '../../src/cli/io.ts';
import { runProgram } from '../../src/cli/program.ts';
import { compose } from '../../src/compose.ts';
import { GranskaError } from '../../src/errors.ts';
import { type Place, ROOT } from './run.ts';

export interface Acting {
  account: string;
  nowMs: number;
  /** Keys folder of the account; that of the place unless given. */
  keysDir?: string;
}

export interface Acted {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs one command as somebody. */
export async function runAs(place: Place, acting: Acting, args: readonly string[]): Promise<Acted> {
  const [out, err] = [collect(), collect()];
  const io: Io = {
    ...{ stdin: new PassThrough(), stdout: out.stream, stderr: err.stream },
    ...{ isTerminal: false, isErrorTerminal: false, columns: 100 },
  };
  const { account, nowMs, keysDir = place.keysDir } = acting;
  const end = (code: number) => ({ stdout: out.text(), stderr: err.text(), code });
  try {
    const code = await runProgram(args, {
      ...{ version: '0', io, signal: new AbortController().signal, onHangup: () => () => {} },
      compose: flags =>
        compose({
          ...{
            flags,
            env: { ...place.env, GRANSKA_KEYS_DIR: keysDir },
            cwd: place.dir,
            packageRoot: ROOT,
            account,
          },
          ...{ clock: { nowMs: () => nowMs }, stderr: process.stderr, tell: text => io.stderr.write(text) },
        }),
    });
    return end(code);
  } catch (error) {
    if (!(error instanceof GranskaError)) throw error;
    io.stderr.write(`${error.message} [${error.code}]\n${error.hint}\n`);
    return end(error.exit);
  }
}

function collect() {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => parts.join('') };
}
