/** A wrong secret: the message names the variable, and the secret appears nowhere. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { StoreError } from '../../assets/asset-store.ts';
import { OverseedError } from '../../model/error.ts';
import { listAll, type Promised } from './case.ts';
import { newAsset } from './picture.ts';

export const credentialCases: readonly Promised[] = [
  {
    name: 'a wrong secret is named by its variable, and printed nowhere',
    needs: 'wrongSecret',
    async run({ store, harness, scratch, signal }) {
      const wrong = harness.wrongSecret;
      assert.ok(wrong);
      const refused = await wrong.open(store.prefix);
      const asset = await newAsset(store, scratch);
      assert.ok(refused.credentials.includes(wrong.variable));
      const questions: [string, () => Promise<unknown>][] = [
        ['prepare', () => refused.prepare([asset], signal)],
        ['findLost', () => refused.findLost([asset], signal)],
        ['list', () => listAll(refused, signal)],
      ];
      for (const [name, ask] of questions) {
        const error = await failureOf(ask);
        assert.ok(error instanceof OverseedError, `${name} throws ${inspect(error)}`);
        assert.equal(error.code, 'STORE_AUTH', name);
        assert.ok(error.message.includes(wrong.variable), `${name} says: ${error.message}`);
        assertSilent(error, wrong.secret);
      }
      for (const attempt of [() => refused.put(asset, signal), () => refused.remove([asset], signal)]) {
        const error = await failureOf(attempt);
        assert.ok(error instanceof StoreError, inspect(error));
        assert.equal(error.kind, 'credentials');
        assertSilent(error, wrong.secret);
      }
      assertSilent(refused, wrong.secret);
      assert.deepEqual(await listAll(store, signal), []);
    },
  },
];

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: 'a wrong secret was accepted' });
}

function assertSilent(thing: unknown, secret: string): void {
  const shown = inspect(thing, { depth: 20, showHidden: true });
  assert.ok(!shown.includes(secret) && !JSON.stringify(thing).includes(secret), 'the secret is shown');
}
