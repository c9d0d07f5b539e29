import { column, defineDb, defineTable } from 'astro:db';

// No column defaults to NOW: the same seed must give the same rows on every machine and every day.

const Categories = defineTable({
  columns: {
    id: column.text({ primaryKey: true }),
    name: column.text(),
    slug: column.text({ unique: true }),
    description: column.text({ optional: true }),
    parentId: column.text({ optional: true }),
    sortOrder: column.number(),
  },
  foreignKeys: [
    { columns: ['parentId'], references: (): ReturnType<typeof column.text> => Categories.columns.id },
  ],
});

const Properties = defineTable({
  columns: {
    id: column.text({ primaryKey: true }),
    title: column.text(),
    slug: column.text({ unique: true }),
    description: column.text(),
    kind: column.text(),
    price: column.number(), // whole euros
    areaM2: column.number(),
    plotM2: column.number({ optional: true }),
    bedrooms: column.number(),
    bathrooms: column.number(),
    yearBuilt: column.number(),
    address: column.text(),
    city: column.text(),
    zone: column.text(),
    // Astro DB makes these INTEGER columns; SQLite keeps a decimal in such a column as REAL, unchanged.
    latitude: column.number(),
    longitude: column.number(),
    features: column.json(), // string[]
    energyRating: column.text(),
    status: column.text(), // disponible, reservado or vendido
    isFeatured: column.boolean({ default: false }),
    listedAt: column.date(),
  },
});

const PropertiesImages = defineTable({
  columns: {
    id: column.text({ primaryKey: true }),
    image: column.text(), // path inside images/
    propertyId: column.text({ references: () => Properties.columns.id }),
    cloudinaryUrl: column.text({ optional: true }),
    cloudinaryPublicId: column.text({ optional: true }),
    isMigrated: column.boolean({ default: false }),
  },
});

const PropertyCategories = defineTable({
  columns: {
    id: column.text({ primaryKey: true }),
    propertyId: column.text({ references: () => Properties.columns.id }),
    categoryId: column.text({ references: () => Categories.columns.id }),
  },
  indexes: [{ on: ['propertyId', 'categoryId'], unique: true }],
});

export default defineDb({ tables: { Categories, Properties, PropertiesImages, PropertyCategories } });
