/** What uploads cost, beside what the plan of the store allows: said before, and afterwards. */
import { describe, expect, test } from 'vitest';
import { textRenderer } from '../../packages/overseed/src/cli/render/text.ts';
import type { Event } from '../../packages/overseed/src/model/event.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { addedTo } from '../../packages/overseed/src/model/store-cost.ts';
import { plan } from '../../packages/overseed/src/push.ts';
import { gallery, mediaBench } from '../support/media.ts';

function textOf(events: readonly Event[]): string {
  let text = '';
  const render = textRenderer({
    write: (piece) => {
      text += piece;
    },
    isTerminal: false,
    color: false,
    undoCommand: () => '',
    howToOverwrite: '',
  });
  for (const event of events) render(event);
  return text;
}

const warnings = (events: readonly Event[]) =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

describe.concurrent('the cost of uploads', () => {
  test('is in the plan and in the outcome, as data and as text', async () => {
    await using bench = await mediaBench({ cloudinary: { plan: { creditsUsed: 3 } } });
    await bench.paint(...(Object.values(gallery(20)) as string[]));
    const { outcome, events } = await bench.push(gallery(20));
    const bytes = bench.cloudinary.assets().reduce((sum, asset) => sum + asset.bytes, 0);
    if (outcome.status !== 'applied') throw new Error(outcome.status);
    expect(outcome.storeCost).toEqual(outcome.plan.storeCost);
    expect(outcome.storeCost).toMatchObject({ store: 'Cloudinary (demo)', uploads: 20, bytes });
    const added = new Map(
      outcome.storeCost?.quotas.map((quota) => [quota.name, addedTo(quota, outcome.storeCost as never)]),
    );
    expect(added.get('transformations')).toBe(20);
    expect(added.get('storage')).toBe(bytes);
    expect(added.get('credits')).toBeCloseTo(20 / 1_000 + bytes / 1e9, 9);
    const credits = outcome.storeCost?.quotas.find(({ name }) => name === 'credits');
    expect(credits).toMatchObject({ used: 3, limit: 25 });
    const text = textOf(events);
    expect(text.match(/credits \+0\.02, then 3\.02 of 25/g)).toHaveLength(2);
    expect(text).toMatch(/transformations \+20, then 20\n/);
    expect(warnings(events)).toEqual([]);
    // Afterwards the store itself counts as was said.
    await bench.paint('more.png');
    const more = await bench.push({ 1: 'more.png' });
    const after = more.outcome.plan.storeCost?.quotas.find(({ name }) => name === 'transformations');
    expect(after?.used).toBe(20);
  });

  test('a dry run says it too, and warns before the plan would be broken', async () => {
    await using bench = await mediaBench({ cloudinary: { plan: { creditsUsed: 24.99 } } });
    await bench.paint(...(Object.values(gallery(20)) as string[]));
    await using target = bench.target.open();
    const events: Event[] = [];
    const run = startRun({ signal: new AbortController().signal, emit: (event) => events.push(event) });
    const outcome = await plan(bench.parts(gallery(20), target), run);
    expect(outcome.plan.storeCost?.uploads).toBe(20);
    expect(warnings(events)).toEqual([
      'Cloudinary (demo): these uploads do not fit into the plan, credits would reach 101 % of what it allows.',
    ]);
    expect(bench.cloudinary.counters()).toMatchObject({ uploadRequests: 0, adminCalls: 1 });
  });

  test('of an older plan, that limits the number of objects', async () => {
    await using bench = await mediaBench({ cloudinary: { plan: { objectsLimit: 21 } } });
    await bench.paint(...(Object.values(gallery(20)) as string[]));
    const { events } = await bench.push(gallery(20));
    expect(warnings(events)).toEqual([
      "Cloudinary (demo): after these uploads, 95 % of the plan's objects are used.",
    ]);
    await bench.paint('21.png', '22.png');
    const second = await bench.push({ ...gallery(20), 21: '21.png', 22: '22.png' });
    expect(warnings(second.events)).toEqual([
      'Cloudinary (demo): these uploads do not fit into the plan, objects would reach 105 % of what it allows.',
    ]);
  });
});
