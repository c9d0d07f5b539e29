/** Every command, in the order in which `--help` lists them. A new one is a file here and a line below. */
import type { Command } from '../command.ts';
import { backup } from './backup.ts';
import { completion } from './completion.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { history } from './history.ts';
import { init } from './init.ts';
import { plan } from './plan.ts';
import { prune } from './prune.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { restore } from './restore.ts';
import { undo } from './undo.ts';
import { verify } from './verify.ts';

export const COMMANDS: readonly Command[] = [
  init,
  dev,
  doctor,
  plan,
  push,
  verify,
  undo,
  history,
  backup,
  restore,
  pull,
  prune,
  completion,
];
