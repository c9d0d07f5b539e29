import { categoryId } from './categories.ts';
import { type Home, homes } from './homes.ts';
import { kinds } from './kinds.ts';
import { propertyId } from './properties.ts';
import { uuidOf } from './uuid.ts';

export interface PropertyCategory {
  readonly id: string;
  readonly propertyId: string;
  readonly categoryId: string;
}

export const propertyCategories: readonly PropertyCategory[] = homes.flatMap((home) =>
  categorySlugsOf(home).map((category) => ({
    id: uuidOf(`property-category:${home.slug}/${category}`),
    propertyId: propertyId(home.slug),
    categoryId: categoryId(category),
  })),
);

/** Every home has the category of its kind; those by the sea or by a golf course have that one too. */
function categorySlugsOf({ kind, place }: Home): string[] {
  const surroundings = {
    mar: ['frente-al-mar'],
    golf: ['junto-al-golf'],
    pueblo: [],
    sierra: [],
    ciudad: [],
  };
  return [kinds[kind].category, ...surroundings[place.setting]];
}
