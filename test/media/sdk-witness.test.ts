/** An independent witness: the official SDK finds in the store exactly what the ledger claims. */
import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { gallery, mediaBench } from '../support/media.ts';

interface Listed {
  readonly resources: readonly { readonly public_id: string; readonly bytes: number }[];
}

test('the official SDK lists exactly the public IDs of the ledger, with equal ETags and sizes', async () => {
  await using bench = await mediaBench();
  await bench.paint(...(Object.values(gallery(30)) as string[]));
  await bench.push(gallery(30));
  await bench.push(gallery(20));
  await bench.age(8);
  await bench.push(gallery(15));
  // Ten are gone, five wait for their grace period to end, fifteen are in use.
  await bench.prune();

  // The SDK chooses http or https when it is loaded, from this variable.
  process.env.CLOUDINARY_URL = bench.cloudinary.cloudinaryUrl;
  const { v2: sdk } = await import('cloudinary');
  sdk.config({ hide_sensitive: true });
  const agent = new Agent({ keepAlive: true });
  try {
    const options = { type: 'upload', prefix: 'site/', max_results: 500, agent };
    const { resources } = (await sdk.api.resources(options)) as Listed;
    const seen = await Promise.all(
      resources.map(async ({ public_id, bytes }) => {
        const { etag } = (await sdk.api.resource(public_id, { agent })) as { etag: string };
        return { publicId: public_id, etag, bytes };
      }),
    );
    const claimed = (await bench.ledger()).map(({ publicId, etag, bytes }) => ({ publicId, etag, bytes }));
    expect(claimed).toHaveLength(20);
    expect(seen.toSorted((a, b) => (a.publicId < b.publicId ? -1 : 1))).toEqual(claimed);
  } finally {
    agent.destroy();
    delete process.env.CLOUDINARY_URL;
  }
});
