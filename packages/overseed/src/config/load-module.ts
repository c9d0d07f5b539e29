/**
 * Runs a module of the project: a configuration, a seed. TypeScript is run by Node itself, which takes the types away
 * and changes nothing else. Projects are used to bundlers, so what a bundler would find is found here too: `./schema`
 * for `schema.ts`, `./schema.js` for `schema.ts`, and `overseed` itself when it was started by `npx`.
 */
import { existsSync } from 'node:fs';
// As a whole: Node 22.12 to 22.14 has no `registerHooks`, and would refuse an import by that name.
import nodeModule, { type ResolveFnOutput } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { messageOf, OverseedError } from '../model/error.ts';
import { stackPlace } from '../util/stack-place.ts';

/**
 * @param file absolute path
 * @throws CONFIG_INVALID saying why it could not be run
 */
export async function loadModule(file: string, label: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) throw unusable(`There is no file ${label}.`, 'Check the path.');
  if (/\.[cm]?ts$/.test(file) && !process.features.typescript) {
    throw unusable(
      `${label} is TypeScript, which this Node (${process.versions.node}) does not run.`,
      'Use Node 22.18 or newer, or set NODE_OPTIONS=--experimental-strip-types, or write the file as .mjs.',
    );
  }
  resolveLikeBundlers();
  using _ = withoutLoaderWarnings();
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw unusable(`${label} cannot be run: ${reasonOf(cause, file)}.`, cureOf(cause), cause);
  }
}

function unusable(what: string, next: string, cause?: unknown): OverseedError {
  return new OverseedError('CONFIG_INVALID', {
    what,
    state: 'not-contacted',
    next,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The message, and the place in the project's own files where it happened. */
function reasonOf(cause: unknown, file: string): string {
  const message = messageOf(cause).split('\n')[0]?.replace(/\.$/, '') ?? '';
  const place = stackPlace(cause, path.dirname(file));
  return place === undefined || message.includes(place) ? message : `${message} (${place})`;
}

function cureOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Node takes types away and changes nothing else: write enums, namespaces and parameter properties in plain JavaScript.';
    case 'ERR_MODULE_NOT_FOUND':
      return /astro:/.test(messageOf(cause))
        ? 'Modules of Astro exist only inside Astro: see "Astro DB" in the guide to sources.'
        : 'Install the package, or correct the import. Aliases such as "@/…" are not known to Node.';
    case 'ERR_UNSUPPORTED_ESM_URL_SCHEME':
      return 'Modules such as "astro:db" exist only inside Astro: see "Astro DB" in the guide to sources.';
    default:
      return 'Correct it, then run this again.';
  }
}

const SUFFIXES = ['.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js', '/index.mjs'];
const TYPESCRIPT_OF: Record<string, string> = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' };

let isRegistered = false;

function resolveLikeBundlers(): void {
  // Without hooks, imports have to be written as Node wants them.
  if (isRegistered || typeof nodeModule.registerHooks !== 'function') return;
  isRegistered = true;
  nodeModule.registerHooks({
    resolve(specifier, context, next): ResolveFnOutput {
      try {
        return next(specifier, context);
      } catch (error) {
        const parent = context.parentURL;
        if (/^overseed(\/|$)/.test(specifier))
          return next(specifier, { ...context, parentURL: import.meta.url });
        const found =
          parent && /^\.{1,2}\//.test(specifier) ? findLikeBundlers(specifier, parent) : undefined;
        if (found === undefined) throw error;
        return next(found, context);
      }
    },
  });
}

function findLikeBundlers(specifier: string, parent: string): string | undefined {
  if (!parent.startsWith('file:')) return undefined;
  const base = fileURLToPath(new URL(specifier, parent));
  const extension = path.extname(base);
  const typescript = TYPESCRIPT_OF[extension];
  const candidates = SUFFIXES.map((suffix) => base + suffix);
  if (typescript !== undefined) candidates.unshift(base.slice(0, -extension.length) + typescript);
  const file = candidates.find((candidate) => existsSync(candidate));
  return file && pathToFileURL(file).href;
}

/** Node warns about how a file was loaded (types taken away, no "type" in package.json); nobody asked us. */
function withoutLoaderWarnings(): Disposable {
  const original = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const text = typeof warning === 'string' ? warning : warning.message;
    const isAboutLoading =
      /Type Stripping/i.test(text) ||
      rest.flat().includes('MODULE_TYPELESS_PACKAGE_JSON') ||
      /is not specified and it doesn't parse as CommonJS/.test(text);
    if (!isAboutLoading) Reflect.apply(original, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  return {
    [Symbol.dispose]: () => {
      process.emitWarning = original;
    },
  };
}
