/** Runs the action as a runner of GitHub does: its inputs as variables, its script by bash, its outputs from a file. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { type CommandResult, runCommand } from '../support/run-command.ts';
import { cleanEnvironment } from '../support/site.ts';

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id?: string;
      readonly shell: string;
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
}

export interface StepResult extends CommandResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface StepOptions {
  /** The folder of the job. */
  readonly cwd: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** @param folder that holds `action.yml` */
export async function readAction(folder: string): Promise<Action> {
  return parse(await readFile(path.join(folder, 'action.yml'), 'utf8')) as Action;
}

/** @throws Error when an input or an expression is not one of the action's */
export async function runAction(folder: string, { cwd, inputs, env = {} }: StepOptions): Promise<StepResult> {
  const action = await readAction(folder);
  const unknown = Object.keys(inputs).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`The action has no input ${unknown.join()}.`);
  const [step] = action.runs.steps;
  if (step === undefined) throw new Error('The action has no step.');
  const runner = await mkdtemp(path.join(tmpdir(), 'runner '));
  try {
    const files = Object.fromEntries(
      ['script', 'output', 'summary'].map((name) => [name, path.join(runner, name)]),
    ) as Record<'script' | 'output' | 'summary', string>;
    await Promise.all([
      writeFile(files.script, step.run),
      writeFile(files.output, ''),
      writeFile(files.summary, ''),
    ]);
    const variables = Object.entries(step.env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => {
        return inputs[input] ?? action.inputs[input]?.default ?? '';
      }),
    ]);
    const result = await runCommand('bash', ['--noprofile', '--norc', '-eo', 'pipefail', files.script], {
      cwd,
      env: {
        ...cleanEnvironment(),
        ...env,
        ...Object.fromEntries(variables),
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: folder,
        GITHUB_OUTPUT: files.output,
        GITHUB_STEP_SUMMARY: files.summary,
      },
      timeoutMs: 60_000,
    });
    const outputs = parseOutputs(await readFile(files.output, 'utf8'));
    return { ...result, outputs, summary: await readFile(files.summary, 'utf8') };
  } finally {
    await rm(runner, { recursive: true, force: true });
  }
}

/** `name=value` and `name<<mark … mark`, as the runner reads them. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, mark] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name === undefined) {
      const at = line.indexOf('=');
      if (at > 0) outputs[line.slice(0, at)] = line.slice(at + 1);
      continue;
    }
    const end = lines.indexOf(mark ?? '');
    if (end < 0) throw new Error(`The output ${name} does not end.`);
    outputs[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  return outputs;
}
