/** Every command, in the order in which `--help` lists them. A new one is a file here and a line below. */
import type { Command } from '../command.ts';
import { history } from './history.ts';
import { plan } from './plan.ts';
import { push } from './push.ts';
import { restore } from './restore.ts';
import { undo } from './undo.ts';
import { verify } from './verify.ts';

export const COMMANDS: readonly Command[] = [plan, push, verify, undo, restore, history];
