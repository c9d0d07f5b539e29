/** The rows that every database of this site shall hold: those of the other example, typed by this one's schema. */
import { defineSource, rows } from 'overseed';
import { categories } from '../../../real-estate/db/data/categories.ts';
import { images } from '../../../real-estate/db/data/images.ts';
import { properties } from '../../../real-estate/db/data/properties.ts';
import { propertyCategories } from '../../../real-estate/db/data/property-categories.ts';
import { Categories, Properties, PropertiesImages, PropertyCategories } from './schema.ts';

export default defineSource([
  rows(Categories, categories),
  rows(Properties, properties),
  rows(PropertiesImages, images),
  rows(PropertyCategories, propertyCategories),
]);
