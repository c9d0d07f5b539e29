/**
 * The environment of everything that the set-up starts. `npm run` hands its own settings down as `npm_*` variables, and
 * an inner pnpm or npm would take them for the user's wishes; only those that describe the network are kept.
 */
import path from 'node:path';

const KEPT_NPM_SETTINGS = new Set([
  'npm_config_registry',
  'npm_config_proxy',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'npm_config_ca',
  'npm_config_cafile',
  'npm_config_strict_ssl',
  'npm_config_userconfig',
  'npm_config_cache',
]);

/**
 * @param {readonly string[]} binFolders put before everything else on PATH
 * @param {NodeJS.ProcessEnv} [outer]
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(binFolders, outer = process.env) {
  const environment = {};
  for (const [name, value] of Object.entries(outer)) {
    if (/^npm_/.test(name) && !KEPT_NPM_SETTINGS.has(name)) continue;
    environment[name] = value;
  }
  // With NODE_ENV=production, pnpm would leave the development dependencies out.
  delete environment.NODE_ENV;
  environment.PATH = [...binFolders, outer.PATH ?? '/usr/bin:/bin'].join(path.delimiter);
  environment.ASTRO_TELEMETRY_DISABLED = '1';
  environment.COREPACK_ENABLE_DOWNLOAD_PROMPT = '0';
  return environment;
}
