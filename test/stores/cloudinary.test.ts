/** Cloudinary's store keeps the contract of all stores. */
import { type CloudinaryEmulator, startCloudinary } from 'local-cloud';
import { assetStoreContract } from 'overseed/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';

let emulator: CloudinaryEmulator;

beforeAll(async () => {
  emulator = await startCloudinary();
});
afterAll(() => emulator.stop());

const account = (apiSecret = emulator.apiSecret) => ({
  cloudName: emulator.cloudName,
  apiKey: emulator.apiKey,
  apiSecret,
  apiBase: emulator.url,
  deliveryBase: emulator.url,
});

describe.concurrent('Cloudinary', () => {
  const contract = assetStoreContract({
    open: (prefix) => openCloudinaryStore(account(), prefix),
    async tamper({ publicId }, bytes) {
      const body = new FormData();
      body.set('public_id', publicId);
      body.set('overwrite', 'true');
      body.set('file', new Blob([Uint8Array.from(bytes)]), 'other.png');
      const { cloudName, apiKey, apiSecret, url } = emulator;
      const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
      const answer = await fetch(`${url}/v1_1/${cloudName}/image/upload`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    wrongSecret: {
      open: (prefix) => openCloudinaryStore(account('wr0ng-s3cret'), prefix),
      secret: 'wr0ng-s3cret',
      variable: 'CLOUDINARY_API_SECRET',
    },
  });
  for (const { name, run } of contract) test(name, run);
});
