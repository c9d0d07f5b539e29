/** Facts about the account: ping, usage, config. */
import type { Call, Emulation } from '../call.ts';
import { jsonReply, type Reply } from '../reply.ts';

const CREATED_AT = '2024-01-01T00:00:00Z';

export const ping = (): Reply => jsonReply({ status: 'ok' });

export function config({ parameters }: Call, { settings }: Emulation): Reply {
  const shown = parameters.flag('settings') ? { settings: { folder_mode: settings.folderMode } } : {};
  return jsonReply({ cloud_name: settings.cloudName, created_at: CREATED_AT, ...shown });
}

export function usage({ nowMs }: Call, { settings, assets, counters }: Emulation): Reply {
  const { imageMaxBytes, imageMaxPixels } = settings.limits;
  const stored = assets.all().reduce((sum, { bytes }) => sum + bytes, 0);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return jsonReply({
    plan: 'Free',
    last_updated: today,
    date_requested: `${today}T00:00:00Z`,
    transformations: { usage: counters.uploads + counters.overwritten, credits_usage: 0 },
    objects: { usage: assets.size },
    bandwidth: { usage: counters.bytesDelivered, credits_usage: 0 },
    storage: { usage: stored, credits_usage: 0 },
    credits: { usage: 0, limit: 25, used_percent: 0 },
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
