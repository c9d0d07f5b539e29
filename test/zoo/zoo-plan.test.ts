/** For every schema of the zoo: a plan that was saved is the plan that a push makes a moment later, and is pushed. */
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { plan, push } from '../../packages/overseed/src/push.ts';
import { readPlan } from '../../packages/overseed/src/saved-plan/read-plan.ts';
import type { Fixture } from './fixture.ts';
import { fixtures } from './fixtures/index.ts';
import { newRun, partsFor, setUp } from './journey.ts';
import { fileTarget, type ZooTarget } from './zoo-target.ts';

let target: ZooTarget;
beforeAll(async () => {
  target = await fileTarget();
});
afterAll(() => target[Symbol.asyncDispose]());
beforeEach(() => target.reset());

const isAccepted = ({ expect: refusal }: Fixture) => refusal === undefined || refusal.on === 'sqld';

test.each(fixtures.filter(isAccepted))('$name', async (fixture) => {
  await setUp(target, fixture);
  const file = path.join(target.folder, 'plan.json');
  await using opened = target.open();
  const parts = partsFor(target, opened, fixture, fixture.tables);
  await plan(parts, newRun(), file);
  const reviewed = await readPlan(file);
  const { status } = await push({ ...parts, reviewed }, 'overwrite', newRun());
  expect(['applied', 'unchanged']).toContain(status);
});
