/** `POST /:resource_type/upload`: checks everything Cloudinary would check, then stores. */
import { randomBytes } from 'node:crypto';
import { notEmulated } from '../api-error.ts';
import { type Asset, type ResourceType, uploadAnswer } from '../asset.ts';
import { type Incoming, keyOf } from '../asset-store.ts';
import type { Call, Emulation } from '../call.ts';
import type { ImageFacts } from '../image.ts';
import { jsonReply, type Reply } from '../reply.ts';
import { examine } from './examine.ts';
import { nameAsset } from './name-asset.ts';
import { parseContext } from './parse-context.ts';
import { readFile } from './read-file.ts';
import { applyIncomingTransformation } from './transform.ts';

export async function upload(call: Call, emulation: Emulation): Promise<Reply> {
  const { parameters } = call;
  refuseWhatIsNotEmulated(call);
  const mayOverwrite = parameters.flag('overwrite') ?? true;
  const file = await readFile(call, emulation.assets);
  let incoming: Incoming = file;
  try {
    const facts = await examine(file, call, emulation);
    const resourceType: ResourceType = facts ? 'image' : 'raw';
    const name = nameAsset(parameters, file.name, resourceType, emulation.settings.folderMode);
    incoming = await applyIncomingTransformation(
      file,
      parameters.one('transformation'),
      facts,
      emulation.assets,
    );

    // Nothing from here to the commit waits, so two uploads of one name cannot pass each other.
    const stored = emulation.assets.get(resourceType, name.publicId);
    if (stored && !mayOverwrite) {
      emulation.counters.existing++;
      return jsonReply({ ...uploadAnswer(stored, emulation.presentation), existing: true });
    }
    const asset = composeAsset({ call, name, incoming, facts, stored });
    emulation.assets.commit(asset);
    if (parameters.flag('invalidate')) emulation.cdn.invalidate(keyOf(resourceType, asset.publicId));
    count(emulation, asset, stored);
    const answer = uploadAnswer(asset, emulation.presentation);
    return jsonReply(stored ? { ...answer, overwritten: true } : answer);
  } finally {
    emulation.assets.release(file);
    emulation.assets.release(incoming);
  }
}

function refuseWhatIsNotEmulated({ path, parameters, headers }: Call): void {
  if (path[0] === 'video') throw notEmulated('video');
  if (headers['content-range'] !== undefined) throw notEmulated('chunked uploads');
  if ((parameters.one('type') ?? 'upload') !== 'upload')
    throw notEmulated(`the type ${parameters.one('type')}`);
  for (const name of ['eager', 'upload_preset', 'notification_url', 'moderation', 'responsive_breakpoints']) {
    if (parameters.one(name) !== undefined) throw notEmulated(`the upload parameter ${name}`);
  }
  if (parameters.flag('async')) throw notEmulated('the upload parameter async');
}

interface Parts {
  readonly call: Call;
  readonly name: ReturnType<typeof nameAsset>;
  readonly incoming: Incoming;
  readonly facts: ImageFacts | undefined;
  readonly stored: Asset | undefined;
}

function composeAsset({ call, name, incoming, facts, stored }: Parts): Asset {
  const { parameters, nowMs } = call;
  return {
    assetId: stored?.assetId ?? randomBytes(16).toString('hex'),
    ...name,
    resourceType: facts ? 'image' : 'raw',
    version: Math.floor(nowMs / 1000),
    versionId: randomBytes(16).toString('hex'),
    format: facts?.format ?? '',
    width: facts?.width ?? 0,
    height: facts?.height ?? 0,
    bytes: incoming.bytes,
    etag: incoming.etag,
    createdAt: stored?.createdAt ?? new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    tags: parameters.list('tags'),
    context: parseContext(parameters.one('context')),
    object: incoming.object,
  };
}

function count({ counters }: Emulation, asset: Asset, replaced: Asset | undefined): void {
  if (replaced) counters.overwritten++;
  else counters.uploads++;
  counters.bytesStored += asset.bytes;
}
