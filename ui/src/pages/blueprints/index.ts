import { mdiPaletteSwatchOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/blueprints',
  icon: mdiPaletteSwatchOutline,
  nav: { group: 'automate', order: 40 },
  access: 'admin',
  component: late(() => import('./BlueprintsPage')),
};
