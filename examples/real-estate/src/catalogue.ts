/** What the pages read, once for all of them. */
import { asc, Categories, db, desc, Properties, PropertiesImages, PropertyCategories } from 'astro:db';
import { toListings } from './listings.ts';

export const categories = await db.select().from(Categories).orderBy(asc(Categories.sortOrder));

const properties = await db
  .select()
  .from(Properties)
  .orderBy(desc(Properties.isFeatured), desc(Properties.listedAt));
const images = await db.select().from(PropertiesImages).orderBy(asc(PropertiesImages.image));
const links = await db.select().from(PropertyCategories);

export const listings = toListings({ categories, properties, images, links });
