/** What the pages read, once for all of them. */
import { asc, desc } from 'drizzle-orm';
import { toListings } from '../../real-estate/src/listings.ts';
import { db } from './db/client.ts';
import { Categories, Properties, PropertiesImages, PropertyCategories } from './db/schema.ts';

export const categories = await db.select().from(Categories).orderBy(asc(Categories.sortOrder));

const properties = await db
  .select()
  .from(Properties)
  .orderBy(desc(Properties.isFeatured), desc(Properties.listedAt));
const images = await db.select().from(PropertiesImages).orderBy(asc(PropertiesImages.image));
const links = await db.select().from(PropertyCategories);

export const listings = toListings({ categories, properties, images, links });
