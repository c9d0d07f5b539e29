import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the set-up puts what the machine lacks; outside git. */
export const TOOLS = path.join(ROOT, '.tools');
