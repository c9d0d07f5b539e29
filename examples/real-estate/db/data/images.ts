import { properties } from './properties.ts';
import { uuidOf } from './uuid.ts';

export interface PropertyImage {
  readonly id: string;
  /** Path inside `images/`. */
  readonly image: string;
  readonly propertyId: string;
  readonly cloudinaryUrl: string | null;
  readonly cloudinaryPublicId: string | null;
  readonly isMigrated: boolean;
}

/** What the three pictures of a property show, in the order in which a page shows them. */
export const VIEWS = ['fachada', 'interior', 'jardin'] as const;

export const images: readonly PropertyImage[] = properties.flatMap(({ id, slug }) =>
  VIEWS.map((view) => ({
    id: uuidOf(`image:${slug}/${view}`),
    image: `${slug}/${view}.webp`,
    propertyId: id,
    cloudinaryUrl: null,
    cloudinaryPublicId: null,
    isMigrated: false,
  })),
);
