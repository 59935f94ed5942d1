import { mdiPaletteOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/scenes', '/scenes/edit/:id'],
  icon: mdiPaletteOutline,
  nav: { group: 'automate', order: 20 },
  access: 'user',
  component: late(() => import('./ScenesPage')),
};
