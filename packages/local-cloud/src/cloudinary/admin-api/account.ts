/** Facts about the account: ping, usage, config. */
import type { Call, Emulation } from '../call.ts';
import { jsonReply, type Reply } from '../reply.ts';

const CREATED_AT = '2024-01-01T00:00:00Z';

export const ping = (): Reply => jsonReply({ status: 'ok' });

export function config({ parameters }: Call, { settings }: Emulation): Reply {
  const shown = parameters.flag('settings') ? { settings: { folder_mode: settings.folderMode } } : {};
  return jsonReply({ cloud_name: settings.cloudName, created_at: CREATED_AT, ...shown });
}

/** 1 credit is 1000 transformations, 1 GB of storage or 1 GB of bandwidth; every upload is a transformation. */
export function usage({ nowMs }: Call, { settings, assets, counters }: Emulation): Reply {
  const { imageMaxBytes, imageMaxPixels } = settings.limits;
  const { name, creditsLimit, creditsUsed, objectsLimit } = settings.plan;
  const stored = assets.all().reduce((sum, { bytes }) => sum + bytes, 0);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const transformations = counters.uploads + counters.overwritten;
  const credits = [transformations / 1_000, counters.bytesDelivered / 1e9, stored / 1e9];
  const [ofTransformations = 0, ofBandwidth = 0, ofStorage = 0] = credits;
  const used = creditsUsed + ofTransformations + ofBandwidth + ofStorage;
  return jsonReply({
    plan: name,
    last_updated: today,
    date_requested: `${today}T00:00:00Z`,
    transformations: { usage: transformations, credits_usage: ofTransformations },
    objects: { usage: assets.size, ...(objectsLimit === undefined ? {} : { limit: objectsLimit }) },
    bandwidth: { usage: counters.bytesDelivered, credits_usage: ofBandwidth },
    storage: { usage: stored, credits_usage: ofStorage },
    credits: { usage: used, limit: creditsLimit, used_percent: (100 * used) / creditsLimit },
    requests: counters.deliveries,
    resources: assets.size,
    derived_resources: 0,
    media_limits: {
      image_max_size_bytes: imageMaxBytes,
      video_max_size_bytes: 104_857_600,
      raw_max_size_bytes: imageMaxBytes,
      image_max_px: imageMaxPixels,
      asset_max_total_px: imageMaxPixels * 2,
    },
  });
}
