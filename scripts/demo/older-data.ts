/**
 * What the remote database holds before the demo overwrites it: an older state of the same site, smaller and different.
 * Some slugs are those of the new data under other keys, as in real life, so an overwrite that inserts before it deletes
 * would fail on the UNIQUE columns.
 */

const OLD_CLOUD = 'https://res.cloudinary.com/old-account/image/upload/v1580000000';

const CATEGORIES: readonly (readonly [slug: string, name: string])[] = [
  ['villas', 'Villas (2019)'],
  ['aticos', 'Áticos'],
  ['apartamentos', 'Apartamentos'],
  ['alquiler', 'Alquiler de temporada'],
  ['obra-nueva', 'Obra nueva'],
];

const TOWNS = ['Nerja', 'Mijas', 'Estepona', 'Torrox', 'Benahavís'];

const PROPERTY_COUNT = 25;
const IMAGE_COUNT = 60;

const categories = CATEGORIES.map(([slug, name], index) => ({
  id: oldUuid(1, index),
  name,
  slug,
  description: null,
  parentId: null,
  sortOrder: index,
}));

const properties = Array.from({ length: PROPERTY_COUNT }, (_, index) => {
  const city = TOWNS[index % TOWNS.length] ?? '';
  return {
    id: oldUuid(2, index),
    title: `Oportunidad nº ${index + 1} en ${city}`,
    slug: `oportunidad-${index + 1}`,
    description: 'Anuncio antiguo. Precio sin actualizar desde 2019; consúltenos sin compromiso.',
    kind: 'apartamento',
    price: 95_000 + index * 7_500,
    areaM2: 60 + index * 3,
    plotM2: null,
    bedrooms: 1 + (index % 4),
    bathrooms: 1 + (index % 2),
    yearBuilt: 1985 + index,
    address: `Calle Vieja ${index + 1}`,
    city,
    zone: 'Centro',
    latitude: 36.5 + index / 100,
    longitude: -4.6 - index / 100,
    features: JSON.stringify(['terraza']),
    energyRating: 'G',
    status: 'vendido',
    isFeatured: 0,
    listedAt: '2019-06-01T00:00:00.000Z',
  };
});

const images = Array.from({ length: IMAGE_COUNT }, (_, index) => ({
  id: oldUuid(3, index),
  image: `2019/foto-${index + 1}.jpg`,
  propertyId: oldUuid(2, index % PROPERTY_COUNT),
  cloudinaryUrl: `${OLD_CLOUD}/foto-${index + 1}.jpg`,
  cloudinaryPublicId: `foto-${index + 1}`,
  isMigrated: index % 2,
}));

const propertyCategories = properties.map((property, index) => ({
  id: oldUuid(4, index),
  propertyId: property.id,
  categoryId: oldUuid(1, index % CATEGORIES.length),
}));

/** Table → rows, parents before their children. */
export const olderData = {
  Categories: categories,
  Properties: properties,
  PropertiesImages: images,
  PropertyCategories: propertyCategories,
};

function oldUuid(kind: number, index: number): string {
  return `0000${kind}019-0000-4000-8000-${String(index).padStart(12, '0')}`;
}
