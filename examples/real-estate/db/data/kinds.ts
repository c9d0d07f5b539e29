export type Kind = 'villa' | 'adosado' | 'pueblo' | 'finca' | 'apartamento' | 'atico';

export interface KindOfHome {
  readonly category: string;
  /** Title = noun + hook + place. The two lists have coprime lengths, so walking both never repeats a pair early. */
  readonly nouns: readonly string[];
  readonly hooks: readonly string[];
  readonly openings: readonly string[];
  readonly areaM2: readonly [number, number];
  readonly plotM2?: readonly [number, number];
  /** Square metres for each bedroom, roughly. */
  readonly m2PerBedroom: number;
  readonly priceFactor: number;
  readonly yearBuilt: readonly [number, number];
  readonly always: readonly string[];
  readonly sometimes: readonly string[];
}

export const kinds: Readonly<Record<Kind, KindOfHome>> = {
  villa: {
    category: 'villas',
    nouns: [
      'Villa contemporánea',
      'Villa mediterránea',
      'Villa de autor',
      'Villa familiar',
      'Villa reformada',
    ],
    hooks: [
      'con piscina y jardín maduro',
      'abierta al sur',
      'entre pinos y buganvillas',
      'con porche y cocina de verano',
      'llena de luz',
      'con terrazas a poniente',
    ],
    openings: [
      'Los grandes ventanales llevan el jardín hasta el salón y la piscina hasta la cocina.',
      'Una casa pensada para vivir fuera: porche, sombra, agua y una mesa larga.',
      'Piedra clara, madera y cal: materiales sencillos, muy bien puestos.',
      'Se entra por un patio con un olivo y la vista aparece poco a poco.',
      'La planta baja se abre entera al jardín; arriba, cada dormitorio tiene su terraza.',
    ],
    areaM2: [230, 480],
    plotM2: [800, 2200],
    m2PerBedroom: 72,
    priceFactor: 1.15,
    yearBuilt: [1986, 2023],
    always: ['Piscina privada', 'Jardín', 'Garaje'],
    sometimes: [
      'Suelo radiante',
      'Placas solares',
      'Bodega',
      'Casa de invitados',
      'Domótica',
      'Chimenea',
      'Gimnasio',
    ],
  },
  adosado: {
    category: 'adosados',
    nouns: ['Adosado familiar', 'Casa adosada', 'Adosado de esquina', 'Casa en hilera'],
    hooks: [
      'con jardín privado',
      'con patio y solárium',
      'con piscina comunitaria',
      'con porche y barbacoa',
      'en calle tranquila',
    ],
    openings: [
      'Tres plantas bien aprovechadas: se cocina abajo, se duerme en medio y se desayuna arriba, al sol.',
      'Una casa de las que se llenan de bicicletas, con patio delante y jardín detrás.',
      'El porche prolonga el salón y la escalera recibe la luz de un lucernario.',
      'Recién pintada y con la cocina nueva, no pide más que traer los muebles.',
    ],
    areaM2: [118, 190],
    plotM2: [140, 260],
    m2PerBedroom: 46,
    priceFactor: 0.98,
    yearBuilt: [1992, 2021],
    always: ['Piscina comunitaria', 'Jardín', 'Solárium'],
    sometimes: [
      'Garaje',
      'Trastero',
      'Chimenea',
      'Armarios empotrados',
      'Barbacoa',
      'Cocina equipada',
      'Toldos',
    ],
  },
  pueblo: {
    category: 'casas-de-pueblo',
    nouns: ['Casa de pueblo', 'Casa encalada', 'Casa esquinera', 'Casa andaluza', 'Casita blanca'],
    hooks: [
      'con azotea y vistas',
      'con patio de buganvillas',
      'de vigas vistas',
      'restaurada con mimo',
      'en calle peatonal',
      'junto a la plaza',
    ],
    openings: [
      'Muros de sesenta centímetros que guardan el fresco de julio y el calor de enero.',
      'Tras la puerta de cuarterones espera un patio con pozo, geranios y una parra.',
      'La azotea, encalada cada primavera, es la habitación preferida de la casa.',
      'Conserva el suelo hidráulico, las vigas de castaño y el olor a jazmín.',
      'Sube en tres plantas pequeñas y luminosas hasta un mirador sobre los tejados.',
    ],
    areaM2: [84, 165],
    m2PerBedroom: 42,
    priceFactor: 0.92,
    yearBuilt: [1890, 1958],
    always: ['Azotea', 'Patio'],
    sometimes: [
      'Chimenea',
      'Suelo hidráulico',
      'Vigas de madera',
      'Bodega',
      'Reforma reciente',
      'Amueblada',
      'Pozo',
    ],
  },
  finca: {
    category: 'fincas',
    nouns: ['Cortijo restaurado', 'Finca ecológica', 'Finca de piedra', 'Cortijo'],
    hooks: [
      'con olivar',
      'entre almendros',
      'con alberca y huerto',
      'con vistas a la sierra',
      'entre aguacates',
    ],
    openings: [
      'El camino sube entre olivos y acaba en una era de piedra con el mejor atardecer del valle.',
      'La casa original, de muros de piedra, se amplió sin que se note dónde.',
      'Agua propia, sol propio y un huerto que da tomates hasta noviembre.',
      'Un cortijo en forma de ele, con porche de vigas y una alberca que hace de piscina.',
    ],
    areaM2: [160, 340],
    plotM2: [6000, 38000],
    m2PerBedroom: 58,
    priceFactor: 1.1,
    yearBuilt: [1905, 1998],
    always: ['Alberca', 'Pozo propio', 'Árboles frutales'],
    sometimes: [
      'Placas solares',
      'Cuadras',
      'Chimenea',
      'Casa de invitados',
      'Horno de leña',
      'Almazara antigua',
    ],
  },
  apartamento: {
    category: 'apartamentos',
    nouns: [
      'Apartamento',
      'Piso reformado',
      'Apartamento en esquina',
      'Piso exterior',
      'Apartamento de diseño',
    ],
    hooks: [
      'con terraza soleada',
      'orientado al sur',
      'con cocina abierta',
      'listo para entrar a vivir',
      'de techos altos',
      'con mucha luz de tarde',
    ],
    openings: [
      'El salón termina en una terraza donde caben la mesa, la hamaca y las macetas.',
      'Ventilación cruzada, techos despejados y una reforma hecha con calma.',
      'La cocina se abre al salón y el salón se abre a la calle: todo queda a la vista y a mano.',
      'Dos orientaciones, mañana y tarde, y persianas que saben cerrarse a la hora de la siesta.',
      'Un piso práctico, de líneas limpias, con armarios donde hacen falta.',
    ],
    areaM2: [62, 138],
    m2PerBedroom: 41,
    priceFactor: 1,
    yearBuilt: [1974, 2024],
    always: ['Terraza', 'Ascensor', 'Aire acondicionado'],
    sometimes: [
      'Piscina comunitaria',
      'Garaje',
      'Trastero',
      'Cocina equipada',
      'Amueblado',
      'Toldos',
      'Portero',
    ],
  },
  atico: {
    category: 'aticos',
    nouns: ['Ático', 'Ático dúplex', 'Ático de esquina', 'Ático reformado', 'Gran ático'],
    hooks: ['con terraza panorámica', 'con pérgola y barbacoa', 'rodeado de cielo', 'con dos terrazas'],
    openings: [
      'La terraza da la vuelta a la casa y siempre hay un lado al sol y otro a la sombra.',
      'Arriba del todo, sin vecinos por encima y con la ciudad hecha maqueta.',
      'Una escalera ligera sube a la azotea privada, con pérgola, ducha y fregadero.',
      'Puertas correderas de lado a lado: con ellas abiertas, el salón es terraza.',
    ],
    areaM2: [96, 186],
    m2PerBedroom: 50,
    priceFactor: 1.3,
    yearBuilt: [1982, 2024],
    always: ['Terraza', 'Ascensor', 'Pérgola'],
    sometimes: [
      'Piscina comunitaria',
      'Garaje',
      'Jacuzzi',
      'Domótica',
      'Barbacoa',
      'Trastero',
      'Aire acondicionado',
    ],
  },
};
