/** The Cloudinary account from the environment: CLOUDINARY_URL, or its three parts. */
import type { CloudinaryAccount } from '../model/cloudinary-account.ts';
import { OverseedError } from '../model/error.ts';
import type { Environment } from './environment.ts';

const PARTS = ['CLOUDINARY_CLOUD_NAME', 'CLOUDINARY_API_KEY', 'CLOUDINARY_API_SECRET'] as const;

/** True when at least one variable is there: somebody means to use Cloudinary. */
export function mentionsCloudinary(environment: Environment): boolean {
  return ['CLOUDINARY_URL', ...PARTS].some((name) => environment.get(name) !== undefined);
}

/** @throws CONFIG_INVALID naming every variable that is missing or malformed; values are never shown */
export function cloudinaryAccount(environment: Environment): CloudinaryAccount {
  const missing = PARTS.filter((name) => environment.get(name) === undefined);
  const url = environment.get('CLOUDINARY_URL');
  if (missing.length === PARTS.length && url !== undefined) return fromUrl(url, environment);
  if (missing.length > 0) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `Cloudinary is not configured: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set in ${environment.places}.`,
      state: 'not-contacted',
      next: 'All three are on the dashboard of your Cloudinary account. CLOUDINARY_URL holds them in one.',
    });
  }
  const [cloudName = '', apiKey = '', apiSecret = ''] = PARTS.map((name) => environment.get(name));
  return {
    cloudName,
    apiKey,
    apiSecret,
    ...bases(environment.get('CLOUDINARY_UPLOAD_PREFIX'), environment.get('CLOUDINARY_DELIVERY_PREFIX')),
  };
}

function fromUrl(url: string, environment: Environment): CloudinaryAccount {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'cloudinary:' || !parsed.hostname || !parsed.username || !parsed.password) {
    throw new OverseedError('CONFIG_INVALID', {
      what: 'CLOUDINARY_URL is malformed.',
      state: 'not-contacted',
      next: 'It must look like cloudinary://API_KEY:API_SECRET@CLOUD_NAME, and is on the dashboard of your account.',
    });
  }
  const option = (key: string, variable: string) => parsed.searchParams.get(key) ?? environment.get(variable);
  return {
    cloudName: decodeURIComponent(parsed.hostname),
    apiKey: decodeURIComponent(parsed.username),
    apiSecret: decodeURIComponent(parsed.password),
    ...bases(
      option('upload_prefix', 'CLOUDINARY_UPLOAD_PREFIX'),
      option('delivery_prefix', 'CLOUDINARY_DELIVERY_PREFIX'),
    ),
  };
}

function bases(upload: string | undefined, delivery: string | undefined) {
  return {
    apiBase: baseUrl(upload ?? 'https://api.cloudinary.com', 'CLOUDINARY_UPLOAD_PREFIX'),
    deliveryBase: baseUrl(delivery ?? 'https://res.cloudinary.com', 'CLOUDINARY_DELIVERY_PREFIX'),
  };
}

function baseUrl(text: string, variable: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new OverseedError('CONFIG_INVALID', {
      what: `${variable} is not an http(s) address.`,
      state: 'not-contacted',
      next: 'Leave it unset, unless you use a regional host or a stand-in.',
    });
  }
  return text.replace(/\/+$/, '');
}
