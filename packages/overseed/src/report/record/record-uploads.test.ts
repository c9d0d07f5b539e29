import { expect, test } from 'vitest';
import { UploadRecorder } from './record-uploads.ts';
import { Thinned } from './thinned.ts';

const stored = (ms: number, atOnce: number) =>
  ({ kind: 'file-stored', path: 'a.png', bytes: 10, ms, atOnce, result: 'stored' }) as const;

test('P10: a million uploads are told in some hundred numbers, which add up', () => {
  const recorder = new UploadRecorder();
  for (let index = 0; index < 1_000_000; index++) {
    // Every hundredth takes a second, and one in a thousand is tried again.
    recorder.hear(
      stored(index % 100 === 0 ? 1_000 : 20 + (index % 10), 1 + (index % 16)),
      1_000 + index / 10,
    );
    if (index % 1_000 === 0)
      recorder.hear(
        { kind: 'upload-retried', path: 'a.png', attempt: 1, reason: 'no', waitMs: 5 },
        index / 10,
      );
  }
  const { files, bytes, retries, latency, slices, dots } = recorder.record();
  expect({ files, bytes, retries }).toEqual({ files: 1_000_000, bytes: 10_000_000, retries: 1_000 });
  expect(latency?.median).toBeGreaterThan(20);
  expect(latency?.median).toBeLessThan(31);
  expect(latency?.p95).toBeLessThan(31);
  expect(latency?.slowest).toBe(1_000);
  expect(slices.length).toBeLessThanOrEqual(120);
  expect(slices.reduce((sum, slice) => sum + slice.files, 0)).toBe(1_000_000);
  expect(slices.reduce((sum, slice) => sum + slice.retries, 0)).toBe(1_000);
  expect(Math.max(...slices.map(({ atOnce }) => atOnce))).toBe(16);
  expect(slices.at(-1)?.endMs).toBeGreaterThanOrEqual(1_000 + 99_999);
  expect(dots.length).toBeGreaterThan(150);
  expect(dots.length).toBeLessThanOrEqual(400);
  expect(dots.at(-1)?.atMs).toBeGreaterThan(95_000);
});

test('what is thinned out stays evenly spread', () => {
  const thinned = new Thinned<number>(8);
  for (let index = 0; index < 1_000; index++) thinned.add(index);
  const gaps = thinned.items.slice(1).map((item, index) => item - (thinned.items[index] as number));
  expect(new Set(gaps).size).toBe(1);
});
