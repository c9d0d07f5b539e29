import { type Home, homes, nth } from './homes.ts';
import { kinds } from './kinds.ts';
import type { Setting } from './places.ts';
import { type Random, randomFrom } from './random.ts';
import { uuidOf } from './uuid.ts';

export interface Property {
  readonly id: string;
  readonly title: string;
  readonly slug: string;
  readonly description: string;
  readonly kind: string;
  readonly price: number;
  readonly areaM2: number;
  readonly plotM2: number | null;
  readonly bedrooms: number;
  readonly bathrooms: number;
  readonly yearBuilt: number;
  readonly address: string;
  readonly city: string;
  readonly zone: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly features: string[];
  readonly energyRating: string;
  readonly status: string;
  readonly isFeatured: boolean;
  readonly listedAt: Date;
}

const AIRS: Readonly<Record<Setting, readonly string[]>> = {
  mar: [
    'Por la mañana se oye el mar; por la tarde, la brisa hace innecesario el aire acondicionado.',
    'Entre la casa y la playa no hay más que un paseo con palmeras.',
    'El azul asoma por encima de las palmeras desde casi todas las habitaciones.',
  ],
  golf: [
    'El verde de la calle llega hasta el seto y hace de segundo jardín.',
    'Es una zona ancha y silenciosa, de calles con sombra y vecinos que saludan.',
    'Se desayuna mirando al hoyo y se cena mirando al mar, un poco más lejos.',
  ],
  pueblo: [
    'El coche se queda abajo: aquí se vive a pie, con la compra en capazo.',
    'Las campanas dan la hora y las macetas, el color.',
    'En verano la calle se moja al caer la tarde y los vecinos sacan las sillas.',
  ],
  sierra: [
    'Huele a tomillo, se duerme con la ventana abierta y de noche se ven las estrellas.',
    'La montaña queda a la espalda y, delante, todo es valle y luz.',
    'El silencio es de verdad; lo rompen, si acaso, los cencerros.',
  ],
  ciudad: [
    'Todo está cerca: el pan, el mercado, el médico y tres cafeterías con terraza.',
    'La calle es tranquila y la ciudad empieza dos esquinas más allá.',
    'Barrio vivo, con colegios y comercio de toda la vida.',
  ],
};

const WORDS = ['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis'];

export const properties: readonly Property[] = homes.map(propertyOf);

export function propertyId(slug: string): string {
  return uuidOf(`property:${slug}`);
}

function propertyOf(home: Home, index: number): Property {
  const { kind, place, title, slug } = home;
  const traits = kinds[kind];
  const random = randomFrom(`property:${slug}`);
  const areaM2 = random.integer(...traits.areaM2);
  const plotM2 = traits.plotM2 ? Math.round(random.integer(...traits.plotM2) / 10) * 10 : null;
  const bedrooms = Math.max(1, Math.min(6, Math.round(areaM2 / traits.m2PerBedroom)));
  const bathrooms = Math.max(1, bedrooms - (random.chance(0.7) ? 1 : 0));
  const yearBuilt = random.integer(...traits.yearBuilt);
  const street = kind === 'finca' ? place.street.replace('Calle', 'Camino de') : place.street;
  const status = index % 9 === 5 ? 'reservado' : index % 20 === 13 ? 'vendido' : 'disponible';
  return {
    id: propertyId(slug),
    title,
    slug,
    description: describe(home, { areaM2, plotM2, bedrooms, bathrooms, yearBuilt }),
    kind,
    price: priceOf(home, { areaM2, plotM2 }, random),
    areaM2,
    plotM2,
    bedrooms,
    bathrooms,
    yearBuilt,
    address: `${street}, ${random.integer(2, 64)}`,
    city: place.city,
    zone: place.zone,
    latitude: scatter(place.latitude, random),
    longitude: scatter(place.longitude, random),
    features: [...traits.always, ...random.sample(traits.sometimes, random.integer(2, 4))],
    energyRating: random.pick(yearBuilt > 2012 ? ['A', 'A', 'B', 'C'] : ['C', 'D', 'E', 'E', 'F']),
    status,
    isFeatured: index % 6 === 0 && status === 'disponible',
    listedAt: new Date(
      Date.UTC(2025, 2, 3 + random.integer(0, 320), random.integer(8, 18), random.pick([0, 15, 30, 45])),
    ),
  };
}

/** Within about 150 metres: near enough to stay in the neighbourhood and out of the sea. */
function scatter(degrees: number, random: Random): number {
  return Number((degrees + random.between(-0.0014, 0.0014)).toFixed(5));
}

function priceOf({ kind, place }: Home, size: Pick<Property, 'areaM2' | 'plotM2'>, random: Random): number {
  const building = size.areaM2 * place.euroPerM2 * kinds[kind].priceFactor * random.between(0.88, 1.12);
  const land = (size.plotM2 ?? 0) * (kind === 'finca' ? 4 : place.euroPerM2 * 0.04);
  const step = building + land < 1_000_000 ? 5_000 : 25_000;
  return Math.round((building + land) / step) * step - random.pick([0, 1_000, 5_000]);
}

function describe(
  { kind, place, ordinal }: Home,
  size: Pick<Property, 'areaM2' | 'plotM2' | 'bedrooms' | 'bathrooms' | 'yearBuilt'>,
): string {
  const bedrooms = size.bedrooms === 1 ? 'un dormitorio' : `${WORDS[size.bedrooms]} dormitorios`;
  const bathrooms = size.bathrooms === 1 ? 'un baño' : `${WORDS[size.bathrooms]} baños`;
  const layout = nth(
    [
      `Son ${size.areaM2} m² con ${bedrooms} y ${bathrooms}`,
      `La vivienda reparte ${bedrooms} y ${bathrooms} en ${size.areaM2} m² construidos`,
      `En sus ${size.areaM2} m² caben ${bedrooms}, ${bathrooms} y un salón que invita a quedarse`,
    ],
    ordinal,
  );
  const land = size.plotM2
    ? `, sobre una parcela de ${size.plotM2.toLocaleString('es-ES', { useGrouping: 'always' })} m²`
    : '';
  const age = size.yearBuilt < 1960 ? `Data de ${size.yearBuilt}` : `Se construyó en ${size.yearBuilt}`;
  const care = nth(
    ['y está muy bien cuidada', 'y se ha puesto al día en los últimos años', 'y conserva su carácter'],
    ordinal + 1,
  );
  const upkeep = size.yearBuilt > 2015 ? 'y se entrega como nueva' : care;
  return [
    `${nth(kinds[kind].openings, ordinal)} ${layout}${land}.`,
    `${nth(AIRS[kind === 'finca' ? 'sierra' : place.setting], ordinal)} ${place.nearby} ${age} ${upkeep}.`,
  ].join('\n\n');
}
