/**
 * The market in its smallest form: which home stands where, under which title. Rows, categories and pictures are all
 * drawn from this list, each with draws of its own, so changing one home leaves the others as they are.
 */
import { type Kind, kinds } from './kinds.ts';
import { type Place, places } from './places.ts';

export interface Home {
  readonly title: string;
  readonly slug: string;
  readonly kind: Kind;
  readonly place: Place;
  /** How many homes of this kind stand before it. */
  readonly ordinal: number;
}

export const homes: readonly Home[] = listHomes();

function listHomes(): Home[] {
  const count: Record<Kind, number> = { villa: 0, adosado: 0, pueblo: 0, finca: 0, apartamento: 0, atico: 0 };
  return places.flatMap((place) =>
    place.homes.map((kind) => {
      const ordinal = count[kind]++;
      const title = `${nth(kinds[kind].nouns, ordinal)} ${nth(kinds[kind].hooks, ordinal)} en ${place.where}`;
      return { title, slug: slugOf(title), kind, place, ordinal };
    }),
  );
}

/** The item at `index`, starting again at the end. */
export function nth<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T;
}

function slugOf(title: string): string {
  const words =
    title
      .normalize('NFD')
      .replace(/\p{Mark}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words
    .filter((word) => !['con', 'y', 'en', 'de', 'el', 'la', 'los', 'a', 'al', 'del'].includes(word))
    .join('-');
}
