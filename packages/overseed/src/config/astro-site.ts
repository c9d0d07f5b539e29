/** An Astro DB site without a configuration of ours: its two databases are where Astro keeps them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from './config.ts';
import { readEnvironment } from './environment.ts';
import { localDatabaseFile } from './local-database.ts';
import { parseConfig } from './parse-config.ts';

/** Undefined when `root` is no Astro DB site. */
export function astroSiteConfig(root: string): Config | undefined {
  const isSite = ['ts', 'js', 'mjs'].some((extension) =>
    existsSync(path.join(root, 'db', `config.${extension}`)),
  );
  if (!isSite) return undefined;
  const local = localDatabaseFile(root, readEnvironment(root));
  const targets = { local: { url: pathToFileURL(local).href }, remote: {} };
  return parseConfig({ targets }, { label: 'this Astro DB site', root });
}
