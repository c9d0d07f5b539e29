/** The outside that belongs to the home: pool, patio, terrace or orchard. */
import type { Home } from '../../../db/data/homes.ts';
import type { Sketch } from '../sketch.ts';
import { backGarden } from './back-garden.ts';
import { orchard } from './orchard.ts';
import { patio } from './patio.ts';
import { poolGarden, shadedPool, sharedPool } from './pools.ts';
import { balcony, roofTerrace } from './terraces.ts';

export function drawGarden(s: Sketch, home: Home) {
  const { kind, ordinal } = home;
  if (kind === 'villa') (ordinal % 2 ? poolGarden : shadedPool)(s, home);
  else if (kind === 'adosado') backGarden(s, home);
  else if (kind === 'pueblo') (ordinal % 3 === 0 ? roofTerrace : patio)(s, home);
  else if (kind === 'finca') orchard(s, home);
  else if (kind === 'apartamento') (ordinal % 3 === 2 ? sharedPool : balcony)(s, home);
  else roofTerrace(s, home);
}
