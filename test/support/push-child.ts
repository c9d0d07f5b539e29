/**
 * A real push in a process of its own, to be killed. It loads everything, says `ready`, and waits for one line on standard
 * input: the push as JSON. Then it says `uploading` when the first file goes out, `uploaded`, and `applied`.
 */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openCloudinaryStore } from '../../packages/overseed/src/assets/cloudinary/open.ts';
import type { CloudinaryAccount } from '../../packages/overseed/src/model/cloudinary-account.ts';
import { startRun } from '../../packages/overseed/src/model/run.ts';
import { push } from '../../packages/overseed/src/push.ts';
import { openHranaTarget } from '../../packages/overseed/src/target/hrana/open.ts';

export interface ChildPush {
  readonly database: { readonly url: string; readonly token: string };
  readonly account: CloudinaryAccount;
  readonly images: string;
  /** Of the table `pictures`. */
  readonly rows: readonly { readonly id: number; readonly title: string; readonly image: string }[];
}

const say = (word: string) => process.stdout.write(`${word}\n`);

async function work({ database, account, images, rows }: ChildPush): Promise<void> {
  await using target = openHranaTarget({ ...database, variables: { url: 'URL', token: 'TOKEN' } });
  const emit: Parameters<typeof startRun>[0]['emit'] = (event) => {
    if (event.kind === 'stage-started' && event.stage === 'upload') say('uploading');
    if (event.kind === 'stage-finished' && event.stage === 'upload') say('uploaded');
  };
  const outcome = await push(
    {
      source: {
        label: 'the child',
        tables: [
          {
            name: 'pictures',
            columns: undefined,
            rows: () =>
              rows.map(({ id, title, image }) => ({
                values: new Map<string, bigint | string>([
                  ['id', BigInt(id)],
                  ['title', title],
                  ['image', image],
                ]),
                problems: [],
              })),
          },
        ],
      },
      target,
      assetStore: openCloudinaryStore(account, 'site'),
      assetColumns: {
        pictures: [
          {
            root: images,
            path: 'image',
            url: 'url',
            publicId: 'public_id',
            done: 'done',
            cache: path.join(images, '.cache'),
          },
        ],
      },
      backups: undefined,
      howToMigrate: '',
    },
    'overwrite',
    startRun({ signal: new AbortController().signal, emit }),
  );
  say(outcome.status);
}

// Only as a program; a test imports the type.
if (process.argv[1] === import.meta.filename) {
  say('ready');
  const lines = createInterface({ input: process.stdin });
  lines.once('line', (line) => {
    lines.close();
    void work(JSON.parse(line) as ChildPush);
  });
}
