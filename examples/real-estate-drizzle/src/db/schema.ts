import { type AnySQLiteColumn, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { date, json } from './columns.ts';

export const Categories = sqliteTable('Categories', {
  id: text().primaryKey(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  description: text(),
  parentId: text().references((): AnySQLiteColumn => Categories.id),
  sortOrder: integer().notNull(),
});

export const Properties = sqliteTable('Properties', {
  id: text().primaryKey(),
  title: text().notNull(),
  slug: text().notNull().unique(),
  description: text().notNull(),
  kind: text().notNull(),
  price: integer().notNull(), // whole euros
  areaM2: integer().notNull(),
  plotM2: integer(),
  bedrooms: integer().notNull(),
  bathrooms: integer().notNull(),
  yearBuilt: integer().notNull(),
  address: text().notNull(),
  city: text().notNull(),
  zone: text().notNull(),
  // Astro DB made these INTEGER columns; SQLite keeps a decimal in such a column as REAL, unchanged.
  latitude: integer().notNull(),
  longitude: integer().notNull(),
  features: json().notNull(), // string[]
  energyRating: text().notNull(),
  status: text().notNull(), // disponible, reservado or vendido
  isFeatured: integer({ mode: 'boolean' }).notNull().default(false),
  listedAt: date().notNull(),
});

export const PropertiesImages = sqliteTable('PropertiesImages', {
  id: text().primaryKey(),
  image: text().notNull(), // path inside images/
  propertyId: text()
    .notNull()
    .references(() => Properties.id),
  cloudinaryUrl: text(),
  cloudinaryPublicId: text(),
  isMigrated: integer({ mode: 'boolean' }).notNull().default(false),
});

export const PropertyCategories = sqliteTable(
  'PropertyCategories',
  {
    id: text().primaryKey(),
    propertyId: text()
      .notNull()
      .references(() => Properties.id),
    categoryId: text()
      .notNull()
      .references(() => Categories.id),
  },
  ({ categoryId, propertyId }) => [
    uniqueIndex('PropertyCategories_categoryId_propertyId_idx').on(categoryId, propertyId),
  ],
);
