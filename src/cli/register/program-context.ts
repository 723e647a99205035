// What a part of the command line needs to add its commands to the program.
import type { Command } from 'commander';
import type { ExitCode } from '../../errors.ts';
import type { App } from '../app.ts';
import type { Io } from '../io.ts';

export interface ProgramContext {
  program: Command;
  io: Io;
  signal: AbortSignal;
  /** Makes what the commands ask for, by the flags of this call. */
  app(): App;
  /** Is told a command's exit code. */
  done(exit: ExitCode): void;
}
