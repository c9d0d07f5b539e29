/** The house from outside: which builder draws which kind of home. */
import type { Home } from '../../../db/data/homes.ts';
import { cornerLeaves } from '../buildings/outdoors.ts';
import { HEIGHT, type Sketch } from '../sketch.ts';
import { farmhouse } from './farmhouse.ts';
import { apartments, penthouse } from './flats.ts';
import { stairStreet, terrace, villageHouse } from './rows.ts';
import { mediterraneanVilla, modernVilla } from './villas.ts';

export function drawFacade(s: Sketch, home: Home) {
  const { kind, ordinal, place } = home;
  if (kind === 'villa') (ordinal % 5 === 0 || ordinal % 5 === 2 ? modernVilla : mediterraneanVilla)(s, home);
  else if (kind === 'adosado') terrace(s, home);
  else if (kind === 'pueblo') (ordinal % 3 === 1 ? stairStreet : villageHouse)(s, home);
  else if (kind === 'finca') farmhouse(s);
  else if (kind === 'apartamento') apartments(s, home);
  else penthouse(s, home);
  if (kind !== 'atico')
    cornerLeaves(
      s,
      s.random.between(-10, 50),
      HEIGHT + 20,
      s.random.between(120, 170),
      place.setting !== 'golf',
    );
}
