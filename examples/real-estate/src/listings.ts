/** What the pages show, put together from rows: every property with its pictures and categories. Any database will do. */
import type { Category } from '../db/data/categories.ts';
import type { PropertyImage } from '../db/data/images.ts';
import type { Property } from '../db/data/properties.ts';
import type { PropertyCategory } from '../db/data/property-categories.ts';

export type { Category } from '../db/data/categories.ts';

export interface Picture {
  /** Undefined when no store holds the picture yet. */
  readonly url: string | undefined;
  readonly alt: string;
}

export interface Listing extends Property {
  readonly pictures: readonly Picture[];
  readonly categories: readonly Category[];
}

/** Rows as a database returns them; what it holds as JSON has no type of its own. */
interface CatalogueRows {
  readonly categories: readonly Category[];
  readonly properties: readonly (Omit<Property, 'features'> & { readonly features: unknown })[];
  readonly images: readonly PropertyImage[];
  readonly links: readonly PropertyCategory[];
}

const VIEWS: Readonly<Record<string, string>> = {
  fachada: 'Fachada',
  interior: 'Interior',
  jardin: 'Exterior',
};

/** In the order in which the rows come. */
export function toListings({ categories, properties, images, links }: CatalogueRows): Listing[] {
  return properties.map((property) => ({
    ...property,
    features: property.features as string[],
    pictures: images
      .filter(({ propertyId }) => propertyId === property.id)
      .map(({ image, cloudinaryUrl }) => ({
        url: cloudinaryUrl ?? undefined,
        alt: `${viewOf(image)} de ${property.title}`,
      })),
    categories: categories.filter(({ id }) =>
      links.some((link) => link.propertyId === property.id && link.categoryId === id),
    ),
  }));
}

/** Those of `listings` that share most with `listing`: its categories, its town and its price, in this order. */
export function relatedTo(listing: Listing, listings: readonly Listing[], count: number): Listing[] {
  const likeness = (other: Listing) =>
    other.categories.filter(({ id }) => listing.categories.some((category) => category.id === id)).length *
      2 +
    (other.city === listing.city ? 1.5 : 0) -
    Math.abs(Math.log(other.price / listing.price));
  return listings
    .filter(({ id }) => id !== listing.id)
    .sort((a, b) => likeness(b) - likeness(a))
    .slice(0, count);
}

function viewOf(image: string): string {
  return VIEWS[image.match(/(\w+)\.\w+$/)?.[1] ?? ''] ?? 'Vista';
}
