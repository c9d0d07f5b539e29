import { uuidOf } from './uuid.ts';

export interface Category {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly parentId: string | null;
  readonly sortOrder: number;
}

// slug | name | slug of the parent | description; parents stand before their children
const TABLE = `
casas | Casas | | Con puerta a la calle, al jardín o al campo.
pisos | Pisos | | Viviendas en altura, con ascensor y sin escaleras que barrer.
entornos | Entornos | | Lo que se ve, y se oye, al abrir la ventana.
villas | Villas | casas | Casas independientes con piscina y jardín propios.
adosados | Adosados | casas | Casas en hilera, con patio, porche y buenos vecinos.
casas-de-pueblo | Casas de pueblo | casas | Muros encalados, vigas de madera y azoteas al sol.
fincas | Fincas | casas | Cortijos con tierra, olivos y alberca.
apartamentos | Apartamentos | pisos | Pisos con terraza, para vivir o para veranear.
aticos | Áticos | pisos | La última planta, con el cielo por techo.
frente-al-mar | Frente al mar | entornos | A pocos pasos de la arena.
junto-al-golf | Junto al golf | entornos | Urbanizaciones tranquilas a pie de campo.
`;

export const categories: readonly Category[] = TABLE.trim()
  .split('\n')
  .map((line, index) => {
    const [slug, name, parent, description] = line.split('|').map((cell) => cell.trim()) as [
      string,
      string,
      string,
      string,
    ];
    const parentId = parent ? categoryId(parent) : null;
    return { id: categoryId(slug), name, slug, description, parentId, sortOrder: index + 1 };
  });

export function categoryId(slug: string): string {
  return uuidOf(`category:${slug}`);
}
