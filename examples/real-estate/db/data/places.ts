import type { Kind } from './kinds.ts';

export type Setting = 'mar' | 'golf' | 'pueblo' | 'sierra' | 'ciudad';

export interface Place {
  readonly city: string;
  readonly zone: string;
  readonly latitude: number;
  readonly longitude: number;
  /** What a square metre of an ordinary flat costs here. */
  readonly euroPerM2: number;
  readonly setting: Setting;
  readonly street: string;
  /** Follows "en" in a title. */
  readonly where: string;
  /** A sentence about the neighbourhood. */
  readonly nearby: string;
  readonly homes: readonly Kind[];
}

// city | zone | latitude longitude | €/m² | setting | street | where | nearby | homes
const TABLE = `
Marbella | Nueva Andalucía | 36.5010 -4.9530 | 5400 | golf | Calle Las Petunias | Nueva Andalucía | El Valle del Golf queda a la puerta y Puerto Banús, a cinco minutos en coche. | villa atico villa
Marbella | Sierra Blanca | 36.5230 -4.9060 | 6900 | sierra | Calle Albinoni | Sierra Blanca | La Concha protege la ladera del viento y el centro de Marbella se alcanza en ocho minutos. | villa
Marbella | Los Monteros | 36.5030 -4.8330 | 5600 | mar | Avenida del Tenis | Los Monteros | Una pasarela de madera entre pinos baja hasta las dunas y los chiringuitos. | villa apartamento
Marbella | Elviria | 36.5010 -4.7790 | 4600 | mar | Calle Garzas | Elviria | La playa de Elviria, el colegio alemán y el centro comercial están a un paseo. | apartamento villa atico
Marbella | Casco Antiguo | 36.5105 -4.8850 | 5200 | pueblo | Calle Aduar | el casco antiguo de Marbella | La Plaza de los Naranjos está a la vuelta de la esquina. | pueblo atico
Marbella | San Pedro de Alcántara | 36.4860 -4.9900 | 3900 | ciudad | Calle Lagasca | San Pedro de Alcántara | El bulevar, el mercado de los jueves y los colegios se resuelven andando. | adosado apartamento
Benahavís | La Quinta | 36.5170 -4.9960 | 4700 | golf | Avenida de La Quinta | La Quinta | Los veintisiete hoyos de La Quinta rodean la urbanización, y el pueblo ofrece cena cada noche. | villa
Estepona | Casco Antiguo | 36.4275 -5.1460 | 3600 | pueblo | Calle Caridad | el casco antiguo de Estepona | Las macetas de colores de sus calles llevan hasta la Plaza de las Flores. | pueblo apartamento
Estepona | El Paraíso | 36.4830 -5.0290 | 3500 | golf | Avenida del Paraíso | El Paraíso | El campo de golf lo diseñó Gary Player en 1973 y la playa está a dos kilómetros. | villa adosado
Estepona | Seghers | 36.4215 -5.1630 | 4100 | mar | Calle San Roque | Seghers | El puerto deportivo y la cala del Cristo se reparten los paseos de la tarde. | apartamento
Casares | Casares Pueblo | 36.4445 -5.2735 | 1900 | pueblo | Calle Carrera | Casares pueblo | El castillo y la ermita vigilan un caserío que cuelga de la peña. | pueblo finca
Casares | Casares Costa | 36.3950 -5.2280 | 3800 | golf | Carretera de Casares | Casares Costa | Finca Cortesín y la playa Ancha quedan a menos de diez minutos. | atico apartamento
Manilva | La Duquesa | 36.3590 -5.2360 | 2700 | mar | Calle Levante | La Duquesa | El puerto de la Duquesa reúne terrazas, veleros y un castillo del siglo XVIII. | apartamento adosado
Mijas | Mijas Pueblo | 36.5957 -4.6373 | 2900 | pueblo | Calle San Sebastián | Mijas pueblo | Desde los jardines de la Muralla se divisa toda la costa y, los días claros, África. | pueblo finca
Mijas | La Cala de Mijas | 36.5080 -4.6870 | 3800 | mar | Calle Torreón | La Cala de Mijas | La senda litoral empieza junto al torreón y no se acaba en toda la mañana. | adosado apartamento
Mijas | Calahonda | 36.4945 -4.7130 | 3300 | mar | Avenida de España | Calahonda | Las calas de roca y los chiringuitos de siempre están a diez minutos a pie. | villa adosado
Mijas | Mijas Golf | 36.5560 -4.6560 | 3100 | golf | Camino del Albero | Mijas Golf | Los Lagos y Los Olivos, dos recorridos clásicos, comparten el valle. | villa
Fuengirola | Los Boliches | 36.5537 -4.6170 | 3700 | mar | Calle Francisco Cano | Los Boliches | El tren de cercanías para a cuatro minutos y el paseo marítimo a dos. | apartamento atico
Fuengirola | Torreblanca | 36.5650 -4.6060 | 3200 | sierra | Avenida de las Gaviotas | Torreblanca | La ladera mira al mar por encima de los tejados y la estación queda cuesta abajo. | villa
Benalmádena | Benalmádena Pueblo | 36.5955 -4.5720 | 2900 | pueblo | Calle Real | Benalmádena pueblo | La Plaza de España, con su Niña, es el cuarto de estar del vecindario. | pueblo
Benalmádena | Torrequebrada | 36.5805 -4.5490 | 3500 | golf | Avenida del Golf | Torrequebrada | El campo de golf baja casi hasta el mar y la playa de La Viborilla asoma debajo. | atico adosado
Benalmádena | Arroyo de la Miel | 36.5995 -4.5330 | 3000 | ciudad | Calle Las Flores | Arroyo de la Miel | El parque de la Paloma, con su lago, queda a un cuarto de hora paseando. | adosado
Torremolinos | La Carihuela | 36.6130 -4.5065 | 3500 | mar | Calle Bulto | La Carihuela | El antiguo barrio de pescadores sigue oliendo a espetos a mediodía. | apartamento
Torremolinos | El Pinar | 36.6330 -4.5110 | 2800 | sierra | Calle Río Guadalhorce | El Pinar | Las rutas por el pinar empiezan al final de la calle. | villa
Málaga | Centro Histórico | 36.7213 -4.4214 | 4300 | ciudad | Calle Granada | el centro de Málaga | El Museo Picasso, el Teatro Cervantes y el muelle se visitan sin sacar el coche. | atico apartamento
Málaga | Pedregalejo | 36.7220 -4.3830 | 4500 | mar | Calle Bolivia | Pedregalejo | Las barcas de jábega y las brasas de los espetos marcan el ritmo del barrio. | apartamento
Málaga | El Limonar | 36.7250 -4.3970 | 4600 | ciudad | Paseo del Limonar | El Limonar | Es una avenida de jacarandas y villas centenarias, a diez minutos de La Malagueta. | villa
Rincón de la Victoria | Añoreta | 36.7235 -4.2620 | 2900 | golf | Avenida de Bandalia | Añoreta Golf | El golf, el colegio inglés y la playa forman un triángulo de un kilómetro. | adosado
Vélez-Málaga | Torre del Mar | 36.7425 -4.0970 | 2600 | mar | Calle del Mar | Torre del Mar | El paseo de Larios y el faro nuevo se recorren al atardecer. | apartamento atico
Torrox | Torrox Pueblo | 36.7575 -3.9525 | 1800 | pueblo | Calle Almedina | Torrox pueblo | La plaza de la Constitución guarda, dicen, el mejor clima de Europa. | pueblo
Nerja | Burriana | 36.7510 -3.8665 | 3700 | mar | Calle Filipinas | Burriana | La playa, con sus paellas a leña, está al final de la cuesta. | villa apartamento
Nerja | Centro | 36.7475 -3.8775 | 3500 | pueblo | Calle Carabeo | el centro de Nerja | El Balcón de Europa se llena de músicos cuando cae el sol, a tres minutos de casa. | pueblo atico
Nerja | Maro | 36.7590 -3.8460 | 2900 | sierra | Camino de Sanguino | Maro | Los acantilados y la cala de Maro se ven desde el huerto. | finca
Frigiliana | Barribarto | 36.7912 -3.8957 | 2500 | pueblo | Calle Hernando el Darra | el Barribarto de Frigiliana | Las escaleras de guijarros del barrio morisco empiezan en la misma puerta. | pueblo
Frigiliana | Los Almendros | 36.7815 -3.9010 | 2300 | sierra | Camino de los Almendros | el campo de Frigiliana | El pueblo blanco se recorta al fondo y el mar queda a siete kilómetros. | finca
Cómpeta | La Axarquía | 36.8335 -3.9740 | 1700 | sierra | Calle Panaderos | Cómpeta | La sierra de la Almijara empieza donde acaban los paseros de uva moscatel. | pueblo finca
Coín | Valle del Guadalhorce | 36.6595 -4.7560 | 1600 | sierra | Partido de Los Llanos | el valle del Guadalhorce | El río y los huertos de cítricos están cerca, y el aeropuerto, a media hora. | finca
Alhaurín el Grande | Fuente del Sol | 36.6430 -4.6870 | 1700 | sierra | Camino de la Fuente del Sol | Alhaurín el Grande | Los senderos de la Sierra de Mijas salen de detrás de la casa. | finca
`;

export const places: readonly Place[] = TABLE.trim().split('\n').map(parsePlace);

function parsePlace(line: string): Place {
  const [city, zone, position, euroPerM2, setting, street, where, nearby, homes] = line.split(' | ');
  const [latitude, longitude] = (position as string).split(' ').map(Number);
  return {
    city,
    zone,
    latitude,
    longitude,
    setting,
    street,
    where,
    nearby,
    euroPerM2: Number(euroPerM2),
    homes: (homes as string).split(' '),
  } as Place;
}
