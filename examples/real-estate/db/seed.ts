import { Categories, Properties, PropertiesImages, PropertyCategories } from 'astro:db';
import { defineSeed, rows } from 'overseed/astro';
import { rules } from '../src/lib/db/seed/validators.ts';
import { categories } from './data/categories.ts';
import { images } from './data/images.ts';
import { properties } from './data/properties.ts';
import { propertyCategories } from './data/property-categories.ts';

export default defineSeed({
  tables: [
    rows(Categories, categories),
    rows(Properties, properties),
    rows(PropertiesImages, images),
    rows(PropertyCategories, propertyCategories),
  ],
  rules,
  expect: { Categories: 11, Properties: 60, PropertiesImages: 180 },
  assets: {
    store: 'cloudinary',
    prefix: 'real-estate',
    tables: {
      PropertiesImages: {
        from: 'images',
        path: 'image',
        url: 'cloudinaryUrl',
        publicId: 'cloudinaryPublicId',
        done: 'isMigrated',
      },
    },
  },
});
