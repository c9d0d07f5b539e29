/**
 * The step of the GitHub Action: runs the Overseed that the project has installed, shows what it says, and writes job
 * summary and outputs. Plain JavaScript without dependencies, because any Node that a runner has must do.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findOverseed } from './find-overseed.mjs';
import { BadInput, readInputs } from './inputs.mjs';
import { error, logLine } from './log.mjs';
import { outputLines } from './outputs.mjs';
import { hear, startReport } from './report.mjs';
import { summaryOf } from './summary.mjs';

async function main() {
  const inputs = readInputs(process.env);
  const { program, args } = findOverseed(inputs.folder);
  const report = startReport(inputs.command);
  const child = spawn(program, [...args, ...inputs.args], {
    cwd: inputs.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A runner cancels by signal, and Overseed then leaves things whole: it must be told.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const event = parse(line);
    if (event === undefined) continue;
    hear(report, event);
    for (const text of logLine(event)) console.log(text);
  }
  const [code, signal] = await ended;
  const exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  const outputs = { ...report, exitCode };
  append(process.env.GITHUB_OUTPUT, outputLines(outputs));
  if (inputs.summary) append(process.env.GITHUB_STEP_SUMMARY, summaryOf(outputs));
  return exitCode;
}

/** Whatever is no event is shown as it is, but cannot be taken for a command to the runner. */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    // Something that the project's own code has printed.
    console.log(`| ${line}`);
    return undefined;
  }
}

/** On a machine that is no runner there are no such files. */
function append(file, text) {
  if (file) appendFileSync(file, text);
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (problem) => {
    if (!(problem instanceof BadInput)) throw problem;
    console.log(error('Overseed', problem.message));
    append(process.env.GITHUB_OUTPUT, outputLines({ ...startReport('plan'), exitCode: 4 }));
    process.exitCode = 4;
  },
);
