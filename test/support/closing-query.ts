/** The note's closing query: what the site consists of when all is well. */
import { CLOSING_QUERY } from '../../scripts/demo/remote-database.ts';
import { type DatabaseAddress, query } from './dump.ts';

export const FINAL_STATE = { categories: 11n, properties: 60n, images: 180n, cloudinary_images: 180n };

export async function closingQuery(address: DatabaseAddress): Promise<Record<string, unknown> | undefined> {
  return (await query(address, CLOSING_QUERY))[0];
}
