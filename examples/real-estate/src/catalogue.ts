/** What the pages read, put together once: every property with its pictures and categories. */
import { asc, Categories, db, desc, Properties, PropertiesImages, PropertyCategories } from 'astro:db';

export type Category = typeof Categories.$inferSelect;
export type Property = typeof Properties.$inferSelect;

export interface Picture {
  /** Undefined when no store holds the picture yet. */
  readonly url: string | undefined;
  readonly alt: string;
}

export interface Listing extends Property {
  readonly features: readonly string[];
  readonly pictures: readonly Picture[];
  readonly categories: readonly Category[];
}

const VIEWS: Readonly<Record<string, string>> = {
  fachada: 'Fachada',
  interior: 'Interior',
  jardin: 'Exterior',
};

export const categories = await db.select().from(Categories).orderBy(asc(Categories.sortOrder));

const properties = await db
  .select()
  .from(Properties)
  .orderBy(desc(Properties.isFeatured), desc(Properties.listedAt));
const images = await db.select().from(PropertiesImages).orderBy(asc(PropertiesImages.image));
const links = await db.select().from(PropertyCategories);

export const listings: readonly Listing[] = properties.map((property) => ({
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

/** Those that share most with `listing`: its categories, its town and its price, in this order. */
export function relatedTo(listing: Listing, count: number): Listing[] {
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
