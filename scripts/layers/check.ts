import path from 'node:path';
import { importsOf } from './imports.ts';
import { ALLOWED, IMPLEMENTATIONS, PORTS } from './rules.ts';

/** Path below `src`, with forward slashes → TypeScript source. */
type Files = ReadonlyMap<string, string>;

/**
 * Checks that imports point one way and never in a circle.
 * @returns one line per violation; empty when all is well
 */
export function checkLayers(files: Files): string[] {
  if (files.size === 0) return ['no source file was found: the check would pass without looking at anything'];
  const edges = new Map<string, string[]>();
  const violations: string[] = [];
  for (const [from, source] of files) {
    const targets: string[] = [];
    for (const specifier of importsOf(source)) {
      if (!specifier.startsWith('.')) continue;
      const to = resolveImport(from, specifier, files);
      if (to === undefined) {
        violations.push(`${from}: "${specifier}" leads to no file of src`);
        continue;
      }
      targets.push(to);
      const reason = isTest(from) ? undefined : whyForbidden(from, to);
      if (reason) violations.push(`${from} → ${to}: ${reason}`);
    }
    edges.set(from, targets);
  }
  return [...violations, ...findCycles(edges)];
}

function whyForbidden(from: string, to: string): string | undefined {
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)];
  const allowed = ALLOWED.get(fromRoom);
  if (allowed === undefined) return `the room "${fromRoom}" is not in scripts/layers/rules.ts`;
  if (fromRoom === toRoom) return undefined;
  if (PORTS.includes(to)) return undefined;
  const implementation = IMPLEMENTATIONS.find((folder) => to.startsWith(`${folder}/`));
  if (implementation && fromRoom !== 'wire.ts') return `only wire.ts may import what is in ${implementation}`;
  if (!allowed.includes(toRoom)) return `${fromRoom} may not import ${toRoom}`;
  return undefined;
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function isTest(file: string): boolean {
  return /\.test\.ts$/.test(file);
}

/** Source files import each other as `.ts`, or as the `.js` that they become. */
function resolveImport(from: string, specifier: string, files: Files): string | undefined {
  const base = path.posix.join(path.posix.dirname(from), specifier);
  const candidates = [base, base.replace(/\.js$/, '.ts'), `${base}.ts`, `${base}/index.ts`];
  return candidates.find((candidate) => files.has(candidate));
}

/** Depth first; a file that is met again while still on the way closes a circle. Each circle is reported once. */
function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const finished = new Set<string>();
  const way: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    const position = way.indexOf(file);
    if (position >= 0) {
      cycles.push(`circle: ${[...way.slice(position), file].join(' → ')}`);
      return;
    }
    if (finished.has(file)) return;
    way.push(file);
    for (const next of edges.get(file) ?? []) visit(next);
    way.pop();
    finished.add(file);
  };
  for (const file of edges.keys()) visit(file);
  return cycles;
}
