/** A picture for a room that was given none, by a word in its name. */

import {
  mdiBedOutline, mdiDesk, mdiDoor, mdiGarage, mdiHomeRoof, mdiPineTree, mdiShower, mdiSilverwareForkKnife, mdiSofaOutline, mdiStairsDown, mdiTeddyBear, mdiTextureBox,
  mdiTumbleDryer,
} from '@mdi/js';

/** English and German words, the more exact ones first. */
const ROOMS: readonly [RegExp, string][] = [
  [/child|kid|nursery|kinder/i, mdiTeddyBear],
  [/bath|shower|toilet|wc|bad|dusch/i, mdiShower],
  [/bed|schlaf|g[aä]ste/i, mdiBedOutline],
  [/kitchen|pantry|dining|küche|kuche|speise|ess/i, mdiSilverwareForkKnife],
  [/living|lounge|wohn/i, mdiSofaOutline],
  [/garage|carport/i, mdiGarage],
  [/office|study|büro|arbeit/i, mdiDesk],
  [/laundry|utility|wasch|hauswirtschaft/i, mdiTumbleDryer],
  [/attic|loft|dach/i, mdiHomeRoof],
  [/cellar|basement|keller/i, mdiStairsDown],
  [/outside|outdoor|garden|yard|terrace|balcony|porch|garten|au(ß|ss)en|terrasse|balkon|hof/i, mdiPineTree],
  [/entry|hall|corridor|foyer|flur|diele|eingang/i, mdiDoor],
];

export const roomIcon = (name: string): string => ROOMS.find(([word]) => word.test(name))?.[1] ?? mdiTextureBox;
