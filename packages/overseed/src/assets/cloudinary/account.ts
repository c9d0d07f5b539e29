import type { CloudinaryAccount } from '../../model/cloudinary-account.ts';

export function apiUrl(account: CloudinaryAccount, path: string): string {
  return `${account.apiBase}/v1_1/${encodeURIComponent(account.cloudName)}${path}`;
}

export function authorization(account: CloudinaryAccount): string {
  return `Basic ${Buffer.from(`${account.apiKey}:${account.apiSecret}`).toString('base64')}`;
}
