/**
 * The rules that every row must meet before it is inserted, one schema per table. They say what the engine cannot:
 * formats and ranges. Types, NOT NULL, UNIQUE and foreign keys are the database's own business.
 */
import { z } from 'astro/zod';

const id = z.uuid();
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');
const text = z.string().trim().min(1);
const count = z.int().positive();
/** Characters that mean the same in a file name and in a URL; no leading slash, no `..`. */
const imagePath = z
  .string()
  .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*\.(jpe?g|png|webp|avif)$/, 'must be a URL-safe path to a picture');

export const rules = {
  Categories: z.object({
    id,
    name: text,
    slug,
    description: text.nullish(),
    parentId: id.nullish(),
    sortOrder: z.int().nonnegative(),
  }),
  Properties: z.object({
    id,
    title: text,
    slug,
    description: text,
    kind: z.enum(['villa', 'adosado', 'pueblo', 'finca', 'apartamento', 'atico']),
    price: count,
    areaM2: count,
    plotM2: count.nullish(),
    bedrooms: count,
    bathrooms: count,
    yearBuilt: z.int().min(1700).max(2100),
    address: text,
    city: text,
    zone: text,
    // The Costa del Sol, from Manilva to Maro and up to the first sierras.
    latitude: z.number().min(36.3).max(36.95),
    longitude: z.number().min(-5.35).max(-3.75),
    features: z.array(text),
    energyRating: z.enum(['A', 'B', 'C', 'D', 'E', 'F', 'G']),
    status: z.enum(['disponible', 'reservado', 'vendido']),
    isFeatured: z.boolean(),
    listedAt: z.date().min(new Date('2000-01-01')),
  }),
  PropertiesImages: z.object({
    id,
    image: imagePath,
    propertyId: id,
    cloudinaryUrl: z.union([z.url({ protocol: /^https?$/ }), z.string().startsWith('/')]).nullish(),
    cloudinaryPublicId: text.nullish(),
    isMigrated: z.boolean(),
  }),
  PropertyCategories: z.object({ id, propertyId: id, categoryId: id }),
};
